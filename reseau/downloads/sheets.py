"""From the address a person copies to the one a shared table is read at."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from urllib.parse import SplitResult, parse_qs, quote, urlencode

import requests

from reseau.config import GOOGLE_DRIVE, GOOGLE_SHEETS
from reseau.downloads.http import check_address, get_json
from reseau.errors import RefusedInput

TABLE_SUFFIXES = (".csv", ".xlsx", ".ods", ".xls")
_GOOGLE_SHEET = re.compile(r"^/spreadsheets/(?:u/\d+/)?d/(e/)?([\w-]{10,})")
_GOOGLE_FILE = re.compile(r"^/file/d/([\w-]{10,})")
_GRIST_DOC = re.compile(r"^(/o/[\w-]+)?/(?:doc/)?([A-Za-z0-9]{12,40})(?:~[\w~-]+)?(?:/|$)")
_NEXTCLOUD = re.compile(r"^(/[\w./-]*)?/s/[A-Za-z0-9]{8,}/?$")


def export_address(url: str, session: requests.Session) -> str:
    """Address of the table itself, from the one its page is shared at.

    Google Sheets (shared or published), a file of Google Drive, a Grist document, a Nextcloud share; any
    other address is taken as it is. A Grist document is asked for the names of its tables, unless the
    address gives one (`?tableId=Partenaires`); nothing else is asked of anyone.

    Raises:
        RefusedInput: an address that is not allowed, or a Grist document with several tables.
        Unavailable: Grist does not answer.
    """
    parts = check_address(url)
    host = parts.hostname or ""
    if host == "docs.google.com" and (found := _GOOGLE_SHEET.match(parts.path)):
        return _google_sheet(parts, found)
    if host == "drive.google.com" and (found := _GOOGLE_FILE.match(parts.path)):
        return f"{GOOGLE_DRIVE}/uc?export=download&id={found[1]}"
    if _is_grist(host) and "/api/" not in parts.path and (found := _GRIST_DOC.match(parts.path)):
        return _grist(parts, found, session)
    if _NEXTCLOUD.match(parts.path):
        return parts._replace(path=parts.path.rstrip("/") + "/download", fragment="").geturl()
    return parts._replace(fragment="").geturl()


def suffix_of(url: str) -> str:
    """Extension of the table at an address, `.csv` when it does not say."""
    suffix = PurePosixPath(check_address(url).path).suffix.lower()
    return suffix if suffix in TABLE_SUFFIXES else ".csv"


def _google_sheet(parts: SplitResult, found: re.Match[str]) -> str:
    """The sheet on screen (`gid`) as CSV, else the first one."""
    given = {**parse_qs(parts.query), **parse_qs(parts.fragment)}
    gid = given.get("gid", [""])[0]
    chosen = {"gid": gid} if gid.isdecimal() else {}
    if found[1]:
        query = urlencode({"output": "csv", "single": "true", **chosen} if chosen else {"output": "csv"})
        return f"{GOOGLE_SHEETS}/d/e/{found[2]}/pub?{query}"
    return f"{GOOGLE_SHEETS}/d/{found[2]}/export?{urlencode({'format': 'csv', **chosen})}"


def _is_grist(host: str) -> bool:
    return host.endswith(".getgrist.com") or host.startswith("grist.") or ".grist." in host


def _grist(parts: SplitResult, found: re.Match[str], session: requests.Session) -> str:
    base = f"{parts.scheme}://{parts.netloc}{found[1] or ''}/api/docs/{found[2]}"
    table = parse_qs(parts.query).get("tableId", [""])[0] or _only_table(base, session)
    return f"{base}/download/csv?tableId={quote(table, safe='')}"


def _only_table(base: str, session: requests.Session) -> str:
    answer = get_json(session, f"{base}/tables")
    tables = answer.get("tables") if isinstance(answer, dict) else None
    names = [str(table["id"]) for table in tables or () if isinstance(table, dict) and table.get("id")]
    if len(names) == 1:
        return names[0]
    if not names:
        raise RefusedInput(
            "Ce document Grist ne montre aucune table : vérifiez qu'il est partagé en lecture."
        )
    shown = ", ".join(names[:8])
    raise RefusedInput(
        f"Ce document Grist a plusieurs tables ({shown[:300]}) : ajoutez à l'adresse celle que vous voulez, "
        f"par exemple ?tableId={names[0][:60]}"
    )
