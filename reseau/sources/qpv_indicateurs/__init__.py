"""Figures about QPV (population, poverty…): they complete quartiers that boundaries made, they make none."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from reseau.errors import RefusedInput
from reseau.model.communes import current_code, department_of, matching_codes, restore_insee
from reseau.model.indicators import load_indicators
from reseau.model.records import Quartier
from reseau.model.reports import LocatedRecord, Parsed, Problem, RefusedRow, Scope
from reseau.model.typology import normalise
from reseau.sources._base import ReadOptions, Source, load_spec
from reseau.sources._cells import CellError, read_quartier_code
from reseau.sources._figures import figure_columns, hidden, number
from reseau.sources._files import DAMAGED
from reseau.sources._peek import TABLE, WORKBOOK, glimpse
from reseau.sources._reading import Reading
from reseau.sources._table import TableRow, read_table
from reseau.sources.qpv.attributes import MAX_POPULATION
from reseau.sources.qpv_indicateurs.columns import Columns, count_recognised, recognise

SOURCE_WORDS = "INSEE, population municipale"
_GENERATIONS = {"N": 2024, "P": 2015}


@dataclass(slots=True, kw_only=True)
class _Reading(Reading):
    """What has been read so far of one file."""

    columns: Columns
    figures: tuple[str, ...]
    scope: Scope


class QpvIndicateursSource(Source):
    """A table of figures by quartier, of any generation and year."""

    spec = load_spec(Path(__file__).parent)

    def read(self, path: Path, scope: Scope, options: ReadOptions) -> Parsed:
        """Read the figures of every quartier that may be in the scope.

        A record has only what its row gives: a secret figure has no key, a secret population is not given.

        Raises:
            RefusedInput: not a table, no column of codes of quartiers, or no figure beside it.
        """
        table = read_table(path, recognise=count_recognised, sheet=options.sheet)
        columns = recognise(table.columns)
        figures = figure_columns([row.cells for row in table.rows], columns.figures) if columns else ()
        if columns is None or not figures:
            seen = ", ".join(table.columns)[:300]
            raise RefusedInput(
                f"« {path.name} » n'est pas un fichier de chiffres des quartiers : il faut une colonne de "
                f"codes (code_qp, CODGEO) et des colonnes de chiffres. Colonnes lues : {seen or 'aucune'}."
            )
        reading = _Reading(columns=columns, figures=figures, scope=scope)
        for row in table.rows:
            _take(row, reading)
        if not reading.codes and not reading.n_out_of_scope:
            raise RefusedInput(
                f"« {path.name} » : aucune ligne n'a de code de quartier dans la colonne « {columns.code} "
                "». Ce n'est sans doute pas un fichier de chiffres par quartier."
            )
        return reading.parsed((*table.notes, *_notes(reading)))

    def recognises(self, path: Path) -> bool:
        """A table with codes of quartiers and figures that are known; a workbook is opened to be sure."""
        seen = glimpse(path)
        names = seen.columns if seen.shape == TABLE else frozenset()
        if seen.shape == WORKBOOK:
            with suppress(RefusedInput, *DAMAGED):
                names = frozenset(map(normalise, read_table(path, recognise=count_recognised).columns))
        columns = recognise(sorted(names))
        known = {normalise(code) for code in load_indicators() if len(code) > 1}
        return columns is not None and (bool(columns.population) or len(names & known) > 1)


def _take(row: TableRow, reading: _Reading) -> None:
    code, problem = _code(row, reading)
    if problem is not None:
        reading.refused.append(RefusedRow(line=row.line, problems=(problem,), row=row.cells))
        return
    if not _in_scope(code, row.cells.get(reading.columns.communes, ""), reading.scope):
        reading.n_out_of_scope += 1
        return
    reading.codes[code] = row.line
    record, fields = _record(code, row.cells, reading)
    reading.records.append(LocatedRecord(line=row.line, record=record, fields=fields, row=row.cells))


def _code(row: TableRow, reading: _Reading) -> tuple[str, Problem | None]:
    column = reading.columns.code
    text = row.cells.get(column, "")
    if row.defect:
        return "", Problem(line=row.line, column="", value="", reason=row.defect)
    reason = "Le code du quartier est vide : sans lui, ces chiffres n'appartiennent à aucun quartier."
    if text:
        try:
            code = read_quartier_code(text)
            first = reading.codes.get(code)
            if not first:
                return code, None
            reason = f"Ce quartier est déjà à la ligne {first} : gardez une seule des deux."
        except CellError as error:
            reason = str(error)
    return "", Problem(line=row.line, column=column, value=text[:200], reason=reason)


def _in_scope(code: str, communes: str, scope: Scope) -> bool:
    """False when the row is surely of elsewhere. The quartiers of the territory have the last word."""
    if code[:2] in {wanted[:2] for wanted in scope.qpv_codes}:
        return code in scope.qpv_codes
    if not scope.communes or code.startswith("QV-"):
        return True
    codes = [restore_insee(part) for part in re.split(r"[,;|/]", communes) if part.strip()]
    if codes and all(codes):
        wanted = matching_codes(scope.communes)
        return any(current_code(insee) in wanted for insee in codes if insee)
    digits = code[2:5].removeprefix("0")
    departments = {department_of(insee) for insee in scope.communes}
    return digits in departments or digits[:2] in departments


def _record(code: str, cells: Mapping[str, str], reading: _Reading) -> tuple[Quartier, frozenset[str]]:
    indicators: dict[str, float] = {}
    for column in reading.figures:
        text = cells.get(column, "")
        value = number(text)
        if value is not None:
            indicators[column.strip().lower()] = value
        else:
            reading.counts["hidden" if hidden(text) else "unreadable"] += 1
    given: dict[str, object] = {"indicators": indicators} if indicators else {}
    population = indicators.get(reading.columns.population.strip().lower())
    if population is not None and 0 < round(population) <= MAX_POPULATION:
        given |= {
            "population": round(population),
            "population_source": f"{SOURCE_WORDS} {_year(cells, reading)}",
        }
    elif reading.columns.population:
        reading.counts["population_unknown"] += 1
    record = Quartier(
        code=code,
        name=cells.get(reading.columns.name, "") or code,
        generation=_GENERATIONS.get(code[1]),
        kind="vecu" if code.startswith("QV-") else "qpv",
        wkb=b"",
        **given,  # type: ignore[arg-type]
    )
    return record, frozenset({"code", *given})


def _year(cells: Mapping[str, str], reading: _Reading) -> str:
    said = cells.get(reading.columns.year, "")
    year = said if re.fullmatch(r"(?:19|20)\d{2}", said) else reading.columns.population_year
    return str(year) if year else "(année non précisée)"


def _notes(reading: _Reading) -> list[str]:
    counts, columns = reading.counts, reading.columns
    notes = [f"{len(reading.figures)} colonne(s) de chiffres lue(s)."]
    words = [name for name in columns.figures if name not in reading.figures]
    if words:
        notes.append(f"Colonnes non utilisées (sans aucun chiffre) : {', '.join(words)[:300]}.")
    if counts["hidden"]:
        notes.append(
            f"{counts['hidden']} chiffre(s) secrets ou absents : laissés inconnus, ce ne sont pas des zéros."
        )
    if counts["unreadable"]:
        notes.append(f"{counts['unreadable']} chiffre(s) illisibles, laissés inconnus.")
    if counts["population_unknown"]:
        notes.append(f"{counts['population_unknown']} quartier(s) sans population connue dans ce fichier.")
    if columns.population and not (columns.year or columns.population_year):
        notes.append("Le fichier ne dit pas de quelle année est la population.")
    if not reading.records and not reading.refused:
        notes.append("Aucun quartier de ce fichier n'est dans le département du territoire.")
    return notes


SOURCE = QpvIndicateursSource()
