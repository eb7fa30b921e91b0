"""Columns of structures, read once into what comparing needs."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pyproj import Transformer
from scipy.sparse import csr_array

from reseau.matching.addresses import Address, read_address
from reseau.matching.words import Abbreviations, Name
from reseau.model.communes import commune_of
from reseau.model.typology import Typology, normalise

COLUMNS = (
    "uid", "name", "types", "address", "postcode", "commune", "insee", "lon", "lat", "placed", "phone",
    "email", "website", "finess", "siret", "uai", "closed", "position_precision",
)  # fmt: skip
UNKNOWN_TYPE = "autre"
_IDENTIFIERS = {
    "finess": re.compile(r"\d[0-9A-Z]\d{7}"),
    "siret": re.compile(r"(?!0{14})\d{14}"),
    "uai": re.compile(r"\d{7}[A-Z]"),
}


@dataclass(frozen=True, slots=True)
class Sheets:
    """Structures in an order of their own (by uid), so that the answer never depends on that of the rows.

    Attributes:
        ids: database id of each.
        xy: metres in the metric system asked for, NaN when not placed.
        exact: placed at its number, not at its street.
        commune: code (or folded name) of the commune, empty when unknown.
    """

    ids: NDArray[np.int64]
    raw: tuple[str, ...]
    names: tuple[Name, ...]
    addresses: tuple[Address, ...]
    commune: tuple[str, ...]
    identifiers: dict[str, tuple[str, ...]]
    contacts: dict[str, tuple[str, ...]]
    types: tuple[frozenset[str], ...]
    families: tuple[frozenset[str], ...]
    closed: NDArray[np.bool_]
    xy: NDArray[np.float64]
    exact: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def placed(self) -> NDArray[np.bool_]:
        """Whether each has a position."""
        return ~np.isnan(self.xy[:, 0])


def read_sheets(structures: pd.DataFrame, *, epsg: int, typology: Typology, table: Abbreviations) -> Sheets:
    """Read STRUCTURES columns (those of `COLUMNS`) of a frame indexed by id, WGS84."""
    frame = structures[list(COLUMNS)].sort_values("uid", kind="stable")
    cells = {name: [_text(value) for value in frame[name]] for name in COLUMNS if name not in _NOT_TEXT}
    communes = _communes(cells["insee"], cells["commune"], cells["postcode"])
    types = tuple(frozenset(codes) - {UNKNOWN_TYPE} for codes in frame["types"])
    read_name = lru_cache(maxsize=None)(table.name)
    address = lru_cache(maxsize=None)(read_address)
    return Sheets(
        ids=frame.index.to_numpy(dtype=np.int64),
        raw=tuple(cells["name"]),
        names=tuple(
            read_name(name, commune=commune)
            for name, commune in zip(cells["name"], cells["commune"], strict=True)
        ),
        addresses=tuple(address(text, table) for text in cells["address"]),
        commune=communes,
        identifiers={
            name: tuple(_identifier(value, pattern) for value in cells[name])
            for name, pattern in _IDENTIFIERS.items()
        },
        contacts={
            "phone": tuple(map(_phone, cells["phone"])),
            "email": tuple(text.strip().casefold() for text in cells["email"]),
            "website": tuple(map(_website, cells["website"])),
        },
        types=types,
        families=tuple(
            frozenset(typology[code].family for code in codes if code in typology) for codes in types
        ),
        closed=frame["closed"].eq(True).to_numpy(dtype=bool),
        xy=_metres(frame, epsg),
        exact=frame["placed"].eq(True).to_numpy(dtype=bool)
        & frame["position_precision"].isin(("exacte", "adresse")).to_numpy(dtype=bool),
    )


_NOT_TEXT = frozenset({"types", "lon", "lat", "placed", "closed", "position_precision"})


def incidence(values: Iterable[Iterable[Hashable]]) -> csr_array:
    """Rows × distinct values, 1 where a row has the value."""
    rows: list[int] = []
    columns: list[int] = []
    known: dict[Hashable, int] = {}
    n = 0
    for n, items in enumerate(values, start=1):
        for item in items:
            rows.append(n - 1)
            columns.append(known.setdefault(item, len(known)))
    ones = np.ones(len(rows), dtype=np.int32)
    return csr_array((ones, (rows, columns)), shape=(n, max(1, len(known))))


def codes_of(values: Sequence[Hashable]) -> NDArray[np.int64]:
    """A number per distinct value; -1 for what is empty."""
    known: dict[Hashable, int] = {}
    return np.array(
        [known.setdefault(value, len(known)) if value else -1 for value in values], dtype=np.int64
    )


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _identifier(text: str, pattern: re.Pattern[str]) -> str:
    bare = re.sub(r"\W", "", text).upper()
    return bare if pattern.fullmatch(bare) else ""


def _phone(text: str) -> str:
    digits = re.sub(r"\D", "", text.replace("+33", "0", 1).replace("(0)", ""))
    return digits if len(digits) >= 9 else ""


def _website(text: str) -> str:
    bare = re.sub(r"^(?:https?://)?(?:www\.)?", "", text.strip().casefold())
    return bare.rstrip("/")


def _communes(insee: list[str], names: list[str], postcodes: list[str]) -> tuple[str, ...]:
    """Code of each commune; a name alone is understood when other rows give it one code, else kept as is."""
    known: dict[str, set[str]] = {}
    for code, name in zip(insee, names, strict=True):
        if code and name:
            known.setdefault(normalise(name), set()).add(commune_of(code))
    sure = {name: next(iter(codes)) for name, codes in known.items() if len(codes) == 1}
    return tuple(
        commune_of(code) if code else sure.get(normalise(name), normalise(name) or postcode)
        for code, name, postcode in zip(insee, names, postcodes, strict=True)
    )


def _metres(frame: pd.DataFrame, epsg: int) -> NDArray[np.float64]:
    placed = frame["placed"].eq(True).to_numpy(dtype=bool)
    degrees = frame[["lon", "lat"]].to_numpy(dtype=np.float64)
    xy = np.full(degrees.shape, np.nan)
    if placed.any():
        x, y = Transformer.from_crs(4326, epsg, always_xy=True).transform(*degrees[placed].T)
        xy[placed] = np.column_stack([x, y])
    # Outside the area of its system a position may become infinite: it is then not known.
    xy[~np.isfinite(xy).all(axis=1)] = np.nan
    return xy
