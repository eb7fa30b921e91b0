"""Downloading what a publisher serves: only when a person asks, kept with its date."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

from reseau.downloads import Downloaded, download, last_download
from reseau.downloads.apis import ApiRequest, fetch_by_api
from reseau.downloads.http import check_address, host_of
from reseau.errors import RefusedInput
from reseau.services.app import App, Progress, no_progress
from reseau.services.importing import find_source, list_sources, scope_of
from reseau.services.territoires import find_territoire
from reseau.sources import KINDS, SourceSpec

__all__ = ["Downloaded", "Offer", "download_source", "list_offers"]

_TOKENS = {"data-inclusion": "data_inclusion_token"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A source that can be downloaded, and what asking for it means.

    Attributes:
        host: who is asked.
        size: as the source tells it, empty when it does not.
        note: what is asked and what becomes of it, in French.
        by_api: the communes of the territory are sent, and only what is in them comes.
        last: the file as last downloaded, None when it is not here.
    """

    source_id: str
    title: str
    host: str
    size: str = ""
    note: str = ""
    by_api: bool = False
    last: Downloaded | None = None


def list_offers(app: App) -> list[Offer]:
    """Sources with an address, in the order a new territory needs them. Nothing is asked of anyone."""
    specs = [spec for spec in list_sources() if spec.download]
    specs.sort(key=lambda spec: (KINDS.index(spec.kind), spec.priority, spec.id))
    return [_offer(app, spec) for spec in specs]


def download_source(
    app: App,
    source_id: str,
    *,
    territoire_id: int | None = None,
    address: str = "",
    folder: Path | None = None,
    on_progress: Progress = no_progress,
) -> Downloaded:
    """Bring the file of a source onto this machine.

    Args:
        territoire_id: whose communes are asked about, for a source served by questions; None for the
            usual territory.
        address: where the file is, when it is not where the source says.
        folder: where it is put, None for a folder of its own under the configured one.

    Raises:
        RefusedInput: no such source, no address, an address that leads to nothing, a folder that cannot
            be written.
        NotFound: no territory, and the source needs one.
        Unavailable: the publisher does not answer.
    """
    spec = find_source(source_id).spec
    where = folder or app.config.downloads_dir / spec.id
    api = spec.download.get("api", "")
    if api and not address:
        return fetch_by_api(api, _request(app, spec, where, territoire_id, on_progress))
    url = address.strip() or spec.download.get("url", "")
    if not url:
        told = f" Son éditeur la présente ici : {spec.address}" if spec.address else ""
        raise RefusedInput(
            f"La source « {source_id} » n'a pas d'adresse de téléchargement : donnez-en une (--adresse), ou "
            f"prenez le fichier vous-même et importez-le.{told}"
        )
    return download(url, where, _filename(spec, url), on_progress=on_progress)


def _offer(app: App, spec: SourceSpec) -> Offer:
    about = spec.download
    where = app.config.downloads_dir / spec.id
    api = about.get("api", "")
    url = about.get("url", "")
    return Offer(
        source_id=spec.id,
        title=spec.title,
        host=about.get("from", "") or host_of(url),
        size=about.get("size", ""),
        note=about.get("note", ""),
        by_api=bool(api),
        last=last_download(where, _filename(spec, url)),
    )


def _request(
    app: App, spec: SourceSpec, where: Path, territoire_id: int | None, on_progress: Progress
) -> ApiRequest:
    place = find_territoire(app).id if territoire_id is None else territoire_id
    api = spec.download["api"]
    return ApiRequest(
        communes=tuple(sorted(scope_of(app, place).communes)),
        dest_dir=where,
        filename=_filename(spec, ""),
        url=spec.download.get("url", ""),
        token=getattr(app.config, _TOKENS[api]) if api in _TOKENS else "",
        on_progress=on_progress,
    )


def _filename(spec: SourceSpec, url: str) -> str:
    """Name of the file here: the source's own, unless the address names another that it reads."""
    if url and url != spec.download.get("url", ""):
        check_address(url)
        name = re.sub(r"[^\w.-]+", "_", unquote(PurePosixPath(urlsplit(url).path).name)).lstrip("._-")[-100:]
        if Path(name).suffix.lower() in spec.extensions:
            return name
    return spec.download.get("filename", "") or f"{spec.id}{spec.extensions[0]}"
