"""Places of OpenStreetMap beside the directory: shown, listed, and the idea of a partner; never counted."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from reseau.errors import NotFound
from reseau.model.context import OSM_ATTRIBUTION
from reseau.services.app import App
from reseau.services.editing import save_row
from reseau.store.context_frames import context_frame

if TYPE_CHECKING:
    import geopandas as gpd

FROM_OSM = "D'après OpenStreetMap"
_MENTION = rf"{FROM_OSM} \(((?:node|way|relation)--?\d+)\)"
_TOWN = re.compile(r"(?:(?P<street>.*), )?(?P<postcode>\d{5})(?: (?P<commune>.+))?")


@dataclass(frozen=True, slots=True)
class Address:
    """The parts of a place's address, empty where the map does not say."""

    street: str = ""
    postcode: str = ""
    commune: str = ""


def list_reperes(app: App, territoire_id: int) -> gpd.GeoDataFrame:
    """Places of other maps around a territory (columns `REPERES`, EPSG:4326), by name."""
    with app.store.read() as connection:
        frame = context_frame(connection, "reperes", territoire_id)
    order = frame["name"].map(str.casefold).sort_values(kind="stable").index
    return frame.loc[order]


def already_known(reperes: pd.DataFrame, structures: pd.DataFrame) -> pd.Series[Any]:
    """Id of the structure that has the FINESS number of each place, or was made from it; `<NA>` for none.

    For display only: a place is never merged with a structure.
    """
    numbered = structures[structures["finess"].astype(bool)]
    by_number = dict(zip(numbered["finess"], numbered.index, strict=True))
    made = structures["description"].astype(str).str.extract(_MENTION, expand=False).dropna()
    by_place = dict(zip(made, made.index, strict=True))
    natives = reperes["uid"].map(lambda uid: uid.partition("--")[2])
    found = reperes["finess"].map(by_number).astype("Int64")
    return found.fillna(natives.map(by_place).astype("Int64"))


def split_address(address: str) -> Address:
    """Street, postcode and commune of «12 Rue du Port, 35600 Redon»."""
    found = _TOWN.fullmatch(address.strip())
    if found is None:
        return Address(street=address.strip())
    return Address(**{name: text or "" for name, text in found.groupdict().items()})


def suggested(repere: Mapping[str, Any]) -> dict[str, Any]:
    """Fields of the structure a place could become, for a person to confirm.

    Args:
        repere: row of `list_reperes`, as a mapping.
    """
    address = split_address(repere["address"])
    return {
        "name": repere["name"],
        "types": (repere["type_code"],) if repere["type_code"] else (),
        "address": address.street,
        "postcode": address.postcode,
        "commune": address.commune,
        "phone": repere["phone"],
        "website": repere["website"],
        "opening_hours": repere["opening_hours"],
        "finess": repere["finess"],
    }


def make_partner(app: App, territoire_id: int, repere_id: int, confirmed: Mapping[str, Any]) -> int:
    """Create the structure a person made out of a place, and return its id. The place stays where it is.

    Position and mention of the source are the place's; everything else is what the person confirmed.

    Args:
        confirmed: fields of `suggested`, as the person left them.

    Raises:
        NotFound: the place is not there any more.
        RefusedInput: a value is wrong.
    """
    places = list_reperes(app, territoire_id)
    if repere_id not in places.index:
        raise NotFound("Ce repère n'est plus sur la carte. Rechargez la page.")
    place = places.loc[repere_id]
    own = {
        "lon": float(place["lon"]),
        "lat": float(place["lat"]),
        "position_precision": "exacte",
        "description": mention(place),
    }
    return save_row(app, territoire_id, "structures", {**confirmed, **own})


def mention(repere: Mapping[str, Any]) -> str:
    """Where a sheet made from a place comes from, as its licence asks."""
    return f"{FROM_OSM} ({repere['uid'].partition('--')[2]}), {OSM_ATTRIBUTION}."
