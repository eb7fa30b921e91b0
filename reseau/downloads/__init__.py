"""Bringing a public file onto this machine, only when a person asks."""

from reseau.downloads.files import Downloaded, Limits, download, last_download
from reseau.downloads.http import Patience, get_json, open_session

__all__ = ["Downloaded", "Limits", "Patience", "download", "get_json", "last_download", "open_session"]
