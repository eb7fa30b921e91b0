"""Files that are no ordinary file, that change, or whose name is an attack."""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from reseau.config import PROJECT_DIR
from reseau.errors import ReseauError
from reseau.model.reports import Scope
from reseau.services.guessing import guess_source
from reseau.services.importing import FileToImport, import_file, recognise
from reseau.sources import ReadOptions
from tests.traps.desk import COMMUNES, SOURCES, Desk, dump, open_desk, sample_of
from tests.traps.makers import MEGABYTE

NAMES = [
    "<b onmouseover=alert(1)>.csv",
    "{{ 7*7 }} [x](javascript:x).csv",
    "deux\nlignes.csv",
    "=HYPERLINK(A1).csv",
    "..\u202evsc.csv",
    "é" * 100 + ".csv",
]
EVERY = Scope(communes=frozenset(COMMUNES))


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with open_desk(tmp_path_factory.mktemp("bureau")) as opened:
        yield opened


@pytest.fixture
def open_folder(tmp_path: Path) -> Iterator[Path]:
    """A folder anybody may enter: those of the tests are their owner's alone."""
    folder = Path("/tmp") / f"reseau-{tmp_path.name}-{os.getpid()}"  # noqa: S108 -- removed after
    folder.mkdir(mode=0o755)
    yield folder
    shutil.rmtree(folder)


def test_a_folder_a_pipe_a_device_are_refused_at_once(desk: Desk, tmp_path: Path) -> None:
    """Opening a pipe would wait for ever for somebody to write in it."""
    pipe, folder = tmp_path / "tuyau.csv", tmp_path / "dossier.csv"
    os.mkfifo(pipe)
    folder.mkdir()
    link = tmp_path / "lien.csv"
    link.symlink_to("/dev/zero")
    for path in (pipe, folder, link):
        assert recognise(path) is None
        for source_id, source in SOURCES.items():
            outcome = desk.give(source_id, path)
            assert "n'est pas un fichier" in outcome.message
            assert path.name in outcome.message
            assert not outcome.changed
            with pytest.raises(ReseauError):
                source.read(path, EVERY, ReadOptions())


def test_a_link_to_nowhere_and_a_name_too_long_are_said(desk: Desk, tmp_path: Path) -> None:
    broken = tmp_path / "perdu.csv"
    broken.symlink_to(tmp_path / "absent.csv")
    for path in (broken, tmp_path / "absent.csv"):
        assert "n'existe pas" in desk.give("tableur", path).message
    message = desk.give("tableur", tmp_path / ("a" * 300 + ".csv")).message
    assert "le nom est trop long" in message
    assert len(message) < 400


def test_a_link_to_a_file_is_that_file(desk: Desk, tmp_path: Path) -> None:
    link = tmp_path / "lien.csv"
    link.symlink_to(sample_of(SOURCES["actions"]))
    outcome = desk.give("actions", link)
    assert outcome.report is not None
    assert outcome.taken > 0


@pytest.mark.parametrize("source_id", SOURCES)
def test_a_file_one_may_not_read_is_said(source_id: str, open_folder: Path) -> None:
    source = SOURCES[source_id]
    path = Path(shutil.copy(sample_of(source), open_folder))
    path.chmod(0)
    user = os.geteuid()
    if user == 0:
        # The owner of the machine may read everything: the file is read as somebody else.
        os.seteuid(65_534)
    try:
        assert not source.recognises(path)
        with pytest.raises((ReseauError, PermissionError)) as refusal:
            source.read(path, EVERY, ReadOptions())
    finally:
        os.seteuid(user)
    # A bare refusal of the system is put into words by the service.
    assert isinstance(refusal.value, PermissionError) or path.name in str(refusal.value)


