"""National register of health and social establishments (FINESS), filtered on a territory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from reseau.errors import RefusedInput
from reseau.model.reports import LocatedRecord, Parsed, Problem, RefusedRow, Scope
from reseau.model.typology import normalise
from reseau.sources import _files
from reseau.sources._base import ReadOptions, Source, load_spec
from reseau.sources._container import head, opened
from reseau.sources._territory import Territory, require_territory
from reseau.sources._text import UTF8
from reseau.sources.finess.layouts import Entry, Extract, read_extract
from reseau.sources.finess.plus import read_plus
from reseau.sources.finess.records import structure_of
from reseau.sources.finess.territory import select, uncovered_communes

_SHOWN_CATEGORIES = 5


class FinessSource(Source):
    """The JSON publication (FINESS+), the older two-section extractions and the flat Opendatasoft table."""

    spec = load_spec(Path(__file__).parent)

    def read(self, path: Path, scope: Scope, options: ReadOptions) -> Parsed:
        """Read the establishments of the scope's communes, and those within its radius of the areas.

        One unit read is one establishment, whatever the number of lines it takes; people's homes
        (category 462) are not counted.

        Raises:
            RefusedInput: not a file of the register, or a scope that names no territory.
        """
        extract, encoding = _extract(path, _wanted(scope))
        require_territory(scope, path.name)
        entries = list(extract.entries.values())
        kept, positions = select(entries, scope)
        records, nameless, unknown = _build(extract, kept, positions, options)
        uncovered = uncovered_communes(entries, scope)
        counts = {
            "category_462": len(extract.homes) + extract.counts["category_462"],
            "closed": extract.counts["closed"],
            "lines": extract.counts["lines"] or len(extract.entries),
            "positions_without_establishment": extract.counts["positions_without_establishment"],
            "without_position": int(np.isnan(positions[:, 0]).sum()),
            "duplicate_lines": extract.counts["duplicate_lines"],
            "unknown_categories": dict(unknown.most_common()),
        }
        return Parsed(
            records=tuple(records),
            refused=tuple(sorted([*extract.refused, *nameless], key=lambda row: row.line)),
            n_out_of_scope=len(entries) - len(kept) + extract.counts["closed"],
            data_date=extract.data_date,
            claims=self._claims(options)
            if _is_whole(extract, uncovered) and (kept or scope.communes)
            else frozenset(),
            notes=tuple(_notes(extract, counts, uncovered, encoding)),
            counts=counts,
        )

    def recognises(self, path: Path) -> bool:
        """Judged on the first bytes: words of the older extractions, or first keys of the JSON one."""
        start = head(path)
        if start.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] == b"{":
            return b'"schemaVersion"' in start and any(
                key in start for key in (b'"pmej"', b'"gcc"', b'"gco"')
            )
        first = start.decode("utf-8", "replace").partition("\n")[0]
        if normalise(first.partition(";")[0]) in {"finess", "structureet", "geolocalisation"}:
            return first.count(";") >= 3
        columns = normalise(first)
        return "categetab" in columns and "finess" in columns

    def _claims(self, options: ReadOptions) -> frozenset[str]:
        return frozenset(code for code in self.spec.claims if code in options.typology)


def _wanted(scope: Scope) -> Callable[[str], bool]:
    """Whether a commune may be kept: any when a radius counts too."""
    territory = Territory(scope)
    return lambda insee: territory.has_radius or territory.has(insee)


def _extract(path: Path, wanted: Callable[[str], bool]) -> tuple[Extract, str]:
    """Everything the file says, and its encoding."""
    if _is_json(path):
        with opened(path) as stream:
            return read_plus(stream, path.name, wanted), UTF8
    with opened(path) as stream:
        content = stream.read(_files.MAX_FILE_BYTES + 1)
    if len(content) > _files.MAX_FILE_BYTES:
        raise RefusedInput(
            f"Le fichier « {path.name} » est trop gros ({_files.MAX_FILE_BYTES // _files.MEGABYTE} Mo au "
            "plus) : prenez un extrait de votre territoire."
        )
    text, encoding = _files.decode(content, path.name)
    return read_extract(text, path.name, wanted), encoding


def _is_json(path: Path) -> bool:
    """An object that is not a map: maps are refused in their own words.

    Raises:
        RefusedInput: the file cannot be opened.
    """
    with opened(path) as stream:
        start = stream.read(4096).lstrip(b"\xef\xbb\xbf \r\n\t")
    return start[:1] == b"{" and b'"FeatureCollection"' not in start and b'"features"' not in start


def _is_whole(extract: Extract, uncovered: Sequence[str]) -> bool:
    """Whether what the file does not list does not exist: a download may have stopped half-way."""
    return not (extract.cut or uncovered)


def _build(
    extract: Extract, kept: Sequence[Entry], positions: np.ndarray, options: ReadOptions
) -> tuple[list[LocatedRecord], list[RefusedRow], Counter[str]]:
    records: list[LocatedRecord] = []
    nameless: list[RefusedRow] = []
    unknown: Counter[str] = Counter()
    for entry, position in zip(kept, positions.tolist(), strict=True):
        values = extract.values(entry)
        row = {name: value for name, value in values.items() if value and name != "kind"}
        built = structure_of(entry, values, position=position, typology=options.typology)
        if built is None:
            reason = "L'établissement n'a pas de nom (raison sociale) : complétez la ligne."
            problem = Problem(line=entry.line, column="rs", value="", reason=reason)
            nameless.append(RefusedRow(line=entry.line, problems=(problem,), row=row))
            continue
        if options.typology.for_finess(entry.category) is None:
            unknown[values.get("libcategetab", "").strip() or f"catégorie {entry.category or 'vide'}"] += 1
        records.append(LocatedRecord(line=entry.line, record=built[0], fields=built[1], row=row))
    return records, nameless, unknown


def _notes(extract: Extract, counts: dict[str, object], uncovered: list[str], encoding: str) -> list[str]:
    sentences = {
        "closed": "{n} établissement(s) que le répertoire dit fermés : non pris.",
        "category_462": "{n} lieu(x) de vie et d'accueil (catégorie 462, des domiciles) : non lus.",
        "positions_without_establishment": "{n} géolocalisation(s) sans établissement dans le fichier.",
        "duplicate_lines": "{n} ligne(s) dont le numéro FINESS est déjà lu : la première est gardée.",
    }
    notes = [text.format(n=counts[name]) for name, text in sentences.items() if counts[name]]
    if extract.counts["lines"] > len(extract.entries):
        notes.append(
            f"{extract.counts['lines']} lignes pour {len(extract.entries)} établissements : une ligne par "
            "activité, chaque établissement est pris une fois."
        )
    notes += _position_notes(extract, counts)
    unknown = counts["unknown_categories"]
    if isinstance(unknown, dict) and unknown:
        top = ", ".join(f"{label} ({n})" for label, n in list(unknown.items())[:_SHOWN_CATEGORIES])
        notes.append(
            f"{sum(unknown.values())} établissement(s) de {len(unknown)} catégorie(s) sans type dans la "
            f"typologie, pris comme « Autre structure » : {top}"
            f"{'…' if len(unknown) > _SHOWN_CATEGORIES else '.'}"
        )
    if extract.other_kinds:
        kinds = ", ".join(f"{kind} ({n})" for kind, n in extract.other_kinds.most_common(3))
        notes.append(f"{extract.other_kinds.total()} ligne(s) d'un genre inconnu, non lues : {kinds}.")
    if extract.unused_columns:
        notes.append(f"Colonnes non utilisées : {', '.join(extract.unused_columns)[:300]}.")
    if uncovered:
        notes.append(
            f"Le fichier ne semble pas couvrir {', '.join(uncovered[:5])} : aucun type ne sera dit absent "
            "d'après lui. Prenez le fichier national ou celui du département."
        )
    if extract.cut:
        notes.append(
            "La dernière ligne est coupée, le fichier est sans doute incomplet : aucun type ne sera dit "
            "absent d'après lui. Téléchargez-le de nouveau."
        )
    if encoding != UTF8:
        notes.append(f"Fichier lu en {encoding} : vérifiez les accents.")
    return notes


def _position_notes(extract: Extract, counts: dict[str, object]) -> list[str]:
    missing = counts["without_position"]
    if not missing:
        return []
    if not extract.has_positions:
        return [
            f"Ce fichier ne donne pas de position : {missing} établissement(s) à placer par leur adresse."
        ]
    return [f"{missing} établissement(s) sans position utilisable : à placer par leur adresse."]


SOURCE = FinessSource()
