"""Files written whole or not at all, and those that never change in a bundle."""

from __future__ import annotations

import os
import secrets
from functools import lru_cache
from pathlib import Path

HERE = Path(__file__).parent
PLAYER = HERE / "lecteur"
STARTERS = HERE / "demarrage"
_PLAYER_KINDS = {".html", ".css", ".js", ".svg", ".png"}


def write_file(path: Path, content: bytes) -> None:
    """Write a file whole: a power cut leaves the one that was there.

    Raises:
        OSError: it cannot be written; nothing is left behind.
    """
    temporary = path.with_name(f".{secrets.token_hex(6)}.partiel")
    try:
        write_through(temporary, content)
        os.replace(temporary, path)  # noqa: PTH105 -- same call, and one that tests can make fail
        sync_folder(path.parent)
    finally:
        temporary.unlink(missing_ok=True)


def write_through(path: Path, content: bytes) -> None:
    """Write a new file down to the disk."""
    with path.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def sync_folder(path: Path) -> None:
    """Bring the names of a folder down to the disk, where the system can."""
    if os.name != "posix":
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError:
        pass  # some sticks and network disks do not know how
    finally:
        os.close(handle)


@lru_cache
def starters() -> dict[str, bytes]:
    """What starts a browser on a bundle, and the sheet that says how, by name.

    Each has the line ends of the system that reads it, whatever system the bundle was made on.
    """
    found = {path: path.read_bytes().splitlines() for path in sorted(STARTERS.iterdir()) if path.is_file()}
    return {
        path.name: _ended(lines, b"\n" if path.suffix == ".sh" else b"\r\n") for path, lines in found.items()
    }


def _ended(lines: list[bytes], end: bytes) -> bytes:
    return b"".join(line + end for line in lines)


def player_files() -> dict[str, bytes]:
    """Files of the player by name, as they are now."""
    found = sorted(path for path in PLAYER.iterdir() if path.suffix in _PLAYER_KINDS)
    return {path.name: path.read_bytes() for path in found}