def test_the_service_says_what_the_system_refuses(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = Path(shutil.copy(sample_of(SOURCES["tableur"]), tmp_path))

    def forbidden(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    for source_id, source in SOURCES.items():
        monkeypatch.setattr(type(source), "read", forbidden)
        outcome = desk.give(source_id, path)
        assert "vous n'en avez pas le droit" in outcome.message
        assert path.name in outcome.message
        assert not outcome.changed


@pytest.mark.parametrize("source_id", SOURCES)
def test_a_file_that_changes_while_it_is_read_is_not_taken(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, source_id: str
) -> None:
    """Somebody saves the spreadsheet, or the download goes on: half of it is of before."""
    source = SOURCES[source_id]
    path = tmp_path / sample_of(source).name
    path.write_bytes(sample_of(source).read_bytes() + b"\n\n")
    reading = type(source).read

    def and_saved(self: object, file: Path, *rest: object) -> object:
        found = reading(self, file, *rest)  # type: ignore[arg-type]
        with file.open("ab") as more:
            more.write(b"\n")
        return found

    monkeypatch.setattr(type(source), "read", and_saved)
    before = dump(desk.app)
    outcome = desk.give(source_id, path)
    assert "a changé pendant la lecture" in outcome.message
    assert dump(desk.app) == before


def test_a_file_cut_between_two_readings_is_not_taken(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two sources read their file twice; the second time, it is no longer the same."""
    from reseau.sources import data_inclusion

    path = tmp_path / "structures.csv"
    line = "id,nom,source,date_maj,code_insee,adresse,complement_adresse\n"
    path.write_text(line + "a--1,Un,a,2026-01-01,99101,1 rue,\n", encoding="utf-8")
    looking = data_inclusion._survey

    def and_grown(file: Path) -> object:
        found = looking(file)
        with file.open("a", encoding="utf-8") as more:
            more.write("a--2,Deux,a,2026-01-01,99101,2 rue,\n" * 5)
        return found

    monkeypatch.setattr(data_inclusion, "_survey", and_grown)
    outcome = desk.give("data-inclusion", path)
    assert "a changé pendant la lecture" in outcome.message
    assert not outcome.changed


@pytest.mark.parametrize("name", NAMES)
def test_a_hostile_name_is_only_a_name(desk: Desk, tmp_path: Path, name: str) -> None:
    """In the message, in the report, and nowhere on the disk."""
    path = tmp_path / name
    shutil.copy(sample_of(SOURCES["actions"]), path)
    for source_id in SOURCES.keys() - {"actions"}:
        outcome = desk.give(source_id, path)
        assert outcome.taken == 0
        assert outcome.report is not None or path.name in outcome.message
        assert outcome.left_behind == ()
    report = desk.give("actions", path).report
    assert report is not None
    assert report.filename == name


@pytest.mark.parametrize("name", ["../../etc/passwd", "x" * 10_000 + ".csv", "a/../b.csv"])
def test_the_name_of_an_upload_is_no_path(desk: Desk, tmp_path: Path, name: str) -> None:
    """Browsers send the name they like; the file is under another one."""
    path = tmp_path / "envoi.csv"
    path.write_bytes(b"couleur\nbleu\n")
    for source_id in SOURCES:
        outcome = desk.give(source_id, path, name=name)
        assert outcome.taken == 0
        assert "envoi" not in outcome.message
        assert outcome.left_behind == ()


def test_guessing_survives_every_sample(desk: Desk) -> None:
    """A person drops a folder: each file is guessed, none stops the others."""
    guesses = {source_id: guess_source(desk.app, sample_of(source)) for source_id, source in SOURCES.items()}
    assert {source_id: found for source_id, found in guesses.items() if found not in (source_id, None)} == {}


READING = """
import resource, sys
from pathlib import Path
from reseau.errors import RefusedInput
from reseau.model.reports import Scope
from reseau.sources import ReadOptions, all_sources
limit = int(sys.argv[3]) * 1024 ** 2
resource.setrlimit(resource.RLIMIT_AS, (8 * limit, 8 * limit))
source = all_sources()[sys.argv[1]]
try:
    source.read(Path(sys.argv[2]), Scope(communes=frozenset({"99101"})), ReadOptions())
    print("lu")
except RefusedInput as error:
    print(error)
status = Path("/proc/self/status")
if status.exists():
    # What getrusage tells begins with the memory of the process that started this one.
    peak = int(status.read_text().partition("VmHWM:")[2].split()[0]) // 1024
else:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
assert peak < int(sys.argv[3]), f"{peak} Mo"
"""


def write_large(path: Path, start: bytes, block: bytes, end: bytes, size: int) -> Path:
    with path.open("wb") as file:
        file.write(start)
        for _ in range((size - len(start) - len(end)) // len(block)):
            file.write(block)
        file.write(end)
    return path


def large_table(folder: Path) -> Path:
    block = "Centre médico-psychologique;CMP;12 rue des Écoles;99101\n".encode() * 1000
    return write_large(folder / "gros.csv", b"nom;type;adresse;code insee\n", block, b"", 199 * MEGABYTE)


def large_boundaries(folder: Path) -> Path:
    ring = b",".join(b"[2.%06d,48.0]" % rank for rank in range(20_000))
    block = (
        b'{"type":"Feature","properties":{"code_qp":"QN07501M","insee_com":"75056"},"geometry":{"type":'
        b'"Polygon","coordinates":[[' + ring + b",[2.5,48.5],[2.0,48.0]]]}},"
    )
    start, end = b'{"type":"FeatureCollection","features":[', block[:-1] + b"]}"
    return write_large(folder / "gros.geojson", start, block, end, 60 * MEGABYTE)


def large_points(folder: Path) -> Path:
    block = b'{"nom":"Centre","type":"CMP","description":"%s"},' % (b"x" * 2000)
    return write_large(folder / "gros.json", b"[", block * 100, block[:-1] + b"]", 60 * MEGABYTE)


@pytest.mark.parametrize(
    ("source_id", "make", "most"),
    [("tableur", large_table, 900), ("qpv", large_boundaries, 500), ("points", large_points, 600)],
    ids=["tableau", "contours", "points"],
)
def test_large_files_do_not_fill_the_memory(
    source_id: str, make: Callable[[Path], Path], most: int, tmp_path: Path
) -> None:
    """Megabytes resident at the worst moment, measured where nothing else runs.

    Boundaries read as one document take twenty times their size.
    """
    if shutil.disk_usage(tmp_path).free < 2_000 * MEGABYTE:
        pytest.skip("il ne reste pas assez de place sur le disque")
    path = make(tmp_path)
    done = subprocess.run(
        [sys.executable, "-c", READING, source_id, str(path), str(most)],
        capture_output=True,
        text=True,
        check=False,
        cwd=PROJECT_DIR,
    )
    path.unlink()
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()


def test_what_is_too_large_is_refused_before_it_is_read(desk: Desk, tmp_path: Path) -> None:
    """Four gigabytes that take no room on this disk."""
    path = tmp_path / "immense.csv"
    with path.open("wb") as file:
        file.truncate(4_000 * MEGABYTE)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for source_id, source in SOURCES.items():
        with pytest.raises(ReseauError, match=r"immense\.csv.*Mo"):
            source.read(path, EVERY, ReadOptions())
        assert not source.recognises(path), source_id
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100 * 1024


def test_a_report_is_not_written_for_a_refused_file(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "vide.csv"
    path.write_bytes(b"")
    before = dump(desk.app)
    for source_id in SOURCES:
        with pytest.raises(ReseauError):
            import_file(desk.app, desk.tid, source_id, FileToImport(path=path))
    assert dump(desk.app) == before
