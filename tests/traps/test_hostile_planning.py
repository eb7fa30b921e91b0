"""What a restored backup or a table may try on what a team plans with.

Whoever keeps a backup may have changed it: expected types, needs, scenarios and photos of figures are then
refused in French or left aside, and the rest of the territory is still there.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reseau.errors import RefusedInput
from reseau.services import App, expectations, saved_scenarios, snapshots
from reseau.services.comparisons import compare_photos
from reseau.services.editing import save_row
from reseau.services.importing import FileToImport, import_file
from reseau.services.needs import needs_table
from reseau.services.priorities import priorities
from reseau.services.territoires import create_territoire
from reseau.services.view import open_view
from tests.traps.backups import CONTROLS, MOMENT, rows_of
from tests.traps.test_hostile_files import ADVICE, UNTRANSLATED


def deep(levels: int = 300) -> list[Any]:
    found: list[Any] = []
    for _ in range(levels):
        found = [found]
    return found


CHANGES: dict[str, Any] = {
    "rien": None,
    "un nombre": 5,
    "des mots": "fermer",
    "un objet": {"kind": "close"},
    "genre inconnu": [{"kind": "os.system"}],
    "genre d'un mégaoctet": [{"kind": "x" * 1_000_000}],
    "genre en liste": [{"kind": ["close"]}],
    "cent mille champs": [{"kind": "close", **{f"k{rank}": 1 for rank in range(100_000)}}],
    "nom d'un mégaoctet": [{"kind": "close", "structure_id": 1, "label": "x" * 1_000_000}],
    "trop de changements": [{"kind": "close", "structure_id": 1}] * 101,
    "profond": [{"kind": deep()}],
    "liste profonde": [deep()],
    "nombre démesuré": [{"kind": "move", "structure_id": 1, "lon": 10**400, "lat": 1}],
    "entier démesuré": [{"kind": "settings", "minutes_proximite": 10**400}],
    "infini": [{"kind": "settings", "minutes_proximite": float("inf")}],
    "inconnu": [{"kind": "move", "structure_id": 1, "lon": float("nan"), "lat": 1}],
    "identifiant démesuré": [{"kind": "close", "structure_id": 10**400}],
    "langues qui n'en sont pas": [
        {"kind": "permanence", "type": "cpam", "host_id": 1, "languages": [["fr"]]}
    ],
    "type en liste": [{"kind": "permanence", "type": ["cpam"], "host_id": 1}],
}


def scenario(changes: Any, name: str = "Piégé") -> dict[str, Any]:
    return {"id": 1, "territoire_id": 1, "name": name, "note": "", "changes": changes, "version": 1,
            "created_at": MOMENT, "updated_at": MOMENT}  # fmt: skip


@pytest.mark.parametrize("what", CHANGES)
def test_a_hostile_scenario_is_refused_in_french_and_can_be_deleted(
    restored: Callable[..., int], app: App, what: str
) -> None:
    tid = restored("scenarios", scenario(CHANGES[what]))
    (kept,) = saved_scenarios.list_scenarios(app, tid)
    with pytest.raises(RefusedInput, match="Piégé") as refusal:
        saved_scenarios.compare_saved(app, tid, kept)
    assert len(str(refusal.value)) < 3_000
    assert not UNTRANSLATED.search(str(refusal.value).replace("os.system", ""))
    saved_scenarios.delete_scenario(app, tid, kept)
    assert saved_scenarios.list_scenarios(app, tid) == []


def test_a_scenario_about_what_is_elsewhere_or_gone_says_so(restored: Callable[..., int], app: App) -> None:
    """Ids of another territory, of a structure erased or merged: the change is told, and changes nothing."""
    gone = [
        {"kind": "close", "structure_id": 999_999, "label": "Le centre d'avant"},
        {"kind": "permanence", "type": "cpam", "host_id": 999_999, "label": "Le centre d'avant"},
        {"kind": "end_permanence", "permanence_id": 999_999},
        {"kind": "relation", "structure_id": 999_999},
        {"kind": "move", "structure_id": 999_999, "lon": 1.6, "lat": 48.1},
    ]
    tid = restored("scenarios", scenario(gone))
    other = create_territoire(app, "Ailleurs", communes=["99901"]).id
    elsewhere = save_row(app, other, "structures", {"name": "D'ailleurs", "types": ["cpam"]})
    (kept,) = saved_scenarios.list_scenarios(app, tid)
    result = saved_scenarios.compare_saved(app, tid, kept)
    assert result.senseless == {1, 2, 3, 4, 5}
    assert any("Le centre d'avant" in text for text in (*result.problems, *result.lines))
    assert (result.table["state_before"] == result.table["state_after"]).all()
    stolen = saved_scenarios.save_scenario(app, tid, "Volé", [{"kind": "close", "structure_id": elsewhere}])
    found = saved_scenarios.compare_saved(app, tid, stolen)
    assert found.senseless == {1}
    assert not any("D'ailleurs" in text for text in (*found.problems, *found.lines))


def test_names_of_scenarios_hold_nothing_that_cannot_be_seen(restored: Callable[..., int], app: App) -> None:
    tid = restored("scenarios")
    changes = [
        {"kind": "permanence", "type": "cpam", "lon": 1.6, "lat": 48.1, "hours": "mardi\x1b[2J\ud800 14h-17h"}
    ]
    kept = saved_scenarios.save_scenario(
        app, tid, "a\x1b[31mb\x00\udcff\u202e", changes, note="un\x00\ndeux\x07"
    )
    assert (kept.name, kept.note) == ("a[31mb", "un\ndeux")
    assert not CONTROLS.search(json.dumps(kept.changes, ensure_ascii=False))
    with pytest.raises(RefusedInput, match="nom"):
        saved_scenarios.save_scenario(app, tid, "\x00\u200b", changes)


def photo(backup: Path, change: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
    """The photo of the backup, its content changed, or replaced by what the change answers."""
    (row,) = rows_of(backup, "snapshots")
    row["content"] = change(row["content"]) or row["content"]
    return row


def first_cell(content: dict[str, Any]) -> list[Any]:
    area = next(iter(content["areas"].values()))
    cells: list[Any] = next(iter(area["cells"].values()))
    return cells


def _set(content: dict[str, Any], *path: str | int, value: Any) -> None:
    holder: Any = content
    for step in path[:-1]:
        holder = holder[step]
    holder[path[-1]] = value


PHOTOS: dict[str, Callable[[dict[str, Any]], object]] = {
    "une liste": lambda _: [1],
    "des mots": lambda _: "x",
    "vide": lambda content: content.clear(),
    "d'une autre version": lambda content: _set(content, "format", value=99),
    "types en nombre": lambda content: _set(content, "types", value=5),
    "gamme inconnue": lambda content: _set(content, "types", value={"cpam": ["galaxie", "CPAM"]}),
    "quartiers en liste": lambda content: _set(content, "areas", value=[1]),
    "quartier en nombre": lambda content: _set(content, "areas", value={"x": 5}),
    "part inconnue": lambda content: _set(content, "method", "near_share", value=float("nan")),
    "vitesse infinie": lambda content: _set(content, "method", "walking_kmh", value=float("inf")),
    "vitesse nulle": lambda content: _set(content, "method", "walking_kmh", value=0),
    "31 février": lambda content: _set(content, "on", value="2026-02-31"),
    "jour en nombre": lambda content: _set(content, "on", value=5),
    "colonnes changées": lambda content: _set(content, "columns", value=["state"]),
    "comptes infinis": lambda content: _set(content, "counts", value={"structures": float("inf")}),
    "sources courtes": lambda content: _set(content, "sources", value=[[1, 2]]),
    "état inconnu": lambda content: _set(first_cell(content), 0, value="parfait"),
    "part infinie": lambda content: _set(first_cell(content), 1, value=float("inf")),
    "part démesurée": lambda content: _set(first_cell(content), 1, value=10**400),
    "lieux en mots": lambda content: _set(first_cell(content), 4, value="beaucoup"),
}


@pytest.mark.parametrize("what", PHOTOS)
def test_a_hostile_photo_is_refused_and_the_others_stay(
    restored: Callable[..., int], app: App, backup: Path, what: str
) -> None:
    bad = photo(backup, PHOTOS[what])
    (sound,) = rows_of(backup, "snapshots")
    tid = restored("snapshots", bad, sound | {"id": 77})
    with pytest.raises(RefusedInput, match="photo") as refusal:
        compare_photos(app, tid, bad["id"], None)
    assert ADVICE.search(str(refusal.value))
    assert compare_photos(app, tid, 77, None).rows
    snapshots.delete_snapshot(app, tid, bad["id"])
    assert [item.id for item in snapshots.list_snapshots(app, tid)] == [77]


def test_a_photo_of_unknown_types_and_endless_names_is_only_text(
    restored: Callable[..., int], app: App, backup: Path
) -> None:
    def change(content: dict[str, Any]) -> None:
        content["territoire"] = "x" * 1_000_000
        content["types"]["licorne"] = ["proximite", "{{7*7}}<script>"]
        for area in content["areas"].values():
            area["cells"]["licorne"] = first_cell(content)

    tid = restored("snapshots", photo(backup, change))
    (kept,) = snapshots.list_snapshots(app, tid)
    assert compare_photos(app, tid, kept.id, None).rows


SETTING = {"type_code": "cpam", "expected": True, "gamme": "proximite", "weight": 1.0, "from_inhabitants": 0,
           "review_days": None}  # fmt: skip
SETS: dict[str, Any] = {
    "un nombre": 5,
    "des mots": "tout",
    "des nombres": [1],
    "un objet": {"cpam": True},
    "sans type": [{"expected": True}],
    "type en liste": [SETTING | {"type_code": ["cpam"]}],
    "gamme inconnue": [SETTING | {"gamme": "galaxie"}],
    "gamme en liste": [SETTING | {"gamme": ["proximite"]}],
    "poids en mots": [SETTING | {"weight": "lourd"}],
    "poids inconnu": [SETTING | {"weight": float("nan")}],
    "poids démesuré": [SETTING | {"weight": 10**400}],
    "attendu peut-être": [SETTING | {"expected": "peut-être"}],
    "période en mots": [SETTING | {"review_days": "souvent"}],
    "profond": [deep()],
}


def version(content: Any) -> dict[str, Any]:
    return {
        "id": 1,
        "territoire_id": 1,
        "number": 1,
        "on": MOMENT,
        "author": "",
        "note": "",
        "content": content,
    }


@pytest.mark.parametrize("what", SETS)
def test_a_hostile_version_of_what_is_expected_is_left_out(
    restored: Callable[..., int], app: App, what: str
) -> None:
    tid = restored("expectation_versions", version(SETS[what]))
    before = open_view(app, tid).types
    assert expectations.list_versions(app, tid) == []
    for ask in (
        lambda: expectations.compare_versions(app, tid, expectations.START, 1),
        lambda: expectations.restore_version(app, tid, 1),
    ):
        with pytest.raises(RefusedInput, match=r"version 1 .*abîmée"):
            ask()
    assert open_view(app, tid).types.equals(before)


def test_a_version_out_of_bounds_is_shown_and_not_gone_back_to(
    restored: Callable[..., int], app: App
) -> None:
    heavy = [SETTING | {"weight": -5}, SETTING | {"type_code": "licorne"}]
    tid = restored("expectation_versions", version(heavy))
    assert expectations.compare_versions(app, tid, expectations.START, 1)
    with pytest.raises(RefusedInput, match="poids"):
        expectations.restore_version(app, tid, 1)


def test_hostile_needs_are_counted_nowhere(restored: Callable[..., int], app: App, backup: Path) -> None:
    """A theme nobody knows has no line; what is asked for stays what was."""
    row = rows_of(backup, "needs")[0]
    tid = restored(
        "needs", row, row | {"id": 900, "theme": "licornes"}, row | {"id": 901, "theme": "x" * 1_000_000}
    )
    view = open_view(app, tid)
    assert int(needs_table(view).sum().sum()) == row["count"]
    assert len(priorities(view).lines)


HEADER = "quartier;thème;nombre;date;recueil;note\n"
NEEDS = {
    "négatif": "QN99101M;soins;-3;;;",
    "décimal": "QN99101M;soins;2,5;;;",
    "démesuré": "QN99101M;soins;" + "9" * 400 + ";;;",
    "un milliard": "QN99101M;soins;1000000000;;;",
    "en mots": "QN99101M;soins;beaucoup;;;",
    "vide, qui n'est pas zéro": "QN99101M;soins;;;;",
    "infini": "QN99101M;soins;inf;;;",
    "en puissances": "QN99101M;soins;1e3;;;",
    "formule": "QN99101M;soins;=1+1;;;",
    "erreur du tableur": "QN99101M;soins;#REF!;;;",
    "31 février": "QN99101M;soins;3;31/02/2026;;",
    "1800": "QN99101M;soins;3;01/01/1800;;",
    "an 2999": "QN99101M;soins;3;01/01/2999;;",
    "numéro de date": "QN99101M;soins;3;45000;;",
    "quartier inconnu": "QN00000X;soins;3;;;",
    "sans quartier": ";soins;3;;;",
    "thème inconnu": "QN99101M;licornes;3;;;",
    "sans thème": "QN99101M;;3;;;",
    "numéro de sécurité sociale": "QN99101M;soins;3;;;1 85 05 78 006 084 36",
    "roman": "QN99101M;soins;3;;;" + "a" * 20_000,
}  # fmt: skip


@pytest.mark.parametrize("what", NEEDS)
def test_a_need_that_cannot_be_is_kept_aside_with_its_reason(
    restored: Callable[..., int], app: App, tmp_path: Path, what: str
) -> None:
    tid = restored("needs")
    path = tmp_path / "demandes.csv"
    path.write_text(HEADER + "QN99102M;soins;1;;;\n" + NEEDS[what] + "\n", encoding="utf-8")
    report = import_file(app, tid, "besoins", FileToImport(path=path))
    assert (report.created, len(report.refused)) == (1, 1)
    reasons = " ".join(problem.reason for problem in report.refused[0].problems)
    assert not UNTRANSLATED.search(reasons)
    assert len(open_view(app, tid).needs) == 1
