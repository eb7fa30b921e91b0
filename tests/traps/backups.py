"""Rows of a backup."""

from __future__ import annotations

import json
import re
import zipfile
from pathlib import Path
from typing import Any

MOMENT = "2026-01-01T00:00:00"
CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e\ud800-\udfff]")


def rows_of(backup: Path, table: str) -> list[dict[str, Any]]:
    with zipfile.ZipFile(backup) as archive:
        return [json.loads(line) for line in archive.read(f"{table}.jsonl").splitlines()]
