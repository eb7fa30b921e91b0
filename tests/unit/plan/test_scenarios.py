"""A scenario applied to frames: states move the way they must, and today's frames are never touched."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest
from geopandas.testing import assert_geodataframe_equal
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from reseau.gaps import Claim, GapInputs, compute_states
from reseau.geo.points import service_points
from reseau.graph.build import build_graph
from reseau.model.columns import PERMANENCES, RELATIONS, STRUCTURES
from reseau.model.records import Territoire
from reseau.model.typology import load_typology
from reseau.plan.changes import (
    Change,
    ChangeSettings,
    CloseStructure,
    EndPermanence,
    MoveStructure,
    OpenPermanence,
    OpenStructure,
    SetRelation,
)
from reseau.plan.scenarios import NOBODY, Applied, Frames, apply
from tests.frames import COMMUNE, lonlat, permanences, quartiers, relations, square, structures

ON = date(2026, 11, 2)
TYPES = {"pmi": "proximite", "cmp": "intermediaire", "caf": "territoire"}
AREAS = quartiers({"population": 1000.0}, {"geometry": square(5000, 0, 400), "population": 500.0})
PIVOT, CMP, HALL, CAF, SHUT = 100, 1, 2, 3, 4
HELD = 7
CLAIM = Claim(type_code="cmp", communes=None, source="Registre")


def today() -> Frames:
    """A pivot and a CMP in the first quartier, a hall that hosts a PMI permanence of the CMP, a CAF."""
    partners = structures(
        {"id": PIVOT, "at": (200, 200), "types": ("msp",), "is_pivot": True, "name": "Nous"},
        {"id": CMP, "at": (200, 220), "types": ("cmp",), "name": "CMP"},
        {"id": HALL, "at": (220, 200), "types": ("centre-social",), "name": "Salle"},
        {"id": CAF, "at": (200, 200), "types": ("caf",), "name": "CAF"},
        {"id": SHUT, "types": ("caf",), "closed": True, "name": "Ancienne CAF"},
    )
    lon, lat = lonlat(220, 200)
    agenda = permanences(
        {"id": HELD, "structure_id": CMP, "structure_name": "CMP", "type_code": "pmi", "host_id": HALL,
         "host_name": "Salle", "at": (220, 200), "lon": lon, "lat": lat, "insee": COMMUNE},
    )  # fmt: skip
    ties = relations(
        {"id": 11, "from_id": PIVOT, "to_id": CMP},
        {"id": 12, "from_id": HALL, "to_id": PIVOT, "status": "en_sommeil"},
    )
    return Frames(
        structures=partners, permanences=agenda, relations=ties,
        settings=Territoire(name="Essai", communes=(COMMUNE,)),
    )  # fmt: skip


def applied(*changes: Change, frames: Frames | None = None) -> Applied:
    return apply(changes, frames or today(), typology=load_typology())


def states(frames: Frames, *, claims: tuple[Claim, ...] = ()) -> pd.DataFrame:
    found = compute_states(
        GapInputs(
            quartiers=AREAS,
            points=service_points(frames.structures, frames.permanences, on=ON),
            relations=frames.relations,
            structures=frames.structures,
            permanences=frames.permanences,
            pivot_ids=frames.pivot_ids,
            types=pd.DataFrame({"type_code": list(TYPES), "gamme": list(TYPES.values())}),
            settings=frames.settings,
            claims=claims,
        )
    )
    return found.set_index(["quartier_id", "type_code"])


def after(*changes: Change, claims: tuple[Claim, ...] = ()) -> pd.DataFrame:
    result = applied(*changes)
    assert result.problems == ()
    return states(result.frames, claims=claims)


def here(x: float, y: float) -> dict[str, float]:
    lon, lat = lonlat(x, y)
    return {"lon": lon, "lat": lat}


class TestStatesMoveTheRightWay:
    def test_nothing_changed_changes_nothing(self):
        assert_frame_equal(after(), states(today()))

    def test_closing_the_only_one_flips_the_state(self):
        """Absent where a source lists them all, else unknown: closing one proves nothing about the rest."""
        assert states(today()).at[(1, "cmp"), "state"] == "couvert"
        close = CloseStructure(structure_id=CMP)
        assert after(close).at[(1, "cmp"), "state"] == "non_renseigne"
        assert after(close, claims=(CLAIM,)).at[(1, "cmp"), "state"] == "absent"

    def test_closing_the_holder_ends_what_it_holds_elsewhere(self):
        assert states(today()).at[(1, "pmi"), "n_points"] == 1
        assert after(CloseStructure(structure_id=CMP)).at[(1, "pmi"), "n_points"] == 0

    def test_closing_the_host_leaves_the_permanence_known_and_held_nowhere(self):
        """The service goes on existing; where is what is no longer known."""
        found = after(CloseStructure(structure_id=HALL)).loc[(1, "pmi")]
        assert (found["n_points"], found["n_unplaced"], found["state"]) == (1, 1, "non_renseigne")

    def test_closing_then_opening_the_same_at_the_same_place_gives_the_same_access(self):
        again = OpenStructure(type_code="cmp", linked=True, **here(200, 220))
        found = after(CloseStructure(structure_id=CMP), again).xs("cmp", level=1)
        same = ["state", "share", "n_points", "n_near", "minutes_nearest"]
        assert_frame_equal(found[same], states(today()).xs("cmp", level=1)[same], rtol=1e-6)

    def test_a_permanence_nobody_holds_is_near_but_not_worked_with(self):
        opened = OpenPermanence(type_code="cmp", **here(5200, 200))
        assert states(today()).at[(2, "cmp"), "state"] == "eloigne"
        assert after(opened).at[(2, "cmp"), "state"] == "a_relier"

    def test_a_permanence_of_an_active_partner_covers(self):
        opened = OpenPermanence(type_code="cmp", holder_id=CMP, **here(5200, 200))
        assert after(opened).at[(2, "cmp"), "state"] == "couvert"

    def test_a_permanence_held_at_the_pivot_covers(self):
        assert after(OpenPermanence(type_code="caf", host_id=PIVOT)).at[(1, "caf"), "state"] == "couvert"

    def test_a_permanence_takes_the_place_of_its_host(self):
        held = applied(OpenPermanence(type_code="caf", host_id=HALL)).frames.permanences.iloc[-1]
        assert (held["host_id"], held["host_name"], held["structure_id"]) == (HALL, "Salle", NOBODY)
        assert (held["lon"], held["lat"], held["placed"]) == (*lonlat(220, 200), True)

    def test_ending_a_permanence_takes_its_point_away(self):
        assert after(EndPermanence(permanence_id=HELD)).at[(1, "pmi"), "n_points"] == 0

    def test_a_relation_made_active_covers_and_put_to_sleep_uncovers(self):
        assert after(SetRelation(structure_id=CAF)).at[(1, "caf"), "state"] == "couvert"
        asleep = SetRelation(structure_id=CMP, status="en_sommeil")
        assert after(asleep).at[(1, "cmp"), "state"] == "a_relier"

    def test_moving_away_and_back_gives_the_same_access(self):
        there = MoveStructure(structure_id=CMP, **here(30_000, 0))
        back = MoveStructure(structure_id=CMP, **here(200, 220))
        assert after(there).at[(1, "cmp"), "state"] == "eloigne"
        assert after(there, back).at[(1, "cmp"), "share"] == states(today()).at[(1, "cmp"), "share"]

    def test_what_a_structure_hosts_moves_with_it(self):
        moved = after(MoveStructure(structure_id=HALL, **here(30_000, 0)))
        assert moved.at[(1, "pmi"), "state"] == "eloigne"

    def test_a_slower_walk_never_reaches_more(self):
        near = OpenPermanence(type_code="pmi", **here(1200, 200))
        slow = after(EndPermanence(permanence_id=HELD), near, ChangeSettings(walking_kmh=2.0))
        usual = after(EndPermanence(permanence_id=HELD), near)
        assert slow.at[(1, "pmi"), "share"] < usual.at[(1, "pmi"), "share"]

    def test_another_threshold_is_the_one_used(self):
        assert after(ChangeSettings(minutes_proximite=7)).at[(1, "pmi"), "threshold_minutes"] == 7

    @settings(max_examples=25, deadline=None)
    @given(x=st.floats(-3000, 9000), y=st.floats(-3000, 3000), type_code=st.sampled_from(["pmi", "cmp"]))
    def test_opening_never_lowers_a_share_nor_lengthens_a_walk(self, x, y, type_code):
        before = states(today())
        found = after(OpenPermanence(type_code=type_code, **here(x, y)))
        assert (found["share"].fillna(0) >= before["share"].fillna(0) - 1e-9).all()
        known = before["minutes_nearest"].notna()
        # A position is rounded to six decimals of degree, about ten centimetres.
        assert (found.loc[known, "minutes_nearest"] <= before.loc[known, "minutes_nearest"] + 1e-6).all()
        others = before.index.get_level_values("type_code") != type_code
        assert_frame_equal(found[others], before[others])


class TestFramesStayFrames:
    EVERYTHING = (
        CloseStructure(structure_id=HALL),
        OpenPermanence(type_code="cmp", host_id=CAF, hours="mardi 14h-17h", languages=("ar",), free=True),
        OpenPermanence(type_code="pmi", hours="quand il fait beau", label="École", **here(10, 10)),
        OpenStructure(type_code="pmi", label="PMI neuve", linked=True, **here(20, 20)),
        MoveStructure(structure_id=CAF, **here(30, 30)),
        SetRelation(structure_id=CAF),
        EndPermanence(permanence_id=HELD),
        ChangeSettings(near_share=0.8),
    )

    def test_frames_of_today_are_not_touched(self):
        """They are the view's, shared by everybody."""
        frames, twin = today(), today()
        apply(self.EVERYTHING, frames, typology=load_typology())
        assert_geodataframe_equal(frames.structures, twin.structures)
        assert_geodataframe_equal(frames.permanences, twin.permanences)
        assert_frame_equal(frames.relations, twin.relations)
        assert frames.settings == twin.settings

    def test_columns_types_and_crs_are_kept(self):
        frames, found = today(), applied(*self.EVERYTHING).frames
        for name, columns in (
            ("structures", STRUCTURES),
            ("permanences", PERMANENCES),
            ("relations", RELATIONS),
        ):
            first, last = getattr(frames, name), getattr(found, name)
            assert tuple(last.columns) == columns
            assert last.dtypes.to_dict() == first.dtypes.to_dict()
            assert last.index.is_unique
            assert last.index.name == "id"
        assert found.structures.crs == found.permanences.crs == frames.structures.crs

    def test_what_opens_never_takes_the_id_of_what_closes(self):
        """Networks before and after are compared by id."""
        found = applied(CloseStructure(structure_id=PIVOT), OpenStructure(type_code="pmi", **here(0, 0)))
        assert found.frames.structures.index.max() == PIVOT + 1

    def test_hours_are_understood_or_kept_as_text(self):
        held = applied(*self.EVERYTHING).frames.permanences
        assert held["opening_hours"].tolist() == ["Tu 14:00-17:00", ""]
        assert held["hours_text"].tolist() == ["", "quand il fait beau"]

    def test_an_empty_territory_takes_openings(self):
        nothing = replace(today(), structures=structures(), permanences=permanences(), relations=relations())
        found = applied(OpenStructure(type_code="cmp", **here(0, 0)), frames=nothing)
        assert len(found.frames.structures) == 1
        assert found.problems == ()

    def test_the_commune_of_a_point_is_asked_when_it_is_known(self):
        found = apply(
            [OpenStructure(type_code="caf", lon=2.0, lat=47.0)], today(), typology=load_typology(),
            commune_of=lambda lon, lat: COMMUNE if (lon, lat) == (2.0, 47.0) else "",
        )  # fmt: skip
        assert found.frames.structures.iloc[-1]["insee"] == COMMUNE

    def test_the_network_loses_the_structure_and_its_ties(self):
        found = applied(CloseStructure(structure_id=CMP)).frames
        graph = build_graph(found.structures, found.relations)
        assert CMP not in graph
        assert set(graph.edges) == {(HALL, PIVOT)}

    def test_the_most_involved_tie_is_the_one_revived(self):
        """A pair may have several relations; one is enough, and it must not be a forgotten one."""
        ties = relations(
            {"id": 1, "from_id": PIVOT, "to_id": CAF, "status": "en_sommeil", "intensity": 5},
            {"id": 2, "from_id": CAF, "to_id": PIVOT, "status": "termine", "intensity": 1},
        )
        found = applied(SetRelation(structure_id=CAF), frames=replace(today(), relations=ties))
        assert found.frames.relations["status"].tolist() == ["actif", "termine"]


