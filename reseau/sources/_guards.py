"""What a file is, judged on its content, and the limits it must keep before anything is loaded."""

from __future__ import annotations

import copy
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

from reseau.errors import RefusedInput
from reseau.sources._files import DAMAGED, MAX_FILE_BYTES, require_file

MAX_UNZIPPED_BYTES = 500 * 1024**2
MAX_ROWS = 200_000
MAX_COLUMNS = 500
# The workbook reader allocates the whole rectangle: two far-apart cells would be enough to fill the memory.
MAX_CELLS = 20_000_000
CHUNK_BYTES = 1024**2

TEXT, XLSX, ODS, XLS = "text", "xlsx", "ods", "xls"
WANTED = "Enregistrez votre tableau en CSV, XLSX ou ODS, puis recommencez."
_ODS_MIMETYPE = b"application/vnd.oasis.opendocument.spreadsheet"
_SIGNATURES = {
    b"\x89PNG": "une image PNG",
    b"\xff\xd8\xff": "une image JPEG",
    b"GIF8": "une image GIF",
    b"%PDF": "un document PDF",
    b"SQLite format 3": "une base de données (GeoPackage ou SQLite)",
    b"Rar!": "une archive RAR",
    b"7z\xbc\xaf": "une archive 7z",
    b"\x1f\x8b": "une archive gzip",
    b"{\\rtf": "un document texte RTF",
}
_UTF16_BOMS = (b"\xff\xfe", b"\xfe\xff")

_XLSX_TOKEN = re.compile(rb"<(?:\w+:)?(row|c)((?:\s[^<>]*)?)>")
_XLSX_REF = re.compile(rb"\sr=[\"']([A-Z]{0,3})(\d{1,7})[\"']")
_ODS_TOKEN = re.compile(rb"<(/?)table:(table-row|table-cell|covered-table-cell|table)((?:\s[^<>]*)?)>")
_ODS_REPEAT = re.compile(rb"table:number-(?:rows|columns)-repeated=[\"'](\d{1,9})[\"']")


def file_kind(path: Path) -> str:
    """Kind of table a file holds: `TEXT`, `XLSX`, `ODS` or `XLS`, whatever its extension says.

    Raises:
        RefusedInput: not a file, empty, too large, or not a table.
    """
    name = path.name
    require_file(path, max_bytes=MAX_FILE_BYTES)
    with path.open("rb") as file:
        head = file.read(4096)
    if head.startswith(b"PK\x03\x04"):
        return _zip_kind(path)
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return XLS
    _refuse_binary(name, head)
    return TEXT


