"""Places of OpenStreetMap around a territory, kept beside the directory with their own licence (ODbL)."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import fields
from pathlib import Path

import numpy as np

from reseau.model.context import Repere
from reseau.model.reports import LocatedRecord, Parsed, Problem, RefusedRow, Scope
from reseau.sources._base import ReadOptions, Source, load_spec
from reseau.sources._territory import near_positions
from reseau.sources._text import mask_nir
from reseau.sources.osm.opening import HEAD_BYTES, file_format
from reseau.sources.osm.places import Extract, Place, read_places
from reseau.sources.osm.tags import repere_of

# Half an hour on foot: what the farthest walking threshold reaches.
DEFAULT_RADIUS_KM = 2.0
_EVERY_FIELD = frozenset(item.name for item in fields(Repere))
_NO_POSITION = (
    "Ce lieu n'a pas de position dans le fichier (les points de son contour manquent) : prenez un extrait "
    "complet de la zone."
)


class OsmSource(Source):
    """Points of interest of a local `.osm` or `.osm.pbf` file."""

    spec = load_spec(Path(__file__).parent)

    def read(self, path: Path, scope: Scope, options: ReadOptions) -> Parsed:
        """Read the places near the scope's areas, all of them when it names none.

        One unit read is one place `tags.csv` speaks of; benches and restaurants are not counted. The layer
        mirrors the map: every field is given, an empty one too.

        Raises:
            RefusedInput: not a file of OpenStreetMap, cut, damaged or too big.
        """
        extract = read_places(path)
        near = _near(extract.places, scope)
        records: list[LocatedRecord] = []
        refused: list[RefusedRow] = []
        for line, (place, inside) in enumerate(zip(extract.places, near, strict=True), start=1):
            if place.at is None:
                refused.append(_unplaced(place, line))
            elif inside:
                records.append(_located(place, place.at, line=line, options=options))
        return Parsed(
            records=tuple(records),
            refused=tuple(refused),
            n_out_of_scope=len(extract.places) - len(records) - len(refused),
            data_date=extract.data_date,
            notes=tuple(_notes(extract, records, scope)),
            counts={"objects": extract.objects, "category_462": extract.homes},
        )

    def recognises(self, path: Path) -> bool:
        """Whether the first bytes are those of an OpenStreetMap file, XML or PBF."""
        with suppress(OSError):
            if path.is_file():
                with path.open("rb") as file:
                    return bool(file_format(file.read(HEAD_BYTES)))
        return False


def _near(places: Sequence[Place], scope: Scope) -> np.ndarray:
    if not scope.areas_wkb:
        return np.ones(len(places), dtype=bool)
    radius = DEFAULT_RADIUS_KM if scope.radius_km is None else scope.radius_km
    unknown = (np.nan, np.nan)
    positions = np.array([place.at or unknown for place in places], dtype=float).reshape(-1, 2)
    return near_positions(positions, scope.areas_wkb, radius * 1000)


def _located(place: Place, at: tuple[float, float], *, line: int, options: ReadOptions) -> LocatedRecord:
    record = repere_of(place.uid, place.tags, at=at, rule=place.rule, typology=options.typology)
    row = {"identifiant": place.uid, "nom": record.name, **record.tags}
    return LocatedRecord(line=line, record=record, fields=_EVERY_FIELD, row=row)


def _unplaced(place: Place, line: int) -> RefusedRow:
    row = {"identifiant": place.uid, "nom": mask_nir(place.tags.get("name", place.rule.label))[:200]}
    problem = Problem(line=line, column="identifiant", value=place.uid, reason=_NO_POSITION)
    return RefusedRow(line=line, problems=(problem,), row=row)


def _notes(extract: Extract, records: list[LocatedRecord], scope: Scope) -> list[str]:
    notes = [
        "© les contributeurs d'OpenStreetMap, licence ODbL : ces lieux restent dans une couche à part, ils "
        "ne comptent ni dans l'annuaire ni dans les lacunes."
    ]
    notes.append(
        "Le même fichier peut donner les rues, pour compter les trajets à pied sans ligne droite : page "
        "Réglages, section Marche."
    )
    if not scope.areas_wkb:
        notes.append(
            "Aucun quartier n'est encore chargé : tous les lieux du fichier sont pris. Importez les "
            "quartiers, puis ce fichier de nouveau, pour ne garder que leurs environs."
        )
    elif scope.radius_km is None:
        notes.append(
            f"Sans rayon réglé pour le territoire, sont pris les lieux à moins de {DEFAULT_RADIUS_KM:g} km "
            "des quartiers (une demi-heure à pied)."
        )
    if extract.homes:
        notes.append(f"{extract.homes} lieu(x) de vie et d'accueil (catégorie 462, des domiciles) : non lus.")
    untyped = sum(isinstance(item.record, Repere) and not item.record.type_code for item in records)
    if untyped:
        notes.append(f"{untyped} lieu(x) dont les attributs ne disent pas quel type de partenaire c'est.")
    return notes


SOURCE = OsmSource()
