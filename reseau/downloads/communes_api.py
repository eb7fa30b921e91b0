"""Communes by name and their boundaries, from the national service (geo.api.gouv.fr, Licence Ouverte).

Only what a person typed or chose is sent: a name, or codes.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

from reseau.config import COMMUNES_API
from reseau.downloads.apis import ApiRequest, made_here
from reseau.downloads.files import Downloaded, Progress, no_progress
from reseau.downloads.http import get_json, open_session
from reseau.errors import RefusedInput, Unavailable, why
from reseau.model.communes import restore_insee

FIELDS = "nom,code,codesPostaux,population,codeEpci,epci"
MAX_FOUND = 20
MAX_COMMUNES = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundCommune:
    """A commune the service knows.

    Attributes:
        code: INSEE code.
        population: inhabitants, None when the service does not say.
        epci: name of the intercommunality, else its SIREN, empty when unknown.
    """

    code: str
    name: str
    postcodes: tuple[str, ...] = ()
    population: int | None = None
    epci: str = ""


def search_communes(
    name: str, *, session: requests.Session | None = None, service: str = COMMUNES_API
) -> list[FoundCommune]:
    """Communes whose name looks like the one typed, the most populated first.

    Raises:
        RefusedInput: nothing to look for.
        Unavailable: the service does not answer.
    """
    wanted = " ".join(name.split())
    if len(wanted) < 2:
        raise RefusedInput("Tapez au moins deux lettres du nom de la commune.")
    params = {"nom": wanted[:80], "fields": FIELDS, "boost": "population", "limit": str(MAX_FOUND)}
    answer = get_json(session or open_session(), f"{service}/communes", params=params)
    if not isinstance(answer, list):
        raise Unavailable("Le service des communes a donné une réponse illisible. Réessayez plus tard.")
    return list(_readable(answer))


def download_communes(
    codes: Sequence[str],
    dest: Path,
    *,
    session: requests.Session | None = None,
    service: str = COMMUNES_API,
    on_progress: Progress = no_progress,
) -> Path:
    """Write the boundaries of communes as one GeoJSON file (EPSG:4326), readable by the source «communes».

    Raises:
        RefusedInput: no code, too many, a code that is not one or that the service does not know, or the
            file cannot be written.
        Unavailable: the service does not answer.
    """
    wanted = [restore_insee(code) or "" for code in dict.fromkeys(codes)]
    if not wanted or not all(wanted):
        raise RefusedInput("Donnez des codes INSEE de communes, 31555 par exemple.")
    if len(wanted) > MAX_COMMUNES:
        raise RefusedInput(f"{len(wanted)} communes, c'est trop à la fois : {MAX_COMMUNES} au plus.")
    opened = session or open_session()
    features = []
    for rank, code in enumerate(wanted):
        on_progress(rank / len(wanted), f"Contour de la commune {code} ({rank + 1} sur {len(wanted)})…")
        features.append(_boundary(opened, code, service))
    text = json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False)
    partial = dest.with_name(dest.name + ".partiel")
    try:
        dest.parent.mkdir(parents=True, exist_ok=True)
        partial.write_text(text, encoding="utf-8")
        partial.replace(dest)
    except OSError as error:
        raise RefusedInput(f"« {dest} » ne peut pas être écrit : {why(error)}.") from error
    return dest


def fetch(request: ApiRequest) -> Downloaded:
    """Boundaries of the communes of a territory, as any download."""
    dest = download_communes(
        request.communes, request.dest_dir / request.filename, on_progress=request.on_progress
    )
    return made_here(dest, COMMUNES_API)


def _boundary(session: requests.Session, code: str, service: str) -> Any:
    params = {"fields": FIELDS, "format": "geojson", "geometry": "contour"}
    feature = get_json(session, f"{service}/communes/{code}", params=params)
    if not isinstance(feature, dict) or not isinstance(feature.get("geometry"), dict):
        raise Unavailable(f"Le service des communes n'a pas donné le contour de {code}. Réessayez plus tard.")
    return feature


def _readable(answer: list[Any]) -> Iterator[FoundCommune]:
    """Communes with a code and a name; the others are as if they were not there."""
    for item in answer:
        if not isinstance(item, dict) or not isinstance(item.get("nom"), str):
            continue
        code = restore_insee(str(item.get("code") or ""))
        if not code:
            continue
        epci = item.get("epci")
        epci_name = epci.get("nom") if isinstance(epci, dict) else item.get("codeEpci")
        population = item.get("population")
        postcodes = item.get("codesPostaux")
        yield FoundCommune(
            code=code,
            name=item["nom"][:200],
            postcodes=tuple(str(code) for code in postcodes) if isinstance(postcodes, list) else (),
            population=population if isinstance(population, int) and population >= 0 else None,
            epci=str(epci_name or "")[:200],
        )
