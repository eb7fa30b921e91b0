"""The one door: whatever the names, what folium renders is constant text around base64."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from streamlit_folium import _get_feature_group_string

from reseau.maps.data import (
    MapData,
    PermanenceMark,
    QuartierShape,
    RelationLine,
    RepereMark,
    StructureMark,
    decode,
)
from reseau.maps.frame import Assets, base_map
from reseau.maps.layer import data_layer
from tests.unit.maps.hostile import HOSTILE_NAMES, WITNESS

SQUARE = {"type": "Polygon", "coordinates": [[[3, 45], [3.1, 45], [3.1, 45.1], [3, 45]]]}
CALL = re.compile(r'reseauMap\.show\((\w+), "([A-Za-z0-9+/=]+)"\);')


def everywhere(name: str) -> MapData:
    """Data with the same text wherever a text can be."""
    return MapData(
        quartiers=(QuartierShape(id=1, code=name, name=name, geometry=SQUARE, label_at=(3, 45)),),
        structures=(
            StructureMark(id=2, lon=3, lat=45, name=name, family=name, types=(name,), precision=name),
        ),
        permanences=(PermanenceMark(id=3, lon=3, lat=45, label=name, place=name),),
        reperes=(RepereMark(id=4, lon=3, lat=45, name=name, kind=name),),
        relations=(RelationLine(start=(3, 45), end=(3.1, 45), label=name),),
        type_label=name,
    )


def script(data: MapData) -> str:
    """What streamlit-folium sends to the browser, through its own regular expressions."""
    frame = base_map(None, "", "", assets=Assets())
    frame.get_root().render()
    return str(_get_feature_group_string(data_layer(data), map=frame))


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_hostile_text_is_base64_only_and_runs_nothing(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Template, script, quote or a name that streamlit-folium rewrites: it arrives as it was written."""
    monkeypatch.chdir(tmp_path)
    text = script(everywhere(name))
    assert not (tmp_path / WITNESS).exists()
    payload = CALL.findall(text)[0][1]
    assert decode(payload)["structures"]["name"] == [name]
    assert decode(payload)["reperes"]["kind"] == [name]
    around = CALL.sub("", text)
    assert around == CALL.sub("", script(everywhere("nom ordinaire"))), "only the payload depends on the data"


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_a_page_saved_by_folium_alone_is_as_safe(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rendering the whole page (what an HTML export would do) goes through the same door."""
    monkeypatch.chdir(tmp_path)
    frame = base_map(None, "", "", assets=Assets())
    data_layer(everywhere(name)).add_to(frame)
    page = frame.get_root().render()
    assert not (tmp_path / WITNESS).exists()
    assert decode(CALL.findall(page)[0][1])["permanences"]["place"] == [name]
    assert name not in page


def test_same_data_same_text_other_data_other_text() -> None:
    """The browser redraws when the text changes, and only then."""
    one, other = everywhere("un"), everywhere("deux")
    assert script(one) == script(everywhere("un"))
    assert script(one) != script(other)


def test_the_layer_speaks_to_the_map_streamlit_folium_knows() -> None:
    """The frame's script and the data's must name the same map."""
    frame = base_map(None, "", "", assets=Assets())
    frame.get_root().render()
    from streamlit_folium import _get_map_string

    base = _get_map_string(frame)
    layer = str(_get_feature_group_string(data_layer(MapData()), map=frame))
    assert "var map_div = L.map(" in base
    assert "reseauMap.frame(map_div," in base
    assert CALL.findall(layer)[0][0] == "map_div"


def test_tool_travels_with_the_data() -> None:
    """Asking to draw must not rebuild the map."""
    frame = base_map(None, "", "", assets=Assets())
    group = data_layer(MapData(), tool="dessiner")
    group.add_to(frame)
    assert decode(CALL.findall(frame.get_root().render())[0][1])["tool"] == "dessiner"
