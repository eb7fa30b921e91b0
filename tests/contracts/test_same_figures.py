"""One figure, whichever door it is read at: pages, command line, files, photos, scenarios, places to open.

A committee that reads two pages must not find two numbers. Tried in a straight line and along streets.
"""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from reseau.cli import main
from reseau.config import load_config
from reseau.gaps.comparing_words import cell_words
from reseau.gaps.sentences import gap_sentence
from reseau.model.french import duration, percent
from reseau.model.vocabulary import STATE_LABELS, State
from reseau.services import App, open_app
from reseau.services._figures import figures_of
from reseau.services.demo import load_demo
from reseau.services.exporting import export
from reseau.services.measures import measured, rows_of, write_csv
from reseau.services.priorities import priorities
from reseau.services.scenarios import compare_scenario
from reseau.services.siting import SitingResult, Wish, site, walking_types
from reseau.services.siting_places import Candidate
from reseau.services.view import View, open_view
from reseau.services.walking import load_network
from reseau.ui import wording

Row = dict[str, Any]
Said = Callable[..., Any]
STREETS_EVERY = 0.0015  # degrees: about 160 m by 110 m
AROUND = 0.03  # degrees: further than the longest walk asked for
MEASURES = {
    "share": "part", "minutes_nearest": "minutes", "minutes_boundary": "minutes_limite",
    "n_near": "nombre_proche",
}  # fmt: skip
"""Columns of GAPS that a measure repeats."""
CLI = {"share": ("part_population", 4), "minutes_nearest": ("minutes_plus_proche", 1)}
"""Columns of GAPS in the documents of `lacunes` and `comparer`, and their decimals."""


class Base:
    """The demonstration in a database: its view, and the command line on the same base."""

    def __init__(self, app: App, tid: int) -> None:
        self.app, self.tid = app, tid

    @property
    def view(self) -> View:
        return open_view(self.app, self.tid)

    @property
    def rows(self) -> list[Row]:
        """Every (quartier, type), the reference of all that follows."""
        return self.view.gaps.to_dict("records")


@pytest.fixture(scope="module", params=["ligne droite", "rues"])
def base(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Base]:
    folder = tmp_path_factory.mktemp("same")
    url = f"sqlite:///{folder / 'demo.db'}"
    with (
        closing(open_app(load_config({"RESEAU_DATABASE_URL": url}))) as app,
        pytest.MonkeyPatch.context() as m,
    ):
        m.setenv("RESEAU_DATABASE_URL", url)
        tid = load_demo(app)[0].id
        if request.param == "rues":
            load_network(app, tid, _grid(folder / "rues.osm", open_view(app, tid)))
            assert not open_view(app, tid).travel.is_straight
        yield Base(app, tid)


def _grid(path: Path, view: View) -> Path:
    """Streets at right angles over the whole territory, as an OpenStreetMap file."""
    west, south, east, north = view.quartiers.total_bounds
    lons = np.arange(west - AROUND, east + AROUND, STREETS_EVERY)
    lats = np.arange(south - AROUND, north + AROUND, STREETS_EVERY / 1.5)
    number = np.arange(1, len(lons) * len(lats) + 1).reshape(len(lats), len(lons))
    nodes = [
        f'<node id="{number[y, x]}" lon="{lon:.7f}" lat="{lat:.7f}"/>'
        for y, lat in enumerate(lats)
        for x, lon in enumerate(lons)
    ]
    ways = [
        f'<way id="{rank}">{"".join(f"<nd ref={chr(34)}{node}{chr(34)}/>" for node in line)}'
        '<tag k="highway" v="residential"/></way>'
        for rank, line in enumerate([*number, *number.T], start=1)
    ]
    path.write_text(f'<osm version="0.6">{"".join(nodes)}{"".join(ways)}</osm>', encoding="utf-8")
    return path


@pytest.fixture
def said(base: Base, capsys: pytest.CaptureFixture[str]) -> Said:
    """The document of a command of the command line, on the same base."""

    def say(*words: str) -> Any:
        assert main([*words, "--json"]) == 0
        return json.loads(capsys.readouterr().out)

    return say


def shown(value: Any, digits: int) -> float | None:
    """A figure as a document writes it: rounded once, null when unknown."""
    return None if value is None or math.isnan(value) else round(float(value), digits)


def couple(row: Row) -> tuple[str, str]:
    return row["quartier_code"], row["type_code"]


