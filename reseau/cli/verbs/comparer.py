"""`comparer`: two quartiers, a quartier and its commune, two dates, quartiers alike elsewhere."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from reseau.cli._base import Answer, Command, number, progress
from reseau.errors import RefusedInput
from reseau.model import french
from reseau.model.vocabulary import STATE_LABELS, State
from reseau.services import App, territoires

if TYPE_CHECKING:
    from reseau.gaps.comparing import DatesRow, MethodChange, Reached
    from reseau.gaps.figures import Area, Cell
    from reseau.services.comparisons import DatesComparison, PlacesComparison
    from reseau.services.sisters import Sister, TerritoireRow

SHOWN = 40


def arguments(parser: argparse.ArgumentParser) -> None:
    """What it expects."""
    parser.add_argument("--quartier", metavar="CODE", help="quartier à comparer")
    with_what = parser.add_mutually_exclusive_group()
    with_what.add_argument("--avec", metavar="CODE", help="un autre quartier du territoire")
    with_what.add_argument("--commune", action="store_true", help="sa commune")
    with_what.add_argument(
        "--soeurs",
        action="store_true",
        help="les quartiers d'autres territoires qui ont à peu près autant d'habitants ; sans --quartier, "
        "les territoires",
    )
    with_what.add_argument("--photo", metavar="DATE|N°", help="une photo des chiffres, avec aujourd'hui")
    with_what.add_argument("--photos", action="store_true", help="lister les photos gardées")
    parser.add_argument(
        "--jusqua", metavar="DATE|N°", help="avec --photo : une autre photo au lieu d'aujourd'hui"
    )


def run(app: App, args: argparse.Namespace) -> Answer:
    """Compare what was asked."""
    from reseau.services import comparisons, sisters, snapshots

    tid = territoires.find_territoire(app, args.territoire).id
    if args.photos:
        return [_photo(item) for item in snapshots.list_snapshots(app, tid)]
    if args.photo:
        before = snapshots.find_snapshot(app, tid, args.photo).id
        after = snapshots.find_snapshot(app, tid, args.jusqua).id if args.jusqua else None
        return _dates(comparisons.compare_photos(app, tid, before, after), args.quartier)
    if args.soeurs and not args.quartier:
        return [_territoire(row) for row in sisters.territories(app, tid, on_progress=progress)]
    if not (args.avec or args.commune or args.soeurs):
        raise RefusedInput(
            "Dites à quoi comparer : --avec CODE, --commune, --soeurs, --photo DATE ou --photos."
        )
    if not args.quartier:
        raise RefusedInput("Dites quel quartier comparer : --quartier CODE (les codes : « lacunes --json »).")
    labels = {item.code: item.short_label for item in app.typology}
    if args.avec:
        return _places(comparisons.compare_quartiers(app, tid, args.quartier, args.avec), labels)
    if args.commune:
        return _places(comparisons.compare_with_commune(app, tid, args.quartier), labels)
    return _sisters(sisters.sisters(app, tid, args.quartier, on_progress=progress), labels)


def _photo(item: Any) -> dict[str, Any]:
    return {"photo": item.id, "date": item.on.isoformat(), "nom": item.label, "automatique": item.automatic}


def _places(found: PlacesComparison, labels: Mapping[str, str]) -> dict[str, Any]:
    from reseau.gaps.comparing_words import places_sentences

    return {
        "resume": places_sentences(found.left, found.right, found.rows, labels=labels),
        "notes": list(found.notes),
        "quartier": _area(found.left, found.reached_left),
        "compare_a": _area(found.right, found.reached_right),
        "types": [
            {
                "type": row.type_code,
                "difference": row.verdict.value,
                "quartier": _cell(row.left),
                "compare_a": _cell(row.right),
            }
            for row in found.rows
        ],
    }


def _area(area: Area, found: Reached) -> dict[str, Any]:
    return {
        "code": area.code,
        "nom": area.name,
        "habitants": _people(area.population),
        "indicateur_social": area.poverty,
        "atteints": found.reached,
        "attendus": found.expected,
        "non_renseignes": found.unknown,
    }


def _people(population: float | None) -> int | None:
    return None if population is None else int(population)


def _cell(cell: Cell | None) -> dict[str, Any] | None:
    if cell is None:
        return None
    return {
        "etat": cell.state.value,
        "part_population": number(cell.share, 4),
        "minutes_plus_proche": number(cell.minutes, 1),
        "lieux_proches": cell.near,
        "lieux_a_500_m": cell.around,
        "lieux_dans": cell.inside,
        "attendu": cell.expected,
        "fragile": cell.fragile,
    }


def _dates(found: DatesComparison, quartier: str | None) -> dict[str, Any]:
    from reseau.gaps.comparing import Cause
    from reseau.gaps.comparing_words import dates_sentences

    rows = [row for row in found.rows if quartier in {None, row.quartier_code}]
    if quartier is not None and not rows:
        raise RefusedInput(f"Aucun quartier « {quartier} », ni à l'une ni à l'autre date.")
    return {
        "avant": found.before.on.isoformat(),
        "apres": found.after.on.isoformat(),
        "resume": dates_sentences(found.before, found.after, rows, methods=found.methods),
        "methode": _changes(found.methods),
        "sources": _changes(found.sources),
        "separe": found.separated,
        "cases": [_change(row) for row in rows if row.cause is not Cause.NONE],
    }


def _changes(changes: Iterable[MethodChange]) -> list[dict[str, str]]:
    return [{"quoi": item.label, "avant": item.before, "apres": item.after} for item in changes]


def _change(row: DatesRow) -> dict[str, Any]:
    return {
        "quartier": row.quartier_code,
        "nom": row.quartier_name,
        "type": row.type_code,
        "changement": row.verdict.value,
        "vient_de": row.cause.value,
        "avant": _cell(row.before),
        "apres": _cell(row.after),
        "methode": list(row.methods),
    }


def _sisters(found: Any, labels: Mapping[str, str]) -> dict[str, Any]:
    closest = found.closest
    return {
        "quartier": found.area.code,
        "habitants": _people(found.area.population),
        "tolerance": found.tolerance,
        "elargie": found.widened,
        "territoires_compares": found.others,
        "soeurs": [_sister(item, labels) for item in found.sisters],
        "plus_proche": list(closest) if closest else None,
        "population_inconnue": [list(item) for item in found.unknown],
    }


def _sister(item: Sister, labels: Mapping[str, str]) -> dict[str, Any]:
    return {
        "territoire": item.territoire,
        "fictif": item.fictional,
        "reglages_differents": _changes(item.settings),
        **_places(item.comparison, labels),
    }


def _territoire(row: TerritoireRow) -> dict[str, Any]:
    return {
        "territoire": row.name,
        "fictif": row.fictional,
        "ici": row.here,
        "quartiers": row.quartiers,
        "habitants": _people(row.population),
        "cases_atteintes": row.reached.reached,
        "cases_attendues": row.reached.expected,
        "cases_non_renseignees": row.reached.unknown,
        "reglages_differents": _changes(row.settings),
    }


def lines(answer: Answer) -> list[str]:
    """Sentences first, then one line per difference."""
    if isinstance(answer, list):
        return [_line(item) for item in answer] or ["Aucune photo des chiffres n'est encore gardée."]
    if "soeurs" in answer:
        return _sisters_lines(answer)
    if "cases" in answer:
        return _dates_lines(answer)
    return _places_lines(answer)


def _line(item: Mapping[str, Any]) -> str:
    if "photo" in item:
        kept = " (gardée d'elle-même)" if item["automatique"] else ""
        return f"{item['photo']} | {item['date']} | {_text(item['nom'] or 'sans nom')}{kept}"
    people = "habitants non renseignés" if item["habitants"] is None else f"{item['habitants']:.0f} habitants"
    here = " (ici)" if item["ici"] else ""
    other = " | réglages différents" if item["reglages_differents"] else ""
    return (
        f"{_text(item['territoire'])}{here} | {item['quartiers']} quartiers | {people} | "
        f"{item['cases_atteintes']} cases atteintes sur {item['cases_attendues']} "
        f"({item['cases_non_renseignees']} non renseignées){other}"
    )


def _places_lines(answer: Mapping[str, Any]) -> list[str]:
    found = [*map(_text, answer["resume"]), *(f"– {_text(note)}" for note in answer["notes"]), ""]
    shown = [row for row in answer["types"] if row["difference"] in {"mieux", "moins_bien"}]
    for row in shown[:SHOWN]:
        found.append(
            f"{row['type']} | {_said(row['quartier'])} | {_said(row['compare_a'])} | "
            f"{row['difference'].replace('_', ' ')}"
        )
    unknown = sum(row["difference"] == "inconnu" for row in answer["types"])
    same = len(answer["types"]) - len(shown) - unknown
    return [
        *found,
        *_rest(len(shown)),
        f"Types pareils : {same} ; non comparables : {unknown} (tous avec --json).",
    ]


def _dates_lines(answer: Mapping[str, Any]) -> list[str]:
    found = [*map(_text, answer["resume"])]
    for title, changes in (
        ("Mesuré autrement", answer["methode"]),
        ("Fichiers et fiches", answer["sources"]),
    ):
        if changes:
            found += ["", f"{title} :"]
            found += [_text(f"– {item['quoi']} : {item['avant']} → {item['apres']}") for item in changes]
    found.append("")
    for row in answer["cases"][:SHOWN]:
        found.append(
            f"{_text(row['nom'])} | {row['type']} | {_said(row['avant'])} → {_said(row['apres'])} | "
            f"{row['changement'].replace('_', ' ')} | {row['vient_de']}"
        )
    return [*found, *_rest(len(answer["cases"]))]


def _sisters_lines(answer: Mapping[str, Any]) -> list[str]:
    if answer["habitants"] is None:
        return ["La population de ce quartier n'est pas renseignée : rien ne peut lui être comparé."]
    found = []
    if answer["elargie"]:
        found.append(f"Aucun quartier à ± 20 % : recherche élargie à ± {round(answer['tolerance'] * 100)} %.")
    for item in answer["soeurs"]:
        other = item["compare_a"]
        fictional = " (territoire fictif)" if item["fictif"] else ""
        found.append(
            _text(f"{other['nom']}, {item['territoire']}{fictional}, {other['habitants']:.0f} habitants")
        )
        found += [f"  {_text(sentence)}" for sentence in item["resume"]]
        found += [
            _text(f"  réglage différent, {change['quoi']} : {change['avant']} ici, {change['apres']} là-bas")
            for change in item["reglages_differents"]
        ]
    if not answer["soeurs"]:
        found.append(
            "Aucun quartier d'un autre territoire de cette base n'a une population proche."
            if answer["territoires_compares"]
            else "Cette base n'a qu'un territoire : rien à comparer."
        )
    if answer["population_inconnue"]:
        found.append(f"{len(answer['population_inconnue'])} quartiers de population inconnue, non comparés.")
    return found


def _said(cell: Mapping[str, Any] | None) -> str:
    if cell is None:
        return "ni attendu ni connu"
    share = "" if cell["part_population"] is None else f", {french.percent(cell['part_population'])}"
    walk = cell["minutes_plus_proche"]
    minutes = "" if walk is None else f", {french.decimal(walk)} min"
    return f"{STATE_LABELS[State(cell['etat'])]}{share}{minutes}"


def _rest(count: int) -> list[str]:
    return [f"… et {count - SHOWN} autres (toutes avec --json)"] if count > SHOWN else []


def _text(text: str) -> str:
    """Text of people and files on one line of a terminal, without its control characters."""
    return "".join(char if char.isprintable() or char in "\u00a0\u202f" else " " for char in text)


COMMAND = Command(
    id="comparer",
    help="comparer deux quartiers, un quartier et sa commune, deux dates, des territoires",
    order=66,
    arguments=arguments,
    run=run,
    lines=lines,
)
