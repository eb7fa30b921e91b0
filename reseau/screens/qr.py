"""QR codes as SVG paths, for addresses that a telephone can open safely."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import segno

QUIET = 4
"""Blank modules around a code, which the norm asks for; they are within its path and its size."""

# Beyond that the modules are too small to be read from a television.
MAX_LENGTH = 160
_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{1,62}", re.IGNORECASE)
# Of a local network: a numeric address, or a machine's own name.
_LOCAL = re.compile(r"(?:\d{1,3}\.){3}\d{1,3}|[0-9a-f:]*:[0-9a-f:]+|[a-z0-9][a-z0-9-]{0,62}", re.IGNORECASE)
_BLANK_OR_MARKUP = re.compile(r"[\s<>\"'`\\{}|^\x00-\x1f\x7f]")


def web_address(text: str, *, local: bool = False) -> str:
    """The address when it is a plain http or https one, else empty.

    Refused: another scheme, a user or password, spaces or markup, a host that is not a full name (unless
    `local`: a numeric address or a bare name).
    """
    if _BLANK_OR_MARKUP.search(text):
        return ""
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname or "", parts.port
        known = host.encode("idna").decode("ascii") if host else ""
    except ValueError:
        return ""
    if parts.scheme.lower() not in {"http", "https"} or "@" in parts.netloc:
        return ""
    return text if _HOST.fullmatch(known) or (local and _LOCAL.fullmatch(known)) else ""


def qr_path(address: str) -> tuple[str, int]:
    """SVG path of the code of an address, to be filled dark on white, and its side in modules.

    The quiet zone is counted in. An address that is empty, too long or not a web one gives ("", 0).
    """
    if not 0 < len(address) <= MAX_LENGTH or not web_address(address, local=True):
        return "", 0
    code = segno.make(address, error="l", micro=False, boost_error=False)
    rows = [bytes(row) for row in code.matrix]
    path = "".join(_row_path(number, row) for number, row in enumerate(rows))
    return path, len(rows) + 2 * QUIET


def _row_path(number: int, row: bytes) -> str:
    """Runs of dark modules of a row as rectangles one module high."""
    runs = [(match.start(), len(match[0])) for match in re.finditer(rb"\x01+", row)]
    return "".join(f"M{QUIET + at} {QUIET + number}h{size}v1h-{size}z" for at, size in runs)
