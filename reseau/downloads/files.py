"""Bringing a file onto this machine: resumable, checked, kept with its date and what identifies it."""

from __future__ import annotations

import json
import os
import shutil
import threading
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

import requests

from reseau.downloads.bodies import is_packed, plain
from reseau.downloads.http import (
    PATIENT,
    Passing,
    Patience,
    Reserved,
    ask_once,
    check_address,
    host_of,
    open_session,
    pause,
    unavailable,
)
from reseau.errors import RefusedInput, why

MEGABYTE = 1_000_000
MAX_BYTES = 1_000 * MEGABYTE
# Between two words to who looks.
STEP = 250_000
PARTIAL, ABOUT = ".partiel", ".json"
# Each round that brings bytes gives patience back; a server that cuts every few bytes has its own limit.
MAX_ROUNDS = 50
_PAGE = (b"<!doctype html", b"<html", b"<head", b"<script")
_locks: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)

Progress = Callable[[float, str], None]
"""Called with the share done (0–1) and a French sentence; what it raises stops the download."""


def no_progress(_share: float, _message: str) -> None:
    """The progress of someone who does not look."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How far a download may go.

    Attributes:
        max_bytes: largest file taken.
        patience: how long to insist.
        headers: sent with each request (a token, an accepted format).
    """

    max_bytes: int = MAX_BYTES
    patience: Patience = PATIENT
    headers: Mapping[str, str] = field(default_factory=dict)


DEFAULT = Limits()


