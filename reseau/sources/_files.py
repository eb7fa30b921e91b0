"""Files from outside, opened with care: sizes, encodings, archives."""

from __future__ import annotations

import lzma
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PureWindowsPath

from reseau.errors import RefusedInput
from reseau.sources import _text

MEGABYTE = 1_000_000
MAX_FILE_BYTES = 200 * MEGABYTE
MAX_UNPACKED_BYTES = 1_000 * MEGABYTE
# Boundaries and tables shrink 3 to 20 times; only a file made to fill a disk shrinks 200 times.
MAX_RATIO = 200
MAX_MEMBERS = 2_000
ARCHIVE_SUFFIXES = frozenset({".zip", ".7z", ".rar", ".gz", ".tgz", ".tar", ".bz2", ".xz"})
_BROKEN_ARCHIVE = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError)
# What the standard library raises on an archive that is damaged, encrypted or made up.
DAMAGED = (*_BROKEN_ARCHIVE, lzma.LZMAError, struct.error, ValueError, LookupError)


def require_file(path: Path, *, max_bytes: int = MAX_FILE_BYTES) -> None:
    """Make sure the path is a file with something in it, of a reasonable size.

    Raises:
        RefusedInput: missing, a folder, empty or too big.
    """
    if path.is_dir():
        raise RefusedInput(f"« {path.name} » est un dossier : choisissez le fichier qui est dedans.")
    if not path.is_file():
        raise RefusedInput(f"Le fichier « {path.name} » est introuvable : vérifiez son nom et son dossier.")
    size = path.stat().st_size
    if size == 0:
        raise RefusedInput(f"Le fichier « {path.name} » est vide : téléchargez-le de nouveau.")
    if size > max_bytes:
        raise RefusedInput(
            f"Le fichier « {path.name} » est trop gros ({size // MEGABYTE} Mo, "
            f"{max_bytes // MEGABYTE} Mo au plus) : prenez un extrait de votre territoire."
        )


def read_bytes(path: Path) -> bytes:
    """Content of a file already checked by `require_file`.

    Raises:
        RefusedInput: the system does not let it be read.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        raise forbidden(path) from error


def forbidden(path: Path) -> RefusedInput:
    """Refusal of a file the system does not let be read."""
    return RefusedInput(f"Le fichier « {path.name} » ne peut pas être lu : vérifiez vos droits.")


def damaged(path: Path) -> RefusedInput:
    """Refusal of an archive that cannot be unpacked to its end."""
    return RefusedInput(f"L'archive « {path.name} » est abîmée ou incomplète : téléchargez-la de nouveau.")


def decode(content: bytes, name: str) -> tuple[str, str]:
    """Text of a file, accents read twice put right, and the French name of its encoding (see `_text.decode`).

    Raises:
        RefusedInput: the content is not text.
    """
    text, encoding, unreadable = _text.decode(content)
    if "\x00" in text[:65536]:
        raise RefusedInput(
            f"Le fichier « {name} » n'est pas un fichier de texte : "
            "c'est peut-être une image, un classeur ou une archive. Choisissez le fichier CSV ou GeoJSON."
        )
    if unreadable:
        encoding = f"{encoding} ({unreadable} caractère(s) illisible(s))"
    return _text.undouble(text), encoding


@contextmanager
def open_archive(path: Path) -> Iterator[zipfile.ZipFile]:
    """Open a ZIP once its content has been judged harmless.

    Raises:
        RefusedInput: damaged, protected by a password, too big once unpacked, with an archive inside or
            with names that would leave the folder. Also when reading a member fails inside the block.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            _check_members(archive, path.name)
            yield archive
    except _BROKEN_ARCHIVE as error:
        raise damaged(path) from error


def members_of(archive: zipfile.ZipFile) -> list[str]:
    """Names of the files of an archive that are for us: Windows and Apple leave others."""
    return [
        member.filename
        for member in archive.infolist()
        if not member.is_dir()
        and "__MACOSX" not in PureWindowsPath(member.filename).parts
        and not PureWindowsPath(member.filename).name.startswith((".", "__"))
    ]


def _check_members(archive: zipfile.ZipFile, name: str) -> None:
    members = archive.infolist()
    unpacked = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members)
    if len(members) > MAX_MEMBERS or unpacked > MAX_UNPACKED_BYTES:
        raise RefusedInput(
            f"L'archive « {name} » est trop grosse une fois ouverte ({len(members)} fichiers, "
            f"{unpacked // MEGABYTE} Mo) : prenez-en un extrait."
        )
    if unpacked > 10 * MEGABYTE and unpacked > MAX_RATIO * packed:
        raise RefusedInput(
            f"L'archive « {name} » se gonfle anormalement une fois ouverte : elle n'a pas été lue. Prenez-la "
            "de nouveau sur le site qui la publie."
        )
    for member in members:
        _check_member(member, name)


def _check_member(member: zipfile.ZipInfo, name: str) -> None:
    # Windows rules see both kinds of slash and drive letters.
    inside = PureWindowsPath(member.filename)
    if ".." in inside.parts or inside.drive or inside.root:
        raise RefusedInput(
            f"L'archive « {name} » contient un chemin interdit (« {member.filename[:80]} ») : "
            "elle n'a pas été ouverte. Refaites l'archive à partir du dossier."
        )
    if inside.suffix.lower() in ARCHIVE_SUFFIXES:
        raise RefusedInput(
            f"L'archive « {name} » contient une autre archive (« {inside.name[:80]} ») : "
            "ouvrez-la et importez ce qu'elle contient."
        )
    if member.flag_bits & 0x1:
        raise RefusedInput(f"L'archive « {name} » est protégée par un mot de passe : enlevez-le d'abord.")
    # Other methods cannot be unpacked little by little, so that their real size is known too late.
    if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise RefusedInput(f"L'archive « {name} » est d'un genre rare : refaites-la en ZIP ordinaire.")


def read_member(archive: zipfile.ZipFile, filename: str) -> bytes:
    """Content of one member, never more than the size that was checked."""
    with archive.open(filename) as member:
        return b"".join(iter(lambda: member.read(MEGABYTE), b""))
