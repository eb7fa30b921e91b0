"""Choices of places on a town that can be counted by hand, and what is said of them."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date, timedelta

import pytest
from shapely import box

from reseau.errors import RefusedInput
from reseau.model.context import OSM_ATTRIBUTION
from reseau.plan.changes import read_changes
from reseau.plan.siting import Outcome
from reseau.services import App
from reseau.services.editing import delete_row, get_row, save_row, set_absence
from reseau.services.siting import MAX_CANDIDATES, SitingResult, Wish, site
from reseau.services.siting_actions import (
    holders,
    propose_actions,
    propose_permanence,
    scenario_changes,
)
from reseau.services.siting_places import (
    Candidate,
    free_point,
    host_kinds,
    read_point,
    repere_candidates,
    repere_kinds,
    structure_candidates,
)
from reseau.services.territoires import create_territoire, set_types
from reseau.services.view import open_view
from tests.frames import lonlat
from tests.unit.services.conftest import Importer
from tests.unit.services.sites import PEOPLE, STEP, add_quartier, add_structure, town

PMI = Wish(types=("pmi",), k=1)


def centres(app: App, tid: int) -> list[Candidate]:
    return structure_candidates(open_view(app, tid), ["centre-social"])


def solved(app: App, tid: int, **wish: object) -> SitingResult:
    return site(app, tid, replace(PMI, **wish), centres(app, tid))  # type: ignore[arg-type]


def names(result: SitingResult) -> list[str]:
    return [item.candidate.label for item in result.proposals]


def test_the_largest_quartier_first(app: App, tid: int) -> None:
    town(app, tid)
    result = solved(app, tid, k=2)
    assert names(result) == ["Centre 1", "Centre 0"]
    assert [item.gain for item in result.proposals] == pytest.approx([2000, 1000])
    assert [item.alone for item in result.proposals] == pytest.approx([2000, 1000])
    assert result.outcome is Outcome.OPTIMAL
    assert result.people == pytest.approx(sum(PEOPLE))
    (total,) = result.totals
    assert (total.after, total.most) == pytest.approx((3000, 3500))
    assert math.isnan(total.before), "no PMI is known: nothing says that nobody is reached"
    assert "aujourd'hui, on ne sait pas" in result.sentence
    assert "3\u202f000\u00a0habitants de plus" in result.sentence
    assert any("Vérifiez avant" in note for note in result.notes)


def test_what_exists_is_taken_into_account(app: App, tid: int) -> None:
    """A PMI in the largest quartier: its inhabitants ask for nothing any more."""
    town(app, tid)
    add_structure(app, tid, STEP + 100, 100, name="PMI", types=["pmi"])
    result = solved(app, tid, k=3)
    assert names(result) == ["Centre 0", "Centre 2"]
    assert result.totals[0].before == pytest.approx(2000)
    assert "57\u202f% aujourd'hui" in result.sentence
    table = result.quartiers.set_index("code")
    assert list(table["before"]) == [0, 1, 0]
    assert list(table["after"]) == [1, 1, 1]
    gaps = open_view(app, tid).gaps
    shares = gaps[gaps["type_code"] == "pmi"].set_index("quartier_code")["share"]
    assert table["before"].to_dict() == pytest.approx(shares.to_dict()), "as everywhere in the application"
    assert "Aucun autre lieu possible" in result.sentence


def test_a_service_that_comes_counts_where_it_says_so(app: App, tid: int) -> None:
    town(app, tid)
    save_row(
        app, tid, "structures",
        {"name": "PMI mobile", "types": ["pmi"], "reception_modes": ["mobile"],
         "served_quartiers": ["QN00001M"]},
    )  # fmt: skip
    result = solved(app, tid, k=1)
    assert names(result) == ["Centre 0"]
    assert result.quartiers.set_index("code")["before"]["QN00001M"] == 1


def test_a_permanence_counts_from_its_first_day(app: App, tid: int) -> None:
    """What is only proposed must not close the gap on paper."""
    ids = town(app, tid)
    holder = add_structure(app, tid, 50_000, 0, name="PMI loin", types=["pmi"])
    values = {"structure_id": holder, "type_code": "pmi", "host_id": ids["Centre 1"]}
    coming = date.today() + timedelta(days=30)
    permanence = save_row(app, tid, "permanences", {**values, "started_on": coming})
    assert names(solved(app, tid)) == ["Centre 1"]
    save_row(app, tid, "permanences", {"started_on": date.today()}, row_id=permanence)
    assert names(solved(app, tid)) == ["Centre 0"]


def test_a_share_takes_the_fewest_places(app: App, tid: int) -> None:
    town(app, tid)
    set_all_absent(app, tid)
    assert names(solved(app, tid, k=None, share=0.5)) == ["Centre 1"]
    assert names(solved(app, tid, k=None, share=0.86)) == ["Centre 1", "Centre 0", "Centre 2"]
    # 0.858 of everybody: two places reach 3,000 of 3,500.
    assert len(solved(app, tid, k=None, share=0.857).proposals) == 2


def set_all_absent(app: App, tid: int) -> None:
    for quartier_id in open_view(app, tid).quartiers.index:
        set_absence(app, tid, int(quartier_id), "pmi")


def test_what_cannot_be_reached_is_explained(app: App, tid: int) -> None:
    town(app, tid)
    set_all_absent(app, tid)
    only = centres(app, tid)[:1]
    result = site(app, tid, Wish(types=("pmi",), share=0.8), only)
    assert result.outcome is Outcome.INFEASIBLE
    assert result.proposals == ()
    assert "le seul lieu possible, 29\u202f% des habitants" in result.sentence
    assert "71\u202f% resteraient plus loin" in result.sentence
    two = site(app, tid, Wish(types=("pmi",), share=0.99), centres(app, tid)[:2])
    assert "même avec les 2 lieux possibles, 86\u202f%" in two.sentence


def test_nothing_left_to_reach_is_said_and_so_is_nothing_in_reach(app: App, tid: int) -> None:
    town(app, tid)
    far = free_point(*lonlat(0, 40_000), "Loin")
    assert "trop loin" in site(app, tid, PMI, [far]).sentence
    for rank in range(3):
        add_structure(app, tid, rank * STEP + 200, 200, name=f"PMI {rank}", types=["pmi"])
    assert "déjà à portée" in solved(app, tid).sentence
    assert "C'est déjà le cas aujourd'hui" in solved(app, tid, k=None, share=0.9).sentence


def test_unknown_populations_are_never_zero(app: App, tid: int) -> None:
    """Without a figure a quartier is listed apart; without any, quartiers count as one each."""
    town(app, tid)
    add_quartier(app, tid, 3, None)
    add_structure(app, tid, 3 * STEP + 200, 200, name="Centre 3")
    result = solved(app, tid, k=4)
    assert "Centre 3" not in names(result), "nobody can be counted there"
    assert any(note.startswith("Population inconnue : Quartier 3") for note in result.notes)
    assert math.isnan(result.quartiers.set_index("code")["people"]["QN00003M"])
    alone = solved(app, tid, k=1, quartiers=("QN00003M",))
    assert alone.by_share
    assert names(alone) == ["Centre 3"]
    assert alone.people == pytest.approx(1)
    assert math.isnan(alone.proposals[0].quartiers[0].people)
    assert "l'équivalent de 1 quartier de plus" in alone.sentence


def test_only_the_quartiers_asked_for_count(app: App, tid: int) -> None:
    town(app, tid)
    result = solved(app, tid, k=3, quartiers=("QN00002M",))
    assert names(result) == ["Centre 2"]
    assert result.people == pytest.approx(500)
    assert list(result.quartiers["code"]) == ["QN00002M"]


def test_several_types_count_once_each_and_may_weigh_differently(app: App, tid: int) -> None:
    """A PMI stands in the largest quartier; a CMP (30 min) is missing everywhere."""
    town(app, tid)
    add_structure(app, tid, STEP + 200, 200, name="PMI", types=["pmi"])
    both = ("pmi", "cmp")
    plain = solved(app, tid, types=both)
    assert names(plain) == ["Centre 0"], "1,000 + 1,000 against 2,000: of equal choices the first"
    assert plain.proposals[0].by_type == pytest.approx({"pmi": 1000, "cmp": 1000})
    assert "comptés une fois par type" in plain.sentence
    settings = [
        replace(item, weight=3.0) if item.type_code == "cmp" else item
        for item in open_view(app, tid).type_settings
    ]
    set_types(app, tid, settings)
    assert names(solved(app, tid, types=both, weighted=True)) == ["Centre 1"]
    assert names(solved(app, tid, types=both)) == ["Centre 0"], "weights count when asked for only"


def test_the_same_inhabitants_never_count_twice_in_silence(app: App, tid: int) -> None:
    """A *quartier vécu* drawn over a QPV is left out, unless it is asked for: then it is told."""
    town(app, tid)
    assert not any("recouvr" in note for note in solved(app, tid).notes)
    shape = open_view(app, tid).quartiers.geometry.iloc[0].wkb
    save_row(app, tid, "quartiers", {"name": "Vécu", "kind": "vecu", "wkb": shape, "population": 300})
    apart = solved(app, tid)
    assert apart.people == pytest.approx(sum(PEOPLE))
    assert any(note.startswith("Pas compté, ") and "Vécu" in note for note in apart.notes)
    both = solved(app, tid, quartiers=("QN00000M", "QV-vecu"))
    assert both.people == pytest.approx(PEOPLE[0] + 300)
    assert any("Quartier 0 et Vécu se recouvrent" in note for note in both.notes)


@pytest.mark.parametrize(
    ("wish", "words"),
    [
        ({"types": ()}, "au moins un type"),
        ({"types": ("rien",)}, "n'existe pas"),
        ({"types": ("caf",)}, "sans durée de marche"),
        ({"k": 0}, "au moins 1"),
        ({"k": None}, "un nombre de lieux, ou une part"),
        ({"share": 0.5}, "pas les deux"),
        ({"k": None, "share": 1.5}, "Part des habitants"),
        ({"quartiers": ("QN99999M",)}, "aucun quartier"),
        ({"time_limit": 0.0}, "Délai"),
        ({"time_limit": float("nan")}, "Délai"),
    ],
)
def test_a_wish_that_makes_no_sense_is_refused(app: App, tid: int, wish: dict, words: str) -> None:
    town(app, tid)
    with pytest.raises(RefusedInput, match=words):
        solved(app, tid, **wish)


def test_nothing_to_choose_among_and_too_much(app: App, tid: int) -> None:
    with pytest.raises(RefusedInput, match=r"(?s)Quartiers : aucun.*Lieux possibles : aucun"):
        site(app, tid, PMI, [])
    town(app, tid)
    many = [Candidate(label=str(rank), lon=2.4, lat=47.0) for rank in range(MAX_CANDIDATES + 1)]
    with pytest.raises(RefusedInput, match="trop pour un choix sûr"):
        site(app, tid, PMI, many)


def test_only_open_and_placed_structures_can_host(app: App, tid: int) -> None:
    ids = town(app, tid)
    save_row(app, tid, "structures", {"closed": True}, row_id=ids["Centre 0"])
    save_row(app, tid, "structures", {"position_precision": "commune"}, row_id=ids["Centre 2"])
    view = open_view(app, tid)
    assert [item.label for item in structure_candidates(view, ["centre-social"])] == ["Centre 1"]
    assert host_kinds(view) == {"centre-social": 1}
    with pytest.raises(RefusedInput, match="Centre 0"):
        structure_candidates(view, ids=[ids["Centre 0"]])
    assert len(structure_candidates(view, ["centre-social"], ids=[ids["Centre 1"]])) == 1


def test_points_are_read_or_refused() -> None:
    assert read_point("1.5,43.6,École, Jean-Jaurès") == Candidate(
        label="École, Jean-Jaurès", lon=1.5, lat=43.6
    )
    assert read_point(" 1.5 ; 43.6 ").label == "Point 43,60000 ; 1,50000"
    for text in ("", "1,44,43,60,École", "x,y,z", "1.5", "200,43,Loin", "0,0,Nulle part", "1.5,95,Pôle"):
        with pytest.raises(RefusedInput, match="Point"):
            read_point(text)
    with pytest.raises(RefusedInput, match="trop long"):
        free_point(1.5, 43.6, "x" * 301)


def test_actions_are_written_once_whatever_the_clicks(app: App, tid: int) -> None:
    ids = town(app, tid)
    place = replace(free_point(*lonlat(STEP + 200, 200), "École"), credit=OSM_ATTRIBUTION)
    result = site(app, tid, replace(PMI, k=3), [*centres(app, tid)[:1], place])
    first = propose_actions(app, tid, result)
    again = propose_actions(app, tid, result)
    assert len(first.created) == 2
    assert again.created == ()
    assert set(again.existing) == set(first.created)
    rows = [get_row(app, "actions", row_id) for row_id in first.created]
    school, centre = rows
    assert (school["host_id"], school["lon"]) == (None, pytest.approx(place.lon))
    assert school["place"] == f"École ({OSM_ATTRIBUTION})", "the mention travels with the name"
    assert (centre["host_id"], centre["lon"]) == (ids["Centre 0"], None)
    assert [row["status"] for row in rows] == ["idee", "idee"]
    assert [row["quartiers"] for row in rows] == [["QN00001M"], ["QN00000M"]]
    assert [row["type_code"] for row in rows] == ["pmi", "pmi"]
    assert "2\u202f000\u00a0habitants de plus" in school["note"]
    # Once cancelled or in the bin, it may be proposed again.
    save_row(app, tid, "actions", {"status": "annulee"}, row_id=first.created[0])
    delete_row(app, tid, "actions", first.created[1])
    assert len(propose_actions(app, tid, result).created) == 2


def test_only_the_places_ticked_become_actions(app: App, tid: int) -> None:
    town(app, tid)
    result = solved(app, tid, k=2)
    (row_id,) = propose_actions(app, tid, result, ranks=[2]).created
    assert "Centre 0" in get_row(app, "actions", row_id)["title"]


def test_a_text_that_cannot_be_kept_writes_no_action_at_all(app: App, tid: int) -> None:
    """A number of social security in the name of a place: refused as everywhere, and nothing half done."""
    town(app, tid)
    named = free_point(*lonlat(STEP + 200, 200), "Chez 1 84 12 76 451 089 46")
    result = site(app, tid, replace(PMI, k=2), [*centres(app, tid)[:1], named])
    assert len(result.proposals) == 2
    with pytest.raises(RefusedInput, match="sécurité sociale"):
        propose_actions(app, tid, result)
    assert open_view(app, tid).actions.empty


def test_a_permanence_needs_a_day_to_come_and_someone_who_gives_the_service(app: App, tid: int) -> None:
    ids = town(app, tid)
    holder = add_structure(app, tid, 50_000, 0, name="PMI loin", types=["pmi"])
    place = centres(app, tid)[1]
    coming = date.today() + timedelta(days=7)
    assert holders(open_view(app, tid), "pmi") == {holder: "PMI loin"}
    for start, words in ((None, "donnez le jour"), (date.today(), "jour à venir")):
        with pytest.raises(RefusedInput, match=words):
            propose_permanence(app, tid, place, structure_id=holder, type_code="pmi", started_on=start)
    with pytest.raises(RefusedInput, match="structure ouverte du type"):
        propose_permanence(app, tid, place, structure_id=ids["Centre 0"], type_code="pmi", started_on=coming)
    first = propose_permanence(app, tid, place, structure_id=holder, type_code="pmi", started_on=coming)
    again = propose_permanence(app, tid, place, structure_id=holder, type_code="pmi", started_on=coming)
    assert again.existing == first.created
    row = get_row(app, "permanences", first.created[0])
    assert (row["host_id"], row["started_on"]) == (ids["Centre 1"], coming)
    assert names(solved(app, tid)) == ["Centre 1"], "it does not count before it starts"


def test_changes_to_try_are_those_a_scenario_reads(app: App, tid: int) -> None:
    ids = town(app, tid)
    place = free_point(*lonlat(STEP + 200, 200), "École")
    result = site(app, tid, replace(PMI, k=2), [*centres(app, tid)[:1], place])
    changes = scenario_changes(result)
    read = read_changes(changes, types=["pmi"], bounds={})
    assert [(change.label, change.type_code) for change in read] == [("École", "pmi"), ("Centre 0", "pmi")]
    assert (read[0].lon, read[1].host_id) == (pytest.approx(place.lon), ids["Centre 0"])


def test_overseas_and_far_points_are_measured_where_they_are(app: App) -> None:
    """A territory of La Réunion is measured in its own metric system."""
    tid = create_territoire(app, "Le Port", communes=["97407"]).id
    lon, lat = 55.29, -20.93
    save_row(
        app, tid, "quartiers",
        {"name": "Rivière", "wkb": box(lon, lat, lon + 0.004, lat + 0.004).wkb, "communes": ["97407"],
         "population": 700},
    )  # fmt: skip
    result = site(app, tid, PMI, [free_point(lon + 0.002, lat + 0.002), free_point(2.3, 48.8)])
    assert [item.gain for item in result.proposals] == pytest.approx([700])


def test_places_of_a_map_say_their_kind_and_stay_apart(app: App, tid: int, load: Importer) -> None:
    """A town hall named «Redon» in OpenStreetMap; a place the directory has is not proposed twice."""
    lon, lat = lonlat(200, 200)
    nodes = [
        (1, lon, lat, {"amenity": "townhall", "name": "Redon"}),
        (2, lon + 0.001, lat, {"amenity": "pharmacy", "name": "Pharmacie du Port"}),
        (
            3,
            lon + 0.002,
            lat,
            {"amenity": "pharmacy", "name": "Pharmacie connue", "ref:FR:FINESS": "350000001"},
        ),
    ]
    body = "".join(
        f'<node id="{key}" lon="{x}" lat="{y}" version="1" timestamp="2020-01-01T00:00:00Z">'
        + "".join(f'<tag k="{k}" v="{v}"/>' for k, v in tags.items())
        + "</node>"
        for key, x, y, tags in nodes
    )
    town(app, tid)
    add_structure(app, tid, 100, 100, name="Déjà là", types=["pharmacie"], finess="350000001")
    load("osm", f'<?xml version="1.0"?><osm version="0.6">{body}</osm>', name="ville.osm")
    view = open_view(app, tid)
    assert repere_kinds(app, view) == {"mairie": 1, "pharmacie": 1}
    found = repere_candidates(app, view, ["mairie", "pharmacie"])
    assert [item.label for item in found] == ["Redon (Mairie et services municipaux)", "Pharmacie du Port"]
    assert {item.credit for item in found} == {OSM_ATTRIBUTION}
    assert {item.structure_id for item in found} == {None}
