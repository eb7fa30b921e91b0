"""What if, on a small territory in a database: read through the view, written nowhere; scenarios kept."""

from __future__ import annotations

import csv
import io
import json
import threading
from typing import Any

import pandas as pd
import pytest
import shapely
from pandas.testing import assert_frame_equal

from reseau.errors import Conflict, NotFound, RefusedInput
from reseau.services import App, editing, scenario_ideas, scenarios
from reseau.services import saved_scenarios as shelf
from reseau.services.scenario_exports import HEADINGS, result_csv, result_text
from reseau.services.territoires import create_territoire, update_territoire
from reseau.services.view import View, open_view

HOSTILE = "=1+1 {{7*7}} <img src=x>"
FRENCH_PLAIN = str.maketrans("\u00a0\u202f", "  ")


@pytest.fixture
def place(app: App, tid: int) -> dict[str, int]:
    """Two quartiers far apart; in the first a pivot and a CMP it works with, in the second a hall."""
    for name, west, people in (("Beauval", 1.60, 3000), ("Les Tilleuls", 1.80, None)):
        editing.save_row(
            app, tid, "quartiers",
            {"name": name, "wkb": shapely.box(west, 48.10, west + 0.006, 48.104).wkb, "communes": ["99101"],
             "kind": "qpv", "commune_names": ["Ici"], "population": people, "population_source": "registre"},
        )  # fmt: skip
    made = {
        key: editing.save_row(
            app, tid, "structures",
            {"name": name, "types": [kind], "lon": lon, "lat": 48.102, "position_precision": "exacte"},
        )
        for key, name, kind, lon in (
            ("pivot", "MSP", "msp", 1.602),
            ("cmp", "CMP Est", "cmp", 1.603),
            ("hall", HOSTILE, "centre-social", 1.803),
        )
    }  # fmt: skip
    editing.save_row(
        app, tid, "relations", {"from_id": made["pivot"], "to_id": made["cmp"], "status": "actif"}
    )
    uid = editing.get_row(app, "structures", made["pivot"])["uid"]
    update_territoire(app, tid, pivot_uid=uid)
    return made


def view_of(app: App, tid: int) -> View:
    return open_view(app, tid)


def at_hall(place: dict[str, int], **more: Any) -> dict[str, Any]:
    return {"kind": "permanence", "type": "cmp", "host_id": place["hall"], **more}


def close(place: dict[str, int]) -> dict[str, Any]:
    return {"kind": "close", "structure_id": place["cmp"]}


def row_of(result: scenarios.ScenarioResult, quartier: str, code: str) -> dict[Any, Any]:
    rows = result.table
    (found,) = rows[(rows["quartier_name"] == quartier) & (rows["type_code"] == code)].to_dict("records")
    return found