def test_measures_repeat_the_states(base: Base) -> None:
    """The page Mesures says what the table of the overview says."""
    view = base.view
    for column, measure in MEASURES.items():
        assert np.array_equal(
            measured(view, measure).values.to_numpy(dtype=float), view.gaps[column].to_numpy(dtype=float),
            equal_nan=True,
        ), measure  # fmt: skip
    assert measured(view, "etat").values.tolist() == view.gaps["state"].tolist()


def test_the_command_line_repeats_the_states(base: Base, said: Said) -> None:
    wanted = {
        couple(row): (str(row["state"]), *(shown(row[name], digits) for name, (_, digits) in CLI.items()))
        for row in base.rows
    }
    lacunes = {
        (item["quartier"], item["type"]): (item["etat"], *(item[key] for key, _ in CLI.values()))
        for item in said("lacunes", "--tous")
    }
    assert lacunes == wanted
    mesures = {
        (line["quartier"], line["type"]): (
            line["mesures"]["etat"], line["mesures"]["part"], shown(line["mesures"]["minutes"], 1),
        )
        for line in said("mesures", "--tous")["lignes"]
    }  # fmt: skip
    # Four decimals, then one, may differ by one unit from one decimal at once.
    assert {key: found[:2] for key, found in mesures.items()} == {
        key: found[:2] for key, found in wanted.items()
    }
    for key, found in mesures.items():
        assert found[2] == pytest.approx(wanted[key][2], abs=0.1001)


def test_files_repeat_the_states(base: Base, tmp_path: Path) -> None:
    """What is opened in a spreadsheet is what was on the screen."""
    path = tmp_path / "lacunes.csv"
    export(base.app, base.tid, "lacunes", path)
    with path.open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.DictReader(file, delimiter=";"))
    measures = list(
        csv.DictReader(
            io.StringIO(write_csv(rows_of(base.view, base.view.gaps)).decode("utf-8-sig")), delimiter=";"
        )
    )
    titles = {"part": "Part des habitants à portée", "minutes": "Minutes à pied jusqu'au lieu le plus proche"}
    by_measure = {(line["code du quartier"], line["type"], line["mesure"]): line for line in measures}
    for row, line in zip(base.rows, lines, strict=True):
        assert line["code du quartier"] == row["quartier_code"]
        assert line["état"] == STATE_LABELS[State(row["state"])]
        for name, column, measure in (
            ("share", "part des habitants à proximité", "part"),
            ("minutes_nearest", "minutes à pied", "minutes"),
        ):
            other = by_measure[(*couple(row), titles[measure])]["valeur"]
            if np.isnan(row[name]):
                assert (line[column], other) == ("", "")
            else:
                assert float(line[column]) == row[name]
                assert float(other) == row[name]


def test_photos_and_comparisons_repeat_the_states(base: Base) -> None:
    """A photo that rounds too much would say 15 min where the page says 14."""
    areas = figures_of(base.view).areas
    for row in base.rows:
        cell = areas[row["quartier_code"]].cells.get(row["type_code"])
        if cell is None:
            assert row["n_points"] == 0
            continue
        assert (cell.state, cell.fragile, cell.near) == (row["state"], row["fragile"], row["n_near"])
        words = cell_words(cell)
        if cell.share is not None and cell.threshold is not None:
            assert percent(row["share"]) in words
        if cell.minutes is not None:
            assert duration(row["minutes_nearest"]) in words


def test_today_in_a_scenario_is_today(base: Base) -> None:
    """The side «aujourd'hui» of a scenario is the overview, whatever is changed."""
    view = base.view
    result = compare_scenario(
        base.app, base.tid, [{"kind": "settings", "minutes_proximite": 12, "walking_kmh": 3.5}]
    )
    table = result.table.set_index(["quartier_code", "type_code"])
    assert len(table) > 50
    today = view.gaps.set_index(["quartier_code", "type_code"]).loc[table.index]
    for name in ("share", "minutes_nearest", "n_points", "n_unplaced", "threshold_minutes"):
        assert np.array_equal(
            table[f"{name}_before"].to_numpy(dtype=float), today[name].to_numpy(dtype=float), equal_nan=True
        ), name
    assert table["state_before"].tolist() == today["state"].tolist()
    assert table["fragile_before"].tolist() == today["fragile"].tolist()


def _sited(base: Base, codes: tuple[str, ...]) -> SitingResult:
    view = base.view
    west, south, east, north = view.quartiers.total_bounds
    middle = Candidate(label="Milieu", lon=float(west + east) / 2, lat=float(south + north) / 2)
    return site(base.app, base.tid, Wish(types=codes, k=1, quartiers=tuple(view.quartiers["code"])), [middle])


