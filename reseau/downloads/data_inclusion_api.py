"""Structures and services of data·inclusion: those of some communes with a token, the open files without.

Only the codes of the communes are sent. The token is in one header and nowhere else: neither in a message
nor in what is written.
"""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import requests

from reseau.config import DATA_INCLUSION_API, DATA_INCLUSION_OPEN
from reseau.downloads.apis import ApiRequest, made_here
from reseau.downloads.files import DEFAULT, Downloaded, Limits, Progress, download, no_progress
from reseau.downloads.http import PATIENT, Patience, Reserved, get_json, open_session
from reseau.errors import RefusedInput, Unavailable, why
from reseau.model.communes import city_of, current_code

KINDS = ("structures", "services")
PAGE_SIZE = 1_000
# 200 000 records of a territory: beyond, the service is not answering what was asked.
MAX_PAGES = 200
MAX_COMMUNES = 200
# Names a person, and is of no use here: not even written in the file.
PERSONAL = "contact_nom_prenom"
OPEN_FILENAME = "data-inclusion-ouvert.zip"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """How to ask. `service`: address without its path; `session` None for one of our own."""

    session: requests.Session | None = None
    service: str = DATA_INCLUSION_API
    patience: Patience = PATIENT
    on_progress: Progress = no_progress


def fetch(request: ApiRequest) -> Downloaded:
    """What a person asks with the verb `telecharger`: by commune with a token, the open files without.

    Raises:
        RefusedInput: a token the service refuses, a code it does not take, a folder that cannot be written.
        Unavailable: the service does not answer.
    """
    if not request.token:
        return fetch_open(request.dest_dir, on_progress=request.on_progress)
    asking = Asking(service=request.url or DATA_INCLUSION_API, on_progress=request.on_progress)
    dest = request.dest_dir / request.filename
    path = fetch_structures(request.token, communes=request.communes, dest=dest, asking=asking)
    return made_here(path, asking.service)


def fetch_structures(
    token: str, *, communes: Sequence[str], dest: Path, asking: Asking | None = None
) -> Path:
    """Write the structures and services of communes as one JSON file that the source reads.

    Args:
        token: personal token of the service.
        communes: INSEE codes; the city of an arrondissement is asked about too.
        dest: file to write, whole or not at all.
        asking: how to ask.

    Raises:
        RefusedInput: no commune, too many, a token that is not one or that is refused, or the file cannot
            be written.
        Unavailable: the service does not answer, or not what was asked.
    """
    how = asking or Asking()
    _check(token, communes)
    codes = list(dict.fromkeys(code for one in communes for code in (current_code(one), city_of(one))))
    session = how.session or open_session()
    pages = _Pages(session=session, token=token, how=how)
    found: dict[str, dict[str, Any]] = {kind: {} for kind in KINDS}
    steps = [(code, kind) for code in codes for kind in KINDS]
    try:
        for rank, (code, kind) in enumerate(steps):
            how.on_progress(rank / len(steps), f"data·inclusion : {kind} de la commune {code}…")
            for item in pages.items(kind, code):
                found[kind][str(item.get("id"))] = item
    except Reserved as error:
        raise RefusedInput(
            "data·inclusion refuse ce jeton : il est faux, périmé, ou ne donne pas accès à ces données. "
            "Vérifiez la variable RESEAU_JETON_DATA_INCLUSION, ou demandez un autre jeton."
        ) from error
    finally:
        if how.session is None:
            session.close()
    document = {
        "extrait_le": date.today().isoformat(),
        "communes": codes,
        **{kind: list(items.values()) for kind, items in found.items()},
    }
    _write(dest, lambda path: path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8"))
    how.on_progress(1.0, f"{len(found['structures'])} structures, {len(found['services'])} services.")
    return dest


def fetch_open(
    dest_dir: Path,
    *,
    addresses: Mapping[str, str] = DATA_INCLUSION_OPEN,
    on_progress: Progress = no_progress,
    session: requests.Session | None = None,
    limits: Limits = DEFAULT,
) -> Downloaded:
    """Bring the two national files open to all, and put them in one archive that the source reads.

    Raises:
        RefusedInput: an address that leads to nothing, a folder that cannot be written.
        Unavailable: the publisher does not answer.
    """
    brought = [
        download(url, dest_dir, f"{kind}.parquet", on_progress=on_progress, session=session, limits=limits)
        for kind, url in addresses.items()
    ]

    def pack(path: Path) -> None:
        # Already compressed inside.
        with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
            for item in brought:
                archive.write(item.path, item.path.name)

    dest = dest_dir / OPEN_FILENAME
    _write(dest, pack)
    return made_here(dest, addresses["structures"])


@dataclass(slots=True)
class _Pages:
    session: requests.Session
    token: str = field(repr=False)
    how: Asking

    def items(self, kind: str, code: str) -> Iterator[dict[str, Any]]:
        """Records of a kind in a commune, page after page."""
        number, total = 1, 1
        while number <= total:
            answer = get_json(
                self.session,
                f"{self.how.service}/api/v1/{kind}",
                params={"code_commune": code, "page": number, "size": PAGE_SIZE},
                headers={"Authorization": f"Bearer {self.token}"},
                patience=self.how.patience,
            )
            items, total = _page(answer)
            yield from items
            number += 1


def _page(answer: Any) -> tuple[list[dict[str, Any]], int]:
    items = answer.get("items") if isinstance(answer, dict) else None
    total = answer.get("pages") if isinstance(answer, dict) else None
    if not isinstance(items, list) or not isinstance(total, int) or not 0 <= total <= MAX_PAGES:
        raise Unavailable("data·inclusion a donné une réponse inattendue. Réessayez plus tard.")
    records = [item for item in items if isinstance(item, dict)]
    return [{key: value for key, value in item.items() if key != PERSONAL} for item in records], total


def _check(token: str, communes: Sequence[str]) -> None:
    if not re.fullmatch(r"[\x21-\x7e]{8,4096}", token):
        raise RefusedInput(
            "Le jeton de data·inclusion n'en est pas un (vide, ou avec des espaces) : copiez-le en entier "
            "dans la variable RESEAU_JETON_DATA_INCLUSION."
        )
    if not communes:
        raise RefusedInput("Donnez les codes INSEE des communes à demander, 31555 par exemple.")
    if len(communes) > MAX_COMMUNES:
        raise RefusedInput(f"{len(communes)} communes, c'est trop à la fois : {MAX_COMMUNES} au plus.")


def _write(dest: Path, fill: Callable[[Path], object]) -> None:
    partial = dest.with_name(dest.name + ".partiel")
    try:
        dest.parent.mkdir(parents=True, exist_ok=True)
        fill(partial)
        partial.replace(dest)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise RefusedInput(f"« {dest} » ne peut pas être écrit : {why(error)}.") from error
