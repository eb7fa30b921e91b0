"""A folder written whole in place of another one.

The new one is made beside, brought down to the disk, then both are exchanged by one call where the system has
it (Linux, macOS). Elsewhere two renamings follow each other; what a power cut between them left aside is put
back by the next call.
"""

from __future__ import annotations

import ctypes
import json
import os
import secrets
import shutil
import sys
import threading
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from reseau.errors import RefusedInput, why
from reseau.screens._files import sync_folder, write_through

NEW, OLD = ".nouveau", ".ancien"
# What systems leave in a folder that somebody opened.
_DROPPINGS = {".ds_store", "thumbs.db", "desktop.ini", ".directory"}
_AT_FDCWD = -100
_EXCHANGE = 2
_writing = threading.Lock()


def replace_folder(files: Mapping[str, bytes], path: Path, *, made_by: str) -> None:
    """Write files in a folder, in place of all that an earlier call with the same `made_by` wrote.

    By `version.json` (`made_by`, and `files`, their names) the next call knows the folder.

    Raises:
        RefusedInput: the folder holds something else, or cannot be written; what was there still is.
    """
    try:
        path = path.expanduser().resolve()
        _refuse_root(path)
        path.parent.mkdir(parents=True, exist_ok=True)
        with _writing:
            _tidy(path)
            _refuse_foreign(path, made_by)
            _replace(files, path)
    except OSError as error:
        raise RefusedInput(
            f"Le dossier « {path} » ne peut pas être écrit : {why(error)}. Ce qu'il contenait n'a pas "
            "changé. Libérez de la place, fermez les fichiers ouverts ou choisissez un autre dossier."
        ) from error


def _replace(files: Mapping[str, bytes], path: Path) -> None:
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(4)}{NEW}")
    try:
        _fill(fresh, files)
        _swap(fresh, path)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _refuse_root(path: Path) -> None:
    if path.parent == path or path.is_mount():
        raise RefusedInput(
            f"« {path} » est la racine d'un disque : ajoutez le nom du dossier à faire "
            f"(par exemple « {path / 'ecran'} »)."
        )


def _refuse_foreign(path: Path, made_by: str) -> None:
    """Only an empty folder, or a bundle with nothing else in it, is replaced."""
    if not path.exists():
        return
    if not path.is_dir():
        raise RefusedInput(f"« {path} » est un fichier : donnez le nom d'un dossier.")
    here = _contents(path)
    if not here:
        return
    known = _listed(path, made_by)
    if known is None:
        raise RefusedInput(
            f"Le dossier « {path} » contient déjà autre chose qu'un écran de Réseau : rien n'y a été écrit. "
            "Choisissez un dossier vide ou un nouveau nom."
        )
    if foreign := sorted(here - known):
        raise RefusedInput(
            f"Le dossier « {path} » contient un fichier qui n'est pas de Réseau (« {foreign[0]} ») : rien "
            "n'a été changé. Déplacez ce fichier, ou choisissez un autre dossier."
        )


def _contents(path: Path) -> set[str]:
    """Files and links below a folder, but for what systems drop there."""
    found = (item for item in path.rglob("*") if item.is_symlink() or not item.is_dir())
    kept = (item for item in found if not item.name.startswith("._") and item.name.lower() not in _DROPPINGS)
    return {item.relative_to(path).as_posix() for item in kept}


def _listed(path: Path, made_by: str) -> set[str] | None:
    """What a bundle says it is made of; None for what is not one."""
    try:
        said = json.loads((path / "version.json").read_bytes())
        if said["made_by"] != made_by:
            return None
        return {str(name) for name in said["files"]}
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None


def _fill(folder: Path, files: Mapping[str, bytes]) -> None:
    folders = {folder.joinpath(*PurePosixPath(name).parent.parts) for name in files} | {folder}
    for one in sorted(folders):
        one.mkdir(parents=True)
    for name, content in files.items():
        target = folder.joinpath(*PurePosixPath(name).parts)
        write_through(target, content)
        if target.suffix == ".sh":
            target.chmod(0o755)
    for one in folders:
        sync_folder(one)


def _swap(fresh: Path, path: Path) -> None:
    """Put `fresh` at `path`; what was there, if anything, is gone or is at `fresh`."""
    if not path.exists():
        fresh.rename(path)
    elif not _exchange(fresh, path):
        aside = fresh.with_suffix(OLD)
        path.rename(aside)
        try:
            fresh.rename(path)
        except OSError:
            aside.rename(path)
            raise
        shutil.rmtree(aside, ignore_errors=True)
    sync_folder(path.parent)


def _exchange(one: Path, other: Path) -> bool:
    """Exchange two folders in one call; False where the system or the disk cannot."""
    name = {"linux": "renameat2", "darwin": "renamex_np"}.get(sys.platform, "")
    try:
        call = getattr(ctypes.CDLL(None, use_errno=True), name) if name else None
    except (OSError, AttributeError):
        return False
    if call is None:
        return False
    ends = os.fsencode(one), os.fsencode(other)
    if sys.platform == "darwin":
        return bool(call(*ends, _EXCHANGE) == 0)
    return bool(call(_AT_FDCWD, ends[0], _AT_FDCWD, ends[1], ctypes.c_uint(_EXCHANGE)) == 0)


def _tidy(path: Path) -> None:
    """Take away what an interruption left beside, after putting back the only bundle there is."""
    # A name may hold what `glob` understands: it is read, not matched.
    beside = [item for item in path.parent.iterdir() if item.name.startswith(f".{path.name}.")]
    for item in beside:
        if item.suffix == OLD and not path.exists():
            item.rename(path)
        elif item.suffix in {NEW, OLD}:
            shutil.rmtree(item, ignore_errors=True)