def test_today_before_opening_a_place_is_today(base: Base) -> None:
    """Where to go starts from the shares of the overview, and counts the same inhabitants."""
    view = base.view
    result = _sited(base, tuple(walking_types(view)))
    shares = {couple(row): row for row in base.rows}
    people = dict(zip(view.people["code"], view.people["population"], strict=True))
    assert len(result.quartiers) > 100
    for row in result.quartiers.to_dict("records"):
        today = shares[row["code"], row["type_code"]]
        known = 0.0 if today["state"] == State.ABSENT else today["share"]
        assert row["before"] == pytest.approx(known, abs=1e-9, nan_ok=True), (row["code"], row["type_code"])
        assert row["people"] == pytest.approx(people[row["code"]], nan_ok=True)


def test_opening_a_place_gives_the_same_in_a_scenario(base: Base) -> None:
    """The shares promised by «Où aller» are those «Et si» finds for the very same permanence."""
    view = base.view
    code = next(
        row["type_code"]
        for row in view.expected_gaps.to_dict("records")
        if row["state"] == State.ELOIGNE and row["threshold_minutes"] > 0
    )
    (quartier, *_) = view.gaps.loc[
        (view.gaps["type_code"] == code) & (view.gaps["share"] == 0), "quartier_id"
    ]
    inside = view.quartiers.geometry[quartier].representative_point()
    place = Candidate(label="Ici", lon=float(inside.x), lat=float(inside.y))
    wish = Wish(types=(code,), k=1, quartiers=tuple(view.quartiers["code"]))
    promised = site(base.app, base.tid, wish, [place]).quartiers.set_index("code")
    opened = {"kind": "permanence", "type": code, "lon": place.lon, "lat": place.lat}
    after = compare_scenario(base.app, base.tid, [opened]).after.states
    after = after[after["type_code"] == code].set_index("quartier_code")
    gained = promised["after"] - promised["before"].fillna(0.0)
    assert gained.max() > 0.1
    for name, row in promised.iterrows():
        assert row["after"] == pytest.approx(after.at[name, "share"], abs=1e-9), name


def test_priorities_count_the_inhabitants_shown(base: Base) -> None:
    """Uncovered inhabitants are those of the shares and populations of the overview."""
    view = base.view
    rows = {couple(row): row for row in base.rows}
    lines = priorities(view).lines.to_dict("records")
    assert len(lines) > 10
    for line in lines:
        row, people = rows[couple(line)], view.people.loc[line["quartier_id"], "population"]
        assert (line["population"], line["state"], line["fragile"]) == (people, row["state"], row["fragile"])
        share = 0.0 if row["state"] == State.ABSENT else row["share"]
        counted = share * view.territoire.weight_to_link if row["state"] == State.A_RELIER else 0.0
        assert line["uncovered"] == pytest.approx(people * (1 - share + counted), abs=0.5001)


def test_the_number_of_inhabitants_is_one(base: Base) -> None:
    """Overview, photos, scenarios and measures: one population per quartier, or none anywhere."""
    view = base.view
    areas, analysed = figures_of(view).areas, view.analysis.people
    for quartier_id, row in view.people.iterrows():
        population = shown(row["population"], 0)
        assert areas[row["code"]].population == population
        assert shown(analysed[quartier_id], 0) == population


def test_words_round_alike_everywhere(base: Base) -> None:
    """«plus de 99 %» in a sentence and «100 %» beside it would be two figures."""
    view = base.view
    parts, minutes = measured(view, "part").texts, measured(view, "minutes").texts
    for row in base.rows:
        at = (row["quartier_id"], row["type_code"])
        sentence = gap_sentence(
            row, quartier=view.people.loc[at[0]], partner_type=view.typology[at[1]],
            settings=view.territoire, walked=not view.travel.is_straight,
        )  # fmt: skip
        if not np.isnan(row["share"]):
            assert parts[at] == wording.percent(row["share"]) == percent(row["share"])
            if 0 < row["share"] < 1:
                assert percent(row["share"]) in sentence
        if not np.isnan(row["minutes_nearest"]):
            assert minutes[at] == wording.minutes(row["minutes_nearest"]) == duration(row["minutes_nearest"])


def test_comparing_on_the_command_line_repeats_the_states(base: Base, said: Said) -> None:
    one, two, *_ = base.view.quartiers["code"]
    document = said("comparer", "--quartier", one, "--avec", two)
    rows = {couple(row): row for row in base.rows}
    assert document["types"]
    for item in document["types"]:
        for code, side in ((one, "quartier"), (two, "compare_a")):
            if item[side]:
                row = rows[code, item["type"]]
                assert item[side]["etat"] == row["state"]
                for name, (key, digits) in CLI.items():
                    assert item[side][key] == shown(row[name], digits)