def _refuse_binary(name: str, head: bytes) -> None:
    for signature, label in _SIGNATURES.items():
        if head.startswith(signature):
            raise RefusedInput(f"« {name} » est {label}, pas un tableau. {WANTED}")
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:200].lower()
    if start.startswith((b"<!doctype", b"<html", b"<?xml", b"<table")):
        raise RefusedInput(f"« {name} » est une page HTML ou XML, pas un tableau. {WANTED}")
    if re.match(rb"[\[{]\s*[\"{\[\]}]", start):
        raise RefusedInput(f"« {name} » est un fichier JSON ou GeoJSON, pas un tableau. {WANTED}")
    controls = sum(byte < 9 or 13 < byte < 32 for byte in head)
    wide = head.startswith(_UTF16_BOMS) or _looks_utf16(head)
    if not wide and (b"\0" in head or controls > len(head) // 50):
        raise RefusedInput(f"« {name} » n'est pas un fichier texte ni un classeur. {WANTED}")


def _looks_utf16(head: bytes) -> bool:
    """UTF-16 without mark: in Latin text every other byte is zero, always on the same side."""
    even, odd = head[::2].count(0), head[1::2].count(0)
    half = max(1, len(head) // 2)
    return max(even, odd) > 0.6 * half and min(even, odd) < 0.05 * half


def _zip_kind(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            kind = _workbook_kind(archive, path.name)
            _check_sizes(archive, kind, path.name)
            return kind
    except DAMAGED as error:
        raise RefusedInput(
            f"« {path.name} » est un classeur abîmé ou protégé, il ne peut pas être ouvert. {WANTED}"
        ) from error


def _workbook_kind(archive: zipfile.ZipFile, name: str) -> str:
    members = set(archive.namelist())
    if "xl/workbook.xml" in members:
        return XLSX
    if "mimetype" in members:
        with archive.open("mimetype") as file:
            if file.read(200).startswith(_ODS_MIMETYPE):
                return ODS
    raise RefusedInput(f"« {name} » est une archive ZIP ou un autre document, pas un tableau. {WANTED}")


def _check_sizes(archive: zipfile.ZipFile, kind: str, name: str) -> None:
    """Unzip without keeping anything: the sizes an archive declares may lie."""
    left = MAX_UNZIPPED_BYTES
    for info in archive.infolist():
        scanner = _scanner(kind, info.filename)
        for chunk in _chunks(archive, info):
            left -= len(chunk)
            if left < 0:
                raise RefusedInput(
                    f"« {name} » occuperait plus de {MAX_UNZIPPED_BYTES // 1024**2} Mo une fois décompressé. "
                    "Gardez seulement les lignes de votre territoire."
                )
            if scanner and scanner.feed(chunk) > MAX_CELLS:
                raise RefusedInput(
                    f"« {name} » : une feuille s'étend sur trop de cellules. Supprimez les lignes et les "
                    "colonnes vides ou isolées loin du tableau, puis recommencez."
                )


def _chunks(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[bytes]:
    honest = copy.copy(info)
    honest.file_size = MAX_UNZIPPED_BYTES + CHUNK_BYTES
    with archive.open(honest) as file:
        while chunk := file.read(CHUNK_BYTES):
            yield chunk


class _Scanner:
    """Size of the rectangle a sheet would fill, from its XML read chunk by chunk."""

    def __init__(self, token: re.Pattern[bytes]) -> None:
        self._token = token
        self._rest = b""
        self.rows = self.width = 0

    def feed(self, chunk: bytes) -> int:
        """Read one more chunk and tell how many cells the sheet has so far."""
        text = self._rest + chunk
        end = text.rfind(b"<")
        # A tag longer than a chunk is no tag of a real sheet: it is not kept for ever.
        cut = end if end >= 0 and len(text) - end < CHUNK_BYTES else len(text)
        self._rest = text[cut:]
        for found in self._token.finditer(text[:cut]):
            self.take(found)
        return self.rows * self.width

    def take(self, found: re.Match[bytes]) -> None:
        raise NotImplementedError


class _XlsxScanner(_Scanner):
    def __init__(self) -> None:
        super().__init__(_XLSX_TOKEN)
        self._row = self._column = 0

    def take(self, found: re.Match[bytes]) -> None:
        tag, attributes = found.groups()
        ref = _XLSX_REF.search(attributes)
        if tag == b"row":
            self._row = int(ref[2]) if ref else self._row + 1
            self._column = 0
            return
        self._column = _column_number(ref[1]) if ref else self._column + 1
        self._row = int(ref[2]) if ref else self._row
        if not attributes.endswith(b"/"):
            self.rows = max(self.rows, self._row)
            self.width = max(self.width, self._column)


class _OdsScanner(_Scanner):
    def __init__(self) -> None:
        super().__init__(_ODS_TOKEN)
        self._repeat = 1
        self._column = self._filled = self._pending = 0

    def take(self, found: re.Match[bytes]) -> None:
        closing, tag, attributes = found.groups()
        repeat = _ODS_REPEAT.search(attributes)
        times = int(repeat[1]) if repeat else 1
        if tag == b"table" and not closing:
            self._pending = 0
        elif tag.endswith(b"cell") and not closing:
            self._column += times
            if b"office:value-type" in attributes:
                self._filled = self._column
        elif tag == b"table-row":
            if not closing:
                self._repeat, self._column, self._filled = times, 0, 0
            if closing or attributes.endswith(b"/"):
                self._end_row()

    def _end_row(self) -> None:
        self._pending += self._repeat
        if self._filled:
            self.rows += self._pending
            self.width = max(self.width, self._filled)
            self._pending = 0


def _scanner(kind: str, member: str) -> _Scanner | None:
    if kind == XLSX and re.fullmatch(r"xl/worksheets/[^/]+\.xml", member):
        return _XlsxScanner()
    return _OdsScanner() if kind == ODS and member == "content.xml" else None


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