@dataclass(frozen=True, slots=True, kw_only=True)
class Downloaded:
    """A file that is here.

    Attributes:
        on: ISO date and time (UTC) at which the publisher served it, or said that it had not changed.
        etag, last_modified: what the publisher identifies it by, empty when it does not.
        url: where it was asked for.
        resumed: the end of it was added to what an earlier try had left.
        unchanged: the publisher said that the file already here is still the right one.
    """

    path: Path
    bytes: int
    on: str
    etag: str = ""
    last_modified: str = ""
    url: str = ""
    resumed: bool = False
    unchanged: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What is written beside a file, complete or not."""

    url: str
    etag: str = ""
    last_modified: str = ""
    bytes: int = 0
    on: str = ""

    @property
    def strong(self) -> str:
        """What proves that two answers are parts of the same file: never a weak tag."""
        return self.etag if self.etag and not self.etag.startswith("W/") else self.last_modified

    def downloaded(self, path: Path) -> Downloaded:
        """The file it is about."""
        given = {name: getattr(self, name) for name in ("url", "bytes", "on", "etag", "last_modified")}
        return Downloaded(path=path, **given)


def download(
    url: str,
    dest_dir: Path,
    filename: str,
    *,
    on_progress: Progress = no_progress,
    session: requests.Session | None = None,
    limits: Limits = DEFAULT,
) -> Downloaded:
    """Bring a file into a folder, under a name.

    A download that stops, whatever the reason, leaves `<filename>.partiel`, which the next call goes on
    with when the publisher says that the file is still the same. The name given only ever holds a whole
    file. Its date and what identifies it are kept in `<filename>.json`.

    Args:
        on_progress: may raise to stop; the partial file stays.

    Raises:
        RefusedInput: the address is not allowed or leads to nothing, the answer is a web page or too big,
            the folder cannot be written or the disk is full.
        Unavailable: the publisher does not answer as it should after a few tries.
    """
    check_address(url)
    if not filename or Path(filename).name != filename or filename.startswith("."):
        raise RefusedInput(f"« {filename[:100]} » n'est pas un nom de fichier.")
    dest = dest_dir / filename
    try:
        dest_dir.mkdir(parents=True, exist_ok=True)
        with _locks[str(dest.absolute())]:
            return _Transfer(url, dest, on_progress, session or open_session(), limits).run()
    except OSError as error:
        raise RefusedInput(f"« {dest} » ne peut pas être écrit : {why(error)}.") from error


def last_download(dest_dir: Path, filename: str) -> Downloaded | None:
    """The file as it was last downloaded, None when it is not here whole."""
    dest = dest_dir / filename
    about = _read_about(_beside(dest, ABOUT))
    if about is None or _size(dest) != about.bytes or not about.on:
        return None
    return about.downloaded(dest)


class _Transfer:
    """One file on its way."""

    def __init__(
        self, url: str, dest: Path, on_progress: Progress, session: requests.Session, limits: Limits
    ) -> None:
        self.url, self.dest, self.limits = url, dest, limits
        self.session, self.on_progress = session, on_progress
        self.partial = _beside(dest, PARTIAL)
        self.partial_about = _beside(dest, PARTIAL + ABOUT)
        self.host = host_of(url)
        self.resumed = False

    def run(self) -> Downloaded:
        failures = 0
        for _ in range(MAX_ROUNDS):
            before = _size(self.partial)
            try:
                return self._round()
            except Passing as error:
                failures = 1 if _size(self.partial) > before else failures + 1
                if failures >= self.limits.patience.attempts:
                    raise unavailable(self.host, error.problem) from error
                self.on_progress(0.0, f"{self.host} : {error.problem}, nouvel essai…")
                self.limits.patience.sleep(pause(error, failures - 1, self.host))
        raise unavailable(self.host, "connexion sans cesse coupée")

    def _round(self) -> Downloaded:
        """One request: the whole file, its end, or the news that it has not changed."""
        kept = _read_about(self.partial_about)
        start = _size(self.partial) if kept and kept.url == self.url and kept.strong else 0
        whole = None if start else last_download(self.dest.parent, self.dest.name)
        known = _read_about(_beside(self.dest, ABOUT))
        if known is None or known.url != self.url:
            whole = None
        headers = {**self.limits.headers, "Accept-Encoding": "identity", **_conditions(start, kept, whole)}
        patience = self.limits.patience
        with ask_once(self.session, self.url, headers=headers, patience=patience) as answer:
            if answer.status_code == 304 and whole:
                return self._unchanged(whole)
            if answer.status_code == 206 and kept and _continues(answer, start, kept):
                self.resumed = True
                return self._receive(answer, start)
            if answer.status_code == 200:
                return self._receive(answer, 0)
        # A range that no longer exists, or of another file: start again from nothing.
        self._forget_partial()
        raise Passing(f"réponse {answer.status_code} inattendue")

    def _unchanged(self, whole: Downloaded) -> Downloaded:
        about = About(
            url=self.url, etag=whole.etag, last_modified=whole.last_modified, bytes=whole.bytes, on=now_text()
        )
        _write_about(_beside(self.dest, ABOUT), about)
        self.on_progress(1.0, "Le fichier n'a pas changé depuis le dernier téléchargement.")
        return replace(about.downloaded(self.dest), unchanged=True)

    def _receive(self, answer: requests.Response, start: int) -> Downloaded:
        headers = answer.headers
        gzipped = is_packed(answer)
        announced = headers.get("Content-Length", "")
        total = start + int(announced) if announced.isdecimal() and not gzipped else 0
        self._refuse_page(headers.get("Content-Type", ""))
        self._refuse_too_big(total)
        self._refuse_full_disk(total - start)
        # What comes packed cannot be cut and continued: its bytes on the way are not those of the file.
        about = About(
            url=self.url,
            etag="" if gzipped else headers.get("ETag", ""),
            last_modified="" if gzipped else headers.get("Last-Modified", ""),
        )
        self._write(answer, about, start, total)
        return self._keep(headers, total)

    def _write(self, answer: requests.Response, about: About, start: int, total: int) -> None:
        if not start:
            self._forget_partial()
            _write_about(self.partial_about, about)
        received = told = start
        with self.partial.open("r+b" if start else "wb") as file:
            file.seek(start)
            file.truncate()
            for block in plain(answer):
                if received == 0:
                    self._refuse_page("", block)
                received += len(block)
                self._refuse_too_big(received)
                _write_block(file, block)
                if received - told >= STEP or received == total:
                    told = received
                    self.on_progress(min(received / total, 1.0) if total else 0.0, _told(received, total))
            file.flush()
            os.fsync(file.fileno())
        if total and received < total:
            raise Passing("fichier coupé en route")

    def _keep(self, headers: Mapping[str, str], total: int) -> Downloaded:
        size = _size(self.partial)
        if size == 0:
            self._forget_partial()
            raise RefusedInput(f"{self.host} a envoyé un fichier vide : réessayez plus tard.")
        if total and size != total:
            self._forget_partial()
            raise Passing("fichier d'une autre taille qu'annoncé")
        self.partial.replace(self.dest)
        about = About(
            url=self.url,
            etag=headers.get("ETag", ""),
            last_modified=headers.get("Last-Modified", ""),
            bytes=size,
            on=now_text(),
        )
        _write_about(_beside(self.dest, ABOUT), about)
        self._forget_partial()
        return replace(about.downloaded(self.dest), resumed=self.resumed)

    def _refuse_page(self, content_type: str, start: bytes = b"") -> None:
        """A login page, a maintenance page or an error served as if it were the file."""
        named_page = content_type.partition(";")[0].strip().lower() in ("text/html", "application/xhtml+xml")
        head = start.lstrip(b"\xef\xbb\xbf \t\r\n")[:20].lower()
        if not (named_page or head.startswith(_PAGE)) or self.dest.suffix.lower() in (".html", ".htm"):
            return
        raise Reserved(
            f"{self.host} a répondu par une page web au lieu du fichier : l'adresse n'est pas celle du "
            "fichier, ou il faut un compte pour le lire. Rien n'a été gardé."
        )

    def _refuse_too_big(self, size: int) -> None:
        if size > self.limits.max_bytes:
            self._forget_partial()
            raise RefusedInput(
                f"Le fichier de {self.host} est trop gros (plus de {self.limits.max_bytes // MEGABYTE} Mo) : "
                "il n'a pas été gardé."
            )

    def _refuse_full_disk(self, needed: int) -> None:
        free = shutil.disk_usage(self.dest.parent).free
        if needed > free:
            raise RefusedInput(
                f"Le disque est plein : il faut {needed // MEGABYTE + 1} Mo, il en reste {free // MEGABYTE}. "
                "Libérez de la place ou changez le dossier des téléchargements."
            )

    def _forget_partial(self) -> None:
        self.partial.unlink(missing_ok=True)
        self.partial_about.unlink(missing_ok=True)


def _conditions(start: int, kept: About | None, whole: Downloaded | None) -> dict[str, str]:
    if start and kept:
        return {"Range": f"bytes={start}-", "If-Range": kept.strong}
    if whole is None:
        return {}
    found = {"If-None-Match": whole.etag, "If-Modified-Since": whole.last_modified}
    return {name: value for name, value in found.items() if value}


def _continues(answer: requests.Response, start: int, kept: About) -> bool:
    """Whether a partial answer is the end of what is here. Some servers send any file's."""
    same_range = answer.headers.get("Content-Range", "").strip().startswith(f"bytes {start}-")
    etag = answer.headers.get("ETag", kept.etag)
    date = answer.headers.get("Last-Modified", kept.last_modified)
    return bool(start) and same_range and etag == kept.etag and date == kept.last_modified