class TestWhatNoLongerMakesSense:
    @pytest.mark.parametrize(
        ("change", "words"),
        [
            (
                CloseStructure(structure_id=99, label="Le <b>Palier</b>"),
                "«\u00a0Le <b>Palier</b>\u00a0» n'existe",
            ),
            (CloseStructure(structure_id=SHUT), "est déjà fermée"),
            (EndPermanence(permanence_id=99), "la permanence n'existe pas"),
            (OpenPermanence(type_code="cmp", host_id=99), "qui l'accueillerait n'existe"),
            (OpenPermanence(type_code="cmp", host_id=HALL, holder_id=99), "qui la tiendrait n'existe"),
            (SetRelation(structure_id=99), "n'existe"),
            (SetRelation(structure_id=CMP), "déjà active"),
            (SetRelation(structure_id=PIVOT), "votre propre structure"),
            (SetRelation(structure_id=CAF, status="en_sommeil"), "aucune relation active"),
            (MoveStructure(structure_id=99, lon=2.0, lat=47.0), "n'existe"),
        ],
    )
    def test_it_is_told_and_the_rest_is_applied(self, change, words):
        result = applied(change, EndPermanence(permanence_id=HELD))
        ((rank, told),) = result.problems
        assert rank == 1
        assert words in told
        assert result.frames.permanences.empty

    def test_what_an_earlier_change_closed_is_gone_for_the_next(self):
        result = applied(CloseStructure(structure_id=HALL), OpenPermanence(type_code="cmp", host_id=HALL))
        assert [rank for rank, _ in result.problems] == [2]

    def test_without_a_pivot_the_structure_opens_and_the_relation_is_told(self):
        alone = today()
        alone = replace(alone, structures=alone.structures.assign(is_pivot=False))
        result = applied(OpenStructure(type_code="pmi", linked=True, **here(0, 0)), frames=alone)
        assert len(result.frames.structures) == len(alone.structures) + 1
        assert "aucune structure pivot" in result.problems[0][1]
