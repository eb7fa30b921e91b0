"""The frame: constant for a territory, and asking nothing from outside but the tiles one chose."""

from __future__ import annotations

import re

import pytest
from streamlit_folium import generate_leaflet_string

from reseau.maps.data import decode
from reseau.maps.frame import FRANCE, SCRIPTS, STATIC_DIR, STYLES, Assets, base_map

ASSETS = Assets(scripts=("../ici/leaflet.js", "../ici/map.js"), styles=("../ici/leaflet.css",))
TILES = "https://tuiles.example/{z}/{x}/{y}.png"
BOUNDS = (3.0, 45.0, 3.1, 45.1)


def render(tiles: str = TILES, attribution: str = "© Exemple") -> str:
    return str(base_map(BOUNDS, tiles, attribution, assets=ASSETS).get_root().render())


def test_same_arguments_same_text() -> None:
    """A frame that changes from one run to the next would be rebuilt, and the view would jump."""
    assert render() == render()
    one, two = (base_map(BOUNDS, TILES, "©", assets=ASSETS) for _ in range(2))
    assert generate_leaflet_string(one) == generate_leaflet_string(two)


def test_only_our_files_and_the_tiles_are_asked() -> None:
    """folium's own lists (CDN, jQuery, Bootstrap, icons) must not come back."""
    page = render()
    assert set(re.findall(r'(?:src|href)="([^"]+)"', page)) == {*ASSETS.scripts, *ASSETS.styles}
    assert set(re.findall(r"https?://[^/\"'\\]+", page)) == {"https://tuiles.example"}


def test_without_tiles_no_layer_is_asked() -> None:
    """An empty address means a plain ground."""
    assert "L.tileLayer" in render()
    assert "L.tileLayer" not in render(tiles="")
    assert not re.findall(r"https?://", render(tiles=""))


@pytest.mark.parametrize("text", ["<b onmouseover=alert(1)>", "{{ 7*7 }}", "{% raw %}"])
def test_attribution_is_text(text: str) -> None:
    """It comes from a setting and Leaflet writes it as HTML: it must mean nothing to either."""
    page = render(attribution=text)
    assert text not in page
    assert "49" not in re.findall(r'"attribution": "([^"]*)"', page)[0]


def test_bounds_reach_the_browser_and_france_is_the_default() -> None:
    """A territory without quartier nor structure still has a map."""
    payload = re.findall(r'reseauMap\.frame\(map_\w+, "([A-Za-z0-9+/=]+)"\)', render())[0]
    assert decode(payload)["bounds"] == list(BOUNDS)
    page = base_map(None, "", "", assets=ASSETS).get_root().render()
    assert decode(re.findall(r'frame\(map_\w+, "([^"]+)"\)', page)[0])["bounds"] == list(FRANCE)


def test_constant_files_are_there_and_write_text_only() -> None:
    """The scripts the browser loads never read text as markup."""
    for name in SCRIPTS + STYLES:
        assert (STATIC_DIR / name).is_file()
    for name in SCRIPTS:
        source = (STATIC_DIR / name).read_text(encoding="utf-8")
        assert not re.search(
            r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function", source
        )
        assert "http://" not in source.replace("http://www.w3.org/2000/svg", "")
        assert "https://" not in source