class TestComparing:
    def test_today_and_then_side_by_side(self, app, tid, place):
        result = scenarios.compare_scenario(app, tid, [at_hall(place, hours="mardi 14h-17h")])
        row = row_of(result, "Les Tilleuls", "cmp")
        assert (row["state_before"], row["state_after"]) == ("eloigne", "a_relier")
        assert (row["share_before"], row["share_after"]) == (0.0, 1.0)
        assert pd.isna(row["gained"])
        assert result.problems == ()
        assert "mardi 14 h–17 h" in result.lines[0].translate(FRENCH_PLAIN)

    def test_closing_the_only_one_loses_its_inhabitants(self, app, tid, place):
        result = scenarios.compare_scenario(app, tid, [close(place)])
        row = row_of(result, "Beauval", "cmp")
        assert (row["state_before"], row["state_after"], row["gained"]) == (
            "couvert",
            "non_renseigne",
            -3000.0,
        )
        (total,) = [item for item in result.types if item.key == "cmp"]
        assert (total.lost, total.worse) == (3000.0, 2)

    def test_nothing_asked_is_nothing_changed(self, app, tid, place):
        result = scenarios.compare_scenario(app, tid, [])
        assert result.table.empty
        assert_frame_equal(result.after.states, view_of(app, tid).gaps)
        assert result.counts_before == result.counts_after

    def test_it_is_what_the_same_changes_made_for_real_give(self, app, tid, place):
        """The whole point: compared with the states once the changes are really entered."""
        changes = [close(place), at_hall(place, holder_id=place["pivot"])]
        then = scenarios.compare_scenario(app, tid, changes).after.states
        editing.save_row(
            app, tid, "permanences",
            {"structure_id": place["pivot"], "type_code": "cmp", "host_id": place["hall"]},
        )  # fmt: skip
        editing.save_row(app, tid, "structures", {"closed": True}, row_id=place["cmp"])
        assert_frame_equal(then, view_of(app, tid).gaps)

    def test_the_view_is_left_as_it_was(self, app, tid, place):
        view = view_of(app, tid)
        before = [frame.copy() for frame in (view.structures, view.permanences, view.relations, view.gaps)]
        scenarios.compare_scenario(app, tid, [close(place), at_hall(place)])
        assert view_of(app, tid) is view
        for old, frame in zip(
            before, (view.structures, view.permanences, view.relations, view.gaps), strict=True
        ):
            assert_frame_equal(pd.DataFrame(old), pd.DataFrame(frame))

    def test_a_type_nobody_expects_is_shown_when_it_is_the_question(self, app, tid, place):
        code = next(item.code for item in app.typology if not item.expected and item.gamme == "proximite")
        result = scenarios.compare_scenario(app, tid, [at_hall(place) | {"type": code}])
        assert set(result.shown["type_code"]) == {code}

    def test_a_network_and_its_losses(self, app, tid, place):
        result = scenarios.compare_scenario(app, tid, [close(place)])
        figures = {item.id: (item.before, item.after) for item in result.network.figures}
        assert figures["directes"] == (1, 0)

    def test_what_it_rests_on_is_said(self, app, tid, place):
        basis = scenarios.compare_scenario(app, tid, [{"kind": "settings", "minutes_proximite": 7}]).basis
        for words in ("ligne droite", "registre", "7\u00a0min", "État des données au"):
            assert words in basis or words.capitalize() in basis

    def test_what_is_doubtful_is_said(self, app, tid, place):
        swapped = {"kind": "permanence", "type": "cmp", "lon": 48.1, "lat": 1.6}
        gone = {"kind": "close", "structure_id": 999_999, "label": "Disparue"}
        pivot = {"kind": "close", "structure_id": place["pivot"]}
        problems = scenarios.compare_scenario(app, tid, [swapped, gone, pivot]).problems
        assert [words.partition(" :")[0] for words in problems] == [f"Changement {n}" for n in (1, 2, 3)]
        assert "longitude, puis latitude" in problems[0]
        assert "Disparue" in problems[1]
        assert "structure pivot" in problems[2]

    def test_what_cannot_be_read_is_refused_whole(self, app, tid, place):
        with pytest.raises(RefusedInput, match="Changement 2"):
            scenarios.compare_scenario(app, tid, [close(place), {"kind": "close"}])

    def test_an_answer_does_not_outlive_the_data(self, app, tid, place):
        first = scenarios.compare_scenario(app, tid, [at_hall(place)])
        assert scenarios.compare_scenario(app, tid, [at_hall(place)]) is first
        editing.delete_row(app, tid, "structures", place["hall"])
        assert scenarios.compare_scenario(app, tid, [at_hall(place)]).problems

    def test_answers_kept_are_few(self, app, tid, place):
        for minutes in range(1, scenarios.KEPT_RESULTS + 4):
            scenarios.compare_scenario(app, tid, [{"kind": "settings", "minutes_proximite": minutes}])
        assert len(view_of(app, tid).kept["scenarios"]) == scenarios.KEPT_RESULTS

    def test_a_territory_without_anything(self, app):
        empty = create_territoire(app, "Vide", communes=["99102"]).id
        result = scenarios.compare_scenario(
            app, empty, [{"kind": "structure", "type": "cmp", "lon": 1.6, "lat": 48.1}]
        )
        assert result.table.empty

    def test_a_sheet_is_named_by_its_identifier_or_its_exact_name(self, app, tid, place):
        view = view_of(app, tid)
        assert scenarios.structure_named(view, "cmp est") == place["cmp"]
        assert scenarios.structure_named(view, view.structures.at[place["cmp"], "uid"]) == place["cmp"]
        with pytest.raises(RefusedInput, match="CMP Est"):
            scenarios.structure_named(view, "CMP Es")


