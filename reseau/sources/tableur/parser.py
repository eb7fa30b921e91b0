"""Partners of a team's own spreadsheet."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import cast

from reseau.model.records import Structure
from reseau.model.reports import Record
from reseau.model.typology import normalise
from reseau.sources import _cells as cells
from reseau.sources._row import Row
from reseau.sources._tabular import Context, Draft, TabularSource
from reseau.sources._vocabulary import read_word, read_words

PREFIX = "tableur--"
MAX_IDENTIFIER = 150
SAME_NAME = (
    "lignes portent le même nom dans la même commune : elles sont distinguées par leur adresse. "
    "Une colonne « identifiant » serait plus sûre"
)


class Tableur(TabularSource):
    """One structure a row."""

    folder = Path(__file__).parent
    sheet_title = "Partenaires"

    def build(self, row: Row, context: Context) -> Structure:
        """Structure of a row; its uid is provisional until `finish` has seen the others."""
        position = row.position()
        hours = row.hours()
        precision = row.value("position_precision", read_word("precisions"), "")
        if position:
            # A new position never keeps the precision of the old one.
            row.given.add("position_precision")
            precision = precision or "exacte"
        elif precision and not row.problems:
            row.fail(
                "position_precision",
                "précision donnée sans coordonnées. Complétez-les, ou videz cette cellule.",
            )
        name = row.text("name", limit=cells.MAX_NAME)
        capacity, unit = read_capacity(row)
        return Structure(
            uid=explicit_uid(row, PREFIX),
            name=name,
            types=row.value("types", context.read_types, ()),
            description=row.text("description", lines=True),
            address=row.text("address"),
            address_extra=row.text("address_extra"),
            postcode=row.value("postcode", cells.read_postcode, ""),
            commune=row.text("commune"),
            insee=row.value("insee", cells.read_insee, ""),
            lon=position.lon if position else None,
            lat=position.lat if position else None,
            position_precision=precision,
            phone=row.value("phone", cells.read_phone, ""),
            email=row.value("email", cells.read_email, ""),
            website=row.value("website", cells.read_website, ""),
            opening_hours=hours.osm,
            hours_text=hours.text,
            publics=row.value("publics", read_words("publics"), ()),
            languages=row.value("languages", read_words("langues"), ()),
            free=row.flag("free"),
            no_appointment=row.flag("no_appointment"),
            accessible=row.flag("accessible"),
            access_conditions=row.text("access_conditions", lines=True),
            reception_modes=row.value("reception_modes", read_words("modes"), ()),
            served_quartiers=row.codes("served_quartiers", cells.read_quartier_code),
            finess=row.value("finess", cells.read_finess, ""),
            siret=row.value("siret", cells.read_siret, ""),
            uai=row.value("uai", cells.read_uai, ""),
            closed=bool(row.flag("closed")),
            internal_note=row.text("internal_note", lines=True),
            reviewed_on=row.value("reviewed_on", cells.read_date, None),
            review_days=row.value("review_days", cells.read_days, None),
            capacity=capacity,
            capacity_unit=unit,
        )

    def finish(self, drafts: Sequence[Draft]) -> tuple[str, ...]:
        """Give an identifier to the rows that have none: name and commune, and address where two collide."""
        unnamed = [draft for draft in drafts if not cast(Structure, draft.record).uid]
        slugs = {id(draft): place_slug(cast(Structure, draft.record)) for draft in unnamed}
        shared = Counter(slugs[id(draft)] for draft in unnamed if not draft.row.problems)
        moved = 0
        for draft in unnamed:
            structure = cast(Structure, draft.record)
            slug = slugs[id(draft)]
            # Whatever the order of the rows, so that sorting the file does not exchange two structures.
            if shared[slug] > 1 and structure.address:
                slug = f"{slug}-{slugify(structure.address)}"
                moved += not draft.row.problems
            draft.record = replace(structure, uid=f"{PREFIX}{slug}")
        return (f"{moved} {SAME_NAME}.",) if moved else ()

    def key(self, record: Record) -> Hashable:
        """Two rows with one uid are one structure."""
        return cast(Structure, record).uid


def read_capacity(row: Row) -> tuple[float | None, str]:
    """Capacity and its unit: both, or neither where one is missing, which is remarked."""
    capacity: float | None = row.value("capacity", cells.read_capacity, None)
    unit = row.value("capacity_unit", read_word("unites"), "")
    if capacity is not None and unit:
        return capacity, unit
    if capacity is not None:
        row.remark("Capacité sans unité, laissée de côté (complétez « unité de capacité »)")
    row.given -= {"capacity", "capacity_unit"}
    return None, ""


def explicit_uid(row: Row, prefix: str) -> str:
    """Identifier the row gives (a full uid when it holds `--`), empty when it gives none."""
    native = row.text("uid", limit=MAX_IDENTIFIER)
    return native if not native or "--" in native else f"{prefix}{native}"


def place_slug(structure: Structure) -> str:
    """Name and commune (its INSEE code when known) as an identifier."""
    return "-".join(filter(None, (slugify(structure.name), structure.insee or slugify(structure.commune))))


def slugify(text: str) -> str:
    """Plain lower-case words joined by hyphens; a fingerprint for a text without Latin letters."""
    slug = normalise(text).replace(" ", "-")
    if slug or not text:
        return slug
    return hashlib.sha256(text.encode()).hexdigest()[:12]
