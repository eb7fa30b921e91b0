"""What travels to the browser: complete, compact, and never anything but data."""

from __future__ import annotations

import json
import re
from dataclasses import asdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reseau.maps.data import (
    MapData,
    PermanenceMark,
    QuartierShape,
    RelationLine,
    RepereMark,
    StructureMark,
    decode,
    encode,
    sections,
    words,
)
from reseau.model.context import OSM_ATTRIBUTION
from reseau.model.typology import FAMILIES
from reseau.model.vocabulary import State
from tests.unit.maps.hostile import HOSTILE_NAMES

SQUARE = {"type": "Polygon", "coordinates": [[[3, 45], [3.1, 45], [3.1, 45.1], [3, 45]]]}


@given(st.text(), st.floats(allow_nan=False, allow_infinity=False))
def test_any_text_comes_back_and_cannot_be_a_template(text: str, number: float) -> None:
    """Base64 has neither brace, quote nor underscore, whatever was written."""
    try:
        payload = encode({"name": text, "n": number})
    except UnicodeEncodeError:
        pytest.skip("a lone surrogate is not text")
    assert re.fullmatch(r"[A-Za-z0-9+/=]+", payload)
    assert decode(payload) == {"name": text, "n": number}


def test_not_a_number_is_refused() -> None:
    """JSON has no NaN: the browser would refuse the whole map, so say it here."""
    with pytest.raises(ValueError, match="JSON"):
        encode({"lon": float("nan")})


def test_structures_travel_by_column_with_labels_once() -> None:
    """A label shared by a thousand structures is sent once; a family nobody knows is shown as «autre»."""
    marks = (
        StructureMark(id=7, lon=3.12345678, lat=45.0, name="A", family="sante", types=("CMP", "PASS")),
        StructureMark(id=9, lon=3.2, lat=45.1, name="B", family="inconnue", types=("PASS",)),
    )
    columns = sections(MapData(structures=marks))["structures"]
    assert columns["labels"] == ["CMP", "PASS"]
    assert columns["types"] == [[0, 1], [1]]
    assert columns["id"] == [7, 9]
    assert columns["lon"][0] == 3.123457
    assert [list(FAMILIES)[rank] for rank in columns["family"]] == ["sante", "autre"]


def test_every_section_is_json_and_keeps_hostile_names_as_they_are() -> None:
    """What a person wrote reaches the browser character for character."""
    name = "".join(HOSTILE_NAMES)
    data = MapData(
        quartiers=(
            QuartierShape(
                id=1, code="QN1", name=name, geometry=SQUARE, label_at=(3, 45), state=State.NON_RENSEIGNE
            ),
        ),
        permanences=(PermanenceMark(id=2, lon=3, lat=45, label=name, place=name),),
        relations=(RelationLine(start=(3, 45), end=(3.1, 45.1), intensity=5, dormant=True, label=name),),
        reach=SQUARE,
        type_label="CMP",
        selected_quartier=1,
    )
    value = decode(encode(sections(data)))
    assert value == json.loads(json.dumps(sections(data)))
    assert value["quartiers"]["items"][0]["name"] == name
    assert value["quartiers"]["items"][0]["state"] == "non_renseigne"
    assert value["permanences"]["name"] == [name]
    assert value["relations"] == [[3, 45, 3.1, 45.1, 5, 1, name]]
    assert value["selection"]["quartier"] == 1


def test_places_of_another_map_travel_apart() -> None:
    """They are never among the structures, and the browser knows what to say of them."""
    data = MapData(
        reperes=(RepereMark(id=4, lon=3.12345678, lat=45, name="P", kind="Pharmacie", known=True),)
    )
    value = sections(MapData(reperes=data.reperes, selected_repere=4))
    assert value["structures"]["id"] == []
    assert value["reperes"] == {
        "id": [4], "lon": [3.123457], "lat": [45], "name": ["P"], "kind": ["Pharmacie"], "known": [1],
    }  # fmt: skip
    assert value["selection"]["repere"] == 4
    assert words()["osm"] == OSM_ATTRIBUTION


def test_no_state_is_not_an_unknown_state() -> None:
    """Without a selected type a quartier has no state at all: it is not drawn as «non renseigné»."""
    shape = QuartierShape(id=1, code="QN1", name="Q", geometry=SQUARE, label_at=(3, 45))
    assert sections(MapData(quartiers=(shape,)))["quartiers"]["items"][0]["state"] is None


def test_map_data_is_plain_values() -> None:
    """It can be cached, compared and written as JSON."""
    assert json.loads(json.dumps(asdict(MapData(reach=SQUARE))))["reach"] == SQUARE


def test_words_give_each_family_a_sign_besides_its_colour() -> None:
    """Colour is never the only sign: (shape, letter) tells families apart in black and white."""
    signs = {(family["shape"], family["letter"]) for family in words()["families"]}
    assert len(signs) == len(FAMILIES)
    assert set(words()["states"]) == {state.value for state in State}
