"""Publishers that answer questions instead of serving one file.

One module `reseau.downloads.<id>_api` each (`-` written `_`), with a function `fetch(request)`; a source
says `api = "<id>"` in its `[download]`.
"""

from __future__ import annotations

import importlib
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path

from reseau.downloads.files import ABOUT, About, Downloaded, Progress, no_progress, now_text
from reseau.errors import RefusedInput


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiRequest:
    """What a person asks of a service.

    Attributes:
        communes: INSEE codes of the territory.
        dest_dir, filename: where the answer is written.
        url: address of the service when it is not the usual one, empty otherwise.
        token: personal token, empty without one.
    """

    communes: tuple[str, ...]
    dest_dir: Path
    filename: str
    url: str = ""
    token: str = field(default="", repr=False)
    on_progress: Progress = no_progress


def fetch_by_api(api: str, request: ApiRequest) -> Downloaded:
    """Ask a service and keep its answer as a file.

    Raises:
        RefusedInput: no commune to ask about, or what the service refuses.
        Unavailable: the service does not answer.
    """
    if not request.communes:
        raise RefusedInput(
            "Indiquez d'abord les communes du territoire (page Réglages, ou « territoire creer NOM "
            "--communes 31555 ») : c'est ce qui est demandé à ce service."
        )
    module = importlib.import_module(f"reseau.downloads.{api.replace('-', '_')}_api")
    fetch: Callable[[ApiRequest], Downloaded] = module.fetch
    return fetch(request)


def made_here(path: Path, url: str) -> Downloaded:
    """What to say of a file written from answers, and what is kept beside it."""
    about = About(url=url, bytes=path.stat().st_size, on=now_text())
    beside = path.with_name(path.name + ABOUT)
    beside.write_text(json.dumps(asdict(about), ensure_ascii=False), encoding="utf-8")
    return about.downloaded(path)
