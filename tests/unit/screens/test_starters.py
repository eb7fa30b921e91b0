"""What starts a browser on a bundle, tried with a browser that only notes what it is asked."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote

import pytest

from reseau.screens import _files

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="le lanceur de Windows est un autre")

BROWSER = """#!/bin/sh
printf '%s\\n' "$@" > "$(dirname "$0")/asked.$(date +%s%N)"
[ "$(ls "$(dirname "$0")" | grep -c '^asked')" -ge 3 ] && kill "$PPID"
exit 1
"""


@pytest.fixture
def tools(tmp_path: Path) -> Path:
    """Commands found before those of the system: a browser that dies at once, a pause that takes no time."""
    folder = tmp_path / "outils"
    folder.mkdir()
    for name, script in (("chromium", BROWSER), ("sleep", "#!/bin/sh\nexit 0\n"), ("xset", "#!/bin/sh\n")):
        (folder / name).write_text(script)
        (folder / name).chmod(0o755)
    return folder


def start(bundle: Path, tools: Path, **env: str) -> subprocess.CompletedProcess[str]:
    command = ["sh", str(bundle / "demarrer-ecran.sh")]
    surroundings = {"PATH": f"{tools}:{os.environ['PATH']}", "HOME": str(bundle.parent / "maison"), **env}
    return subprocess.run(command, env=surroundings, capture_output=True, text=True, timeout=60, check=False)


@pytest.fixture(params=["ecran", "Écran de l'accueil #1 100 %?"])
def bundle(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    folder = tmp_path / "clé usb" / str(request.param)
    folder.mkdir(parents=True)
    (folder / "demarrer-ecran.sh").write_bytes(_files.starters()["demarrer-ecran.sh"])
    (folder / "index.html").write_text("<p>")
    return folder


def asked(tools: Path) -> list[list[str]]:
    return [file.read_text().splitlines() for file in sorted(tools.glob("asked.*"))]


def test_the_browser_is_started_again_whenever_it_dies(bundle: Path, tools: Path) -> None:
    start(bundle, tools)
    calls = asked(tools)
    assert len(calls) == 3
    assert calls[0] == calls[1] == calls[2]
    assert {"--kiosk", "--noerrdialogs", "--disable-session-crashed-bubble"} <= set(calls[0])
    # A private window would forget the last good content at each power cut.
    assert not any("incognito" in word or "inprivate" in word for word in calls[0])


def test_the_address_is_that_of_the_page_whatever_the_folder_is_called(bundle: Path, tools: Path) -> None:
    start(bundle, tools)
    address = asked(tools)[0][-1]
    assert address.startswith("file:///")
    assert not set(address) & set(" #?")
    assert Path(unquote(address.removeprefix("file://"))).samefile(bundle / "index.html")


def test_what_the_browser_keeps_outlives_the_folder(bundle: Path, tools: Path) -> None:
    start(bundle, tools)
    assert f"--user-data-dir={bundle.parent / 'navigateur-ecran'}" in asked(tools)[0]
    assert [item.name for item in bundle.iterdir() if item.is_dir()] == []


def test_a_lock_left_by_a_power_cut_goes_and_a_live_one_stays(bundle: Path, tools: Path) -> None:
    profile = bundle.parent / "navigateur-ecran"
    profile.mkdir()
    lock = profile / "SingletonLock"
    lock.symlink_to("autre-nom-999999999")
    start(bundle, tools)
    assert not lock.is_symlink()
    lock.symlink_to(f"ici-{os.getpid()}")
    start(bundle, tools)
    assert lock.is_symlink()


def test_no_browser_is_said_in_french(bundle: Path, tmp_path: Path) -> None:
    bare = tmp_path / "nu"
    bare.mkdir()
    for name in ("sh", "dirname"):
        (bare / name).symlink_to(str(shutil.which(name)))
    done = subprocess.run(
        [str(bare / "sh"), str(bundle / "demarrer-ecran.sh")],
        env={"PATH": str(bare)}, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert "Installez Chromium" in done.stderr


def test_the_starter_of_windows_says_the_same() -> None:
    # It cannot be run here: what makes the difference must at least be in both.
    linux, windows = (_files.starters()[f"demarrer-ecran.{end}"].decode() for end in ("sh", "cmd"))
    for flag in ("--noerrdialogs", "--disable-session-crashed-bubble", "--hide-crash-restore-bubble",
                 "--no-first-run", "--user-data-dir", "navigateur-ecran"):  # fmt: skip
        assert flag in linux
        assert flag in windows
    assert windows.count("goto relancer") == 1
