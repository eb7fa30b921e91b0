"""A file of places without types, on the Données page: one type is asked for all of them."""

from __future__ import annotations

import json

from streamlit.testing.v1.element_tree import Selectbox

from reseau.services import App
from reseau.services.territoires import find_territoire
from reseau.services.view import open_view
from tests.ui.conftest import Opener
from tests.ui.test_donnees import press, upload

PAGE = "p9_donnees"
PLACES = json.dumps([{"nom": "Espace du Gué", "adresse": "3 rue du Gué"}]).encode()


def test_one_type_for_all_the_places(demo_db: App, open_page: Opener) -> None:
    at = open_page(PAGE)
    upload(at, ("lieux.json", PLACES), source="points")
    assert any("un type pour tous les lieux" in warning.value for warning in at.warning)
    box: Selectbox = next(item for item in at.selectbox if item.label == "Type de tous les lieux du fichier")
    box.set_value("numerique").run()
    assert not [warning for warning in at.warning if "obligatoire" in warning.value]
    press(at, "Importer sans comparer")
    structures = open_view(demo_db, find_territoire(demo_db).id).structures
    found = structures[structures["name"] == "Espace du Gué"].iloc[0]
    assert tuple(found["types"]) == ("numerique",)