class TestKeeping:
    def test_kept_then_found_with_the_names_of_the_day(self, app, tid, place):
        saved = shelf.save_scenario(app, tid, "  Été  2027 ", [close(place)], note="à revoir")
        assert (saved.name, saved.note, saved.version) == ("Été 2027", "à revoir", 1)
        assert saved.changes == ({"kind": "close", "structure_id": place["cmp"], "label": "CMP Est"},)
        assert shelf.find_scenario(app, tid, "ete 2027") == saved
        assert [item.id for item in shelf.list_scenarios(app, tid)] == [saved.id]

    def test_keeping_a_scenario_is_not_a_change_of_the_data(self, app, tid, place):
        """Otherwise every figure of the territory would be computed again."""
        view = view_of(app, tid)
        shelf.save_scenario(app, tid, "A", [close(place)])
        assert view_of(app, tid) is view

    def test_what_is_gone_since_is_told_by_its_name(self, app, tid, place):
        saved = shelf.save_scenario(app, tid, "A", [close(place), at_hall(place)])
        editing.delete_row(app, tid, "structures", place["cmp"])
        result = shelf.compare_saved(app, tid, saved)
        assert "CMP Est" in result.problems[0]
        assert result.senseless == {1}

    @pytest.mark.parametrize("name", ["", "   ", "***", "x" * 1000])
    def test_a_name_is_needed(self, app, tid, place, name):
        with pytest.raises(RefusedInput, match=r"(?i)nom"):
            shelf.save_scenario(app, tid, name, [close(place)])

    def test_a_scenario_without_change_is_refused(self, app, tid, place):
        with pytest.raises(RefusedInput, match="au moins un changement"):
            shelf.save_scenario(app, tid, "Vide", [])

    @pytest.mark.parametrize("where", ["name", "note", "label"])
    def test_a_social_security_number_is_refused(self, app, tid, place, where):
        nir = "1 85 05 78 006 084 91"
        texts = {"name": "A", "note": "", "label": ""} | {where: nir}
        point = {"kind": "permanence", "type": "cmp", "lon": 1.6, "lat": 48.1, "label": texts["label"]}
        with pytest.raises(RefusedInput, match="sécurité sociale"):
            shelf.save_scenario(app, tid, texts["name"], [point], note=texts["note"])
        assert shelf.list_scenarios(app, tid) == []

    def test_a_name_is_taken_once_by_territory(self, app, tid, place):
        shelf.save_scenario(app, tid, "Été", [close(place)])
        with pytest.raises(RefusedInput, match="s'appelle déjà"):
            shelf.save_scenario(app, tid, "ete", [at_hall(place)])
        other = create_territoire(app, "Ailleurs", communes=["99102"]).id
        point = {"kind": "structure", "type": "cmp", "lon": 1.6, "lat": 48.1}
        assert shelf.save_scenario(app, other, "Été", [point]).name == "Été"

    def test_hostile_names_stay_text(self, app, tid, place):
        saved = shelf.save_scenario(app, tid, HOSTILE, [at_hall(place)])
        assert shelf.find_scenario(app, tid, HOSTILE) == saved
        assert HOSTILE in scenarios.compare_scenario(app, tid, saved.changes).lines[0]

    def test_two_people_do_not_overwrite_each_other(self, app, tid, place):
        mine = theirs = shelf.save_scenario(app, tid, "A", [close(place)])
        newer = shelf.update_scenario(app, tid, theirs, changes=[at_hall(place)])
        assert newer.version == 2
        with pytest.raises(Conflict, match="entre-temps"):
            shelf.update_scenario(app, tid, mine, name="B")
        with pytest.raises(Conflict):
            shelf.delete_scenario(app, tid, mine)
        assert shelf.list_scenarios(app, tid) == [newer]

    def test_what_somebody_deleted_is_said(self, app, tid, place):
        saved = shelf.save_scenario(app, tid, "A", [close(place)])
        shelf.delete_scenario(app, tid, saved)
        for gesture in (
            lambda: shelf.delete_scenario(app, tid, saved),
            lambda: shelf.update_scenario(app, tid, saved, name="B"),
            lambda: shelf.duplicate_scenario(app, tid, saved.id),
            lambda: shelf.find_scenario(app, tid, "A"),
        ):
            with pytest.raises(NotFound):
                gesture()

    def test_a_scenario_of_another_territory_is_out_of_reach(self, app, tid, place):
        saved = shelf.save_scenario(app, tid, "A", [close(place)])
        other = create_territoire(app, "Ailleurs", communes=["99102"]).id
        with pytest.raises(NotFound):
            shelf.delete_scenario(app, other, saved)
        assert shelf.list_scenarios(app, tid) == [saved]

    def test_people_who_save_one_name_at_once(self, app, tid, place):
        """One of them gets it, the others are told: never two of one name, nor a failure of the database."""
        answers: list[str] = []

        def save() -> None:
            try:
                shelf.save_scenario(app, tid, "Ensemble", [close(place)])
                answers.append("ok")
            except RefusedInput:
                answers.append("refus")

        threads = [threading.Thread(target=save) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(answers) == ["ok", *["refus"] * 5]
        assert len(shelf.list_scenarios(app, tid)) == 1

    def test_copies_have_names_of_their_own(self, app, tid, place):
        saved = shelf.save_scenario(app, tid, "x" * shelf.MAX_NAME, [close(place)])
        names = {shelf.duplicate_scenario(app, tid, saved.id).name for _ in range(3)}
        assert len(names) == 3
        assert all(len(name) <= shelf.MAX_NAME for name in names)

    def test_side_by_side(self, app, tid, place):
        results = [
            scenarios.compare_scenario(app, tid, [change]) for change in (close(place), at_hall(place))
        ]
        lines = {line.label: line.values for line in shelf.side_by_side(results)}
        assert lines["Structures"] == (3, 2, 3)
        assert lines["● Couvert"] == tuple(
            counts["couvert"]
            for counts in (results[0].counts_before, *(item.counts_after for item in results))
        )


class TestFiles:
    def test_the_table_is_read_by_a_spreadsheet_and_runs_nothing(self, app, tid, place):
        result = scenarios.compare_scenario(app, tid, [at_hall(place)])
        text = result_csv(result, app.typology).decode("utf-8-sig")
        rows = list(csv.DictReader(io.StringIO(text), delimiter=";"))
        assert list(rows[0]) == [*HEADINGS.values(), "calcul"]
        (row,) = [row for row in rows if row["quartier"] == "Les Tilleuls" and row["code type"] == "cmp"]
        assert (row["état aujourd'hui"], row["état ensuite"]) == ("Trop loin", "À relier")
        assert row["habitants à portée en plus (ou en moins)"] == ""
        assert not any(cell.startswith(("=", "+", "@")) for row in rows for cell in row.values())

    def test_the_text_says_what_how_and_that_nothing_is_written(self, app, tid, place):
        changes = [close(place), at_hall(place), {"kind": "close", "structure_id": 999}]
        result = scenarios.compare_scenario(app, tid, changes)
        text = result_text(result, scenarios.names_of(view_of(app, tid)), title="Et si")
        for words in (
            "Rien n'est changé",
            "1. Fermeture",
            "2. Permanence",
            "À savoir",
            "Réseau",
            result.basis,
            HOSTILE,
        ):
            assert words in text

    def test_nothing_changed_is_a_file_too(self, app, tid, place):
        result = scenarios.compare_scenario(app, tid, [])
        assert result_csv(result, app.typology).decode("utf-8-sig").count("\r\n") == 1
        assert "Aucun état ne change" in result_text(
            result, scenarios.names_of(view_of(app, tid)), title="Rien"
        )

    def test_a_result_goes_to_json(self, app, tid, place):
        saved = shelf.save_scenario(app, tid, "A", [at_hall(place)])
        assert json.loads(json.dumps(saved.changes)) == list(saved.changes)


class TestIdeas:
    def test_permanences_become_ideas_once(self, app, tid, place):
        changes = [at_hall(place, languages=["ar"], holder_id=place["cmp"])]
        ideas = scenario_ideas.create_ideas(app, tid, changes, scenario="Été")
        assert len(ideas.created) == 1
        action = view_of(app, tid).actions.loc[ideas.created[0]]
        assert (action["status"], action["type_code"], action["host_id"]) == ("idee", "cmp", place["hall"])
        assert action["quartiers"] == (view_of(app, tid).quartiers["code"].iloc[1],)
        assert {(key, role) for key, _, role in action["partners"]} == {
            (place["hall"], "accueille"),
            (place["cmp"], "coanime"),
        }
        again = scenario_ideas.create_ideas(app, tid, changes, scenario="Été")
        assert (again.created, again.known) == ((), (action["title"],))

    def test_a_point_is_kept_as_a_place(self, app, tid, place):
        point = {"kind": "permanence", "type": "cmp", "lon": 1.803, "lat": 48.102, "label": "École"}
        (created,) = scenario_ideas.create_ideas(app, tid, [point]).created
        action = view_of(app, tid).actions.loc[created]
        assert (action["place"], action["lon"], action["lat"]) == ("École", 1.803, 48.102)

    def test_what_makes_no_sense_any_more_makes_no_action(self, app, tid, place):
        gone = {"kind": "permanence", "type": "cmp", "host_id": 999_999}
        assert scenario_ideas.create_ideas(app, tid, [gone]).created == ()

    def test_nothing_else_is_written(self, app, tid, place):
        before = view_of(app, tid)
        scenario_ideas.create_ideas(app, tid, [at_hall(place), close(place)])
        after = view_of(app, tid)
        assert_frame_equal(pd.DataFrame(before.structures), pd.DataFrame(after.structures))
        assert len(after.permanences) == len(before.permanences) == 0

    def test_the_first_idea_for_a_gap_is_at_a_neighbour_else_inside(self, app, tid, place):
        view = view_of(app, tid)
        first, second = (int(key) for key in view.quartiers.index)
        assert scenario_ideas.permanence_in(view, second, "pmi")["host_id"] == place["hall"]
        editing.delete_row(app, tid, "structures", place["hall"])
        inside = scenario_ideas.permanence_in(view_of(app, tid), second, "pmi")
        assert view.quartiers.geometry[second].contains(shapely.Point(inside["lon"], inside["lat"]))
        assert first != second
