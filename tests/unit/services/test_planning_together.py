"""Several people plan at the same moment, each with an application of their own on the same database."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from reseau.config import load_config
from reseau.errors import Conflict, RefusedInput
from reseau.exports import all_exports
from reseau.services import App, expectations, open_app, saved_scenarios, snapshots
from reseau.services.editing import save_row
from reseau.services.exporting import export
from reseau.services.siting import Wish, site
from reseau.services.siting_actions import propose_actions
from reseau.services.siting_places import structure_candidates
from reseau.services.territoires import set_types
from reseau.services.view import open_view
from reseau.services.walking import drop_network, load_network
from tests.unit.services.sites import town
from tests.unit.services.test_walking import STREET, extract

PEOPLE = 6
HIDDEN = "Ne sort pas d'ici"
NEAR = [{"kind": "settings", "near_share": 0.4}]


@pytest.fixture
def desks(app: App, tid: int) -> Iterator[list[App]]:
    """Two applications on the database of `app`, where a small town is."""
    town(app, tid)
    with closing(open_app(load_config({"RESEAU_DATABASE_URL": app.store.url}))) as other:
        yield [app, other]


def together(desks: list[App], do: Callable[[App, int], Any], people: int = PEOPLE) -> list[Any]:
    """What each person got: an answer, or what was raised."""
    found: list[Any] = []
    start = threading.Barrier(people)

    def work(rank: int) -> None:
        start.wait()
        try:
            found.append(do(desks[rank % 2], rank))
        except Exception as error:  # noqa: BLE001 -- whatever it is, the test judges it
            found.append(error)

    threads = [threading.Thread(target=work, args=(rank,)) for rank in range(people)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def kinds(found: list[Any]) -> list[str]:
    return sorted(type(item).__name__ for item in found if isinstance(item, Exception))


def test_one_scenario_of_a_name_and_one_change_at_a_time(desks: list[App], tid: int) -> None:
    found = together(desks, lambda app, _: saved_scenarios.save_scenario(app, tid, "Le même", NEAR))
    assert kinds(found) == [RefusedInput.__name__] * (PEOPLE - 1)
    (saved,) = saved_scenarios.list_scenarios(desks[0], tid)
    found = together(
        desks, lambda app, rank: saved_scenarios.update_scenario(app, tid, saved, note=f"de {rank}")
    )
    assert kinds(found) == [Conflict.__name__] * (PEOPLE - 1)
    together(desks, lambda app, _: saved_scenarios.duplicate_scenario(app, tid, saved.id))
    names = [item.name for item in saved_scenarios.list_scenarios(desks[0], tid)]
    assert len(set(names)) == PEOPLE + 1


def test_each_set_of_expected_types_is_a_version_to_go_back_to(desks: list[App], tid: int) -> None:
    """The last one counts; none is lost."""
    first = expectations.settings_of(desks[0], tid, expectations.START)[0]
    found = together(desks, lambda app, rank: set_types(app, tid, [replace(first, weight=1 + rank / 8)]))
    assert sorted(found) == list(range(1, PEOPLE + 1))
    versions = expectations.list_versions(desks[0], tid)
    weights = {item.settings[first.type_code].weight for item in versions}
    assert weights == {1 + rank / 8 for rank in range(PEOPLE)}


def test_one_change_of_a_need(desks: list[App], tid: int) -> None:
    quartier_id = int(open_view(desks[0], tid).quartiers.index[0])
    row_id = save_row(desks[0], tid, "besoins", {"quartier_id": quartier_id, "theme": "soins", "count": 1})
    version = int(open_view(desks[0], tid).needs.at[row_id, "version"])
    found = together(
        desks,
        lambda app, rank: save_row(app, tid, "besoins", {"count": 10 + rank}, row_id=row_id, version=version),
    )
    assert kinds(found) == [Conflict.__name__] * (PEOPLE - 1)


def test_pressing_twice_creates_actions_once(desks: list[App], tid: int) -> None:
    places = structure_candidates(open_view(desks[0], tid), ["centre-social"])
    result = site(desks[0], tid, Wish(types=("pmi",), k=2), places)
    found = together(desks, lambda app, _: len(propose_actions(app, tid, result).created))
    assert sorted(found) == [0] * (PEOPLE - 1) + [len(result.proposals)]
    assert len(open_view(desks[0], tid).actions) == len(result.proposals) == 2


def test_one_photo_a_month(desks: list[App], tid: int) -> None:
    found = together(desks, lambda app, _: snapshots.keep_monthly(app, tid))
    assert found.count(None) == PEOPLE - 1
    assert len(snapshots.list_snapshots(desks[0], tid)) == 1


def test_figures_are_of_one_network_or_of_none(desks: list[App], tid: int, tmp_path: Path) -> None:
    """Streets come and go while figures are computed: what is said was used is what was used."""
    path = extract(tmp_path, STREET)

    def work(app: App, rank: int) -> tuple[str, float] | None:
        if rank < 2:
            load_network(app, tid, path)
        elif rank < 4:
            drop_network(app, tid)
        else:
            view = open_view(app, tid)
            return view.travel.label, float(view.gaps["minutes_nearest"].sum())
        return None

    found = [item for _ in range(4) for item in together(desks, work, people=8)]
    assert not kinds(found)
    by_label: dict[str, set[float]] = {}
    for item in found:
        if item is not None:
            by_label.setdefault(item[0], set()).add(round(item[1], 6))
    assert by_label
    assert all(len(sums) == 1 for sums in by_label.values()), by_label


def test_nothing_of_planning_is_public(desks: list[App], tid: int, tmp_path: Path) -> None:
    """Needs, scenarios, photos, versions and the name of a file of streets stay with the team."""
    app = desks[0]
    quartier_id = int(open_view(app, tid).quartiers.index[0])
    save_row(app, tid, "besoins", {"quartier_id": quartier_id, "theme": "soins", "count": 3, "note": HIDDEN})
    saved_scenarios.save_scenario(app, tid, HIDDEN, NEAR, note=HIDDEN)
    snapshots.keep_snapshot(app, tid, HIDDEN)
    first = expectations.settings_of(app, tid, expectations.START)[0]
    set_types(app, tid, [replace(first, weight=2.5)], author=HIDDEN, note=HIDDEN)
    load_network(app, tid, extract(tmp_path, STREET, name=f"{HIDDEN}.osm"))
    written = []
    for one in all_exports().values():
        path = tmp_path / f"{one.id}{one.extension}"
        try:
            export(app, tid, one.id, path, public=True)
        except RefusedInput:
            continue
        written.append(one.id)
        content = path.read_bytes()
        if path.suffix == ".xlsx":
            import zipfile

            with zipfile.ZipFile(path) as archive:
                content = b"".join(archive.read(name) for name in archive.namelist())
        text = content.decode("utf-8", "replace")
        assert HIDDEN not in text, one.id
        assert json.dumps(HIDDEN).strip('"') not in text, one.id
        assert "fragile" not in text.lower(), one.id
    assert {"csv", "xlsx", "geojson", "lacunes"} <= set(written)
    assert "besoins" not in written


def test_the_name_of_a_photo_holds_no_patient_number(desks: list[App], tid: int) -> None:
    with pytest.raises(RefusedInput, match="sécurité sociale"):
        snapshots.keep_snapshot(desks[0], tid, "1 85 05 78 006 084 36")