def _put(file: IO[bytes], block: bytes) -> None:
    file.write(block)


def _write_block(file: IO[bytes], block: bytes) -> None:
    try:
        _put(file, block)
    except OSError as error:
        raise RefusedInput(
            f"Le téléchargement s'est arrêté : {why(error)}. Ce qui est déjà là est gardé : recommencez "
            "quand il y aura de la place."
        ) from error


def _told(received: int, total: int) -> str:
    here = f"{received / MEGABYTE:.1f}".replace(".", ",")
    return f"{here} Mo sur {total / MEGABYTE:.1f} Mo".replace(".", ",") if total else f"{here} Mo"


def _beside(path: Path, suffix: str) -> Path:
    return path.with_name(path.name + suffix)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def now_text() -> str:
    """Present UTC date and time, as kept beside files."""
    return datetime.now(UTC).replace(tzinfo=None, microsecond=0).isoformat()


def _read_about(path: Path) -> About | None:
    """What is written beside a file, None when it is missing or was tampered with."""
    try:
        data: Any = json.loads(path.read_text(encoding="utf-8"))
        about = About(**data)
    except (OSError, ValueError, TypeError):
        return None
    texts = (about.url, about.etag, about.last_modified, about.on)
    return about if all(isinstance(text, str) for text in texts) and isinstance(about.bytes, int) else None


def _write_about(path: Path, about: About) -> None:
    waiting = _beside(path, ".tmp")
    waiting.write_text(json.dumps(asdict(about), ensure_ascii=False), encoding="utf-8")
    waiting.replace(path)
