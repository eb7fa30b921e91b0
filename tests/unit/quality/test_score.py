"""The score of a sheet counts what should be said, and nothing else."""

from __future__ import annotations

import pandas as pd
import pytest

from reseau.quality import CRITERIA, Mark, quality
from tests.frames import structures

FULL = {
    "types": ("cmp",), "address": "1 rue A", "at": (0, 0),
    "phone": "01 23 45 67 89", "opening_hours": "Mo 09:00-12:00",
    "publics": ("tous",), "languages": ("fr",), "free": True, "no_appointment": False, "accessible": False,
}  # fmt: skip
WEIGHTS = {item.id: item.weight for item in CRITERIA}


def scored(*rows: dict[str, object], fresh: bool | None = True, inside: bool | None = None) -> pd.DataFrame:
    frame = structures(*rows)
    told = pd.Series([inside] * len(frame), index=frame.index, dtype=object)
    return quality(frame.assign(fresh=fresh, inside_commune=told))


def test_a_complete_sheet_has_the_full_score_and_a_bare_one_none() -> None:
    """A «no» is an answer: somewhere that is not free or not accessible is as well described."""
    table = scored(FULL, {"types": ("autre",)}, fresh=True)
    assert table["score"].iloc[0] == 1
    assert table["missing"].iloc[0] == ()
    bare = scored({"types": ("autre",)}, fresh=False)
    assert bare["score"].iloc[0] == 0


def test_what_makes_no_sense_is_not_counted() -> None:
    """A team that comes to people is not punished for having no address, but must say where it comes."""
    row = scored({"types": ("cmp",), "reception_modes": ("mobile",)}).iloc[0]
    assert {row[name] for name in ("adresse", "position", "horaires", "accessible")} == {Mark.NOT_APPLICABLE}
    assert row["quartiers"] == Mark.NO
    at_home = scored({"types": ("cmp",), "reception_modes": ("sur_place", "mobile")}).iloc[0]
    assert at_home["adresse"] == Mark.NO


def test_unknown_commune_boundary_is_neither_good_nor_bad() -> None:
    unknown, right, wrong = (scored(FULL, inside=value).iloc[0] for value in (None, True, False))
    assert (unknown["dans-commune"], right["dans-commune"], wrong["dans-commune"]) == (
        Mark.NOT_APPLICABLE, Mark.YES, Mark.NO,
    )  # fmt: skip
    assert unknown["score"] == right["score"] == 1
    assert wrong["score"] < 1


@pytest.mark.parametrize("emptied", ["phone", "opening_hours", "publics", "languages", "free", "accessible"])
def test_losing_an_answer_always_lowers_the_score(emptied: str) -> None:
    """Metamorphic: no criterion may reward an empty field."""
    empty = {"publics": (), "languages": (), "free": None, "accessible": None}.get(emptied, "")
    table = scored(FULL, FULL | {emptied: empty})
    assert table["score"].iloc[1] < table["score"].iloc[0]
    assert len(table["missing"].iloc[1]) == 1


def test_score_is_the_share_of_the_weights() -> None:
    """The formula written a second time, by hand, on a sheet with gaps."""
    row = scored(FULL | {"phone": "", "free": None}).iloc[0]
    asked = sum(weight for name, weight in WEIGHTS.items() if row[name] != Mark.NOT_APPLICABLE)
    assert row["score"] == pytest.approx((asked - WEIGHTS["joindre"] - WEIGHTS["gratuit"]) / asked)
    assert row["missing"] == ("joindre", "gratuit")


def test_a_closed_structure_has_no_score() -> None:
    assert scored(FULL | {"closed": True}).empty


def test_the_frame_given_is_left_alone() -> None:
    frame = structures(FULL).assign(fresh=True, inside_commune=None)
    before = frame.copy()
    quality(frame)
    pd.testing.assert_frame_equal(pd.DataFrame(frame), pd.DataFrame(before))
