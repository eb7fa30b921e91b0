"""What a territory looks like, as its pages and its command line read it."""

from __future__ import annotations

from reseau.model.vocabulary import State
from reseau.services import App
from reseau.services.view import open_view
from tests.unit.services.conftest import Importer

QUARTIER = (
    '{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"code_qp": "QN99101M", '
    '"lib_qp": "Essai", "insee_com": "99101", "lib_com": "Essaiville"}, "geometry": {"type": "Polygon", '
    '"coordinates": [[[1.6, 48.1], [1.61, 48.1], [1.61, 48.11], [1.6, 48.11], [1.6, 48.1]]]}}]}'
)


def _state(app: App, tid: int, type_code: str) -> str:
    gaps = open_view(app, tid).gaps
    return str(gaps.loc[gaps["type_code"] == type_code, "state"].iloc[0])


def test_a_commune_written_by_name_is_the_territorys_own(app: App, tid: int, load: Importer) -> None:
    """Spreadsheets made by hand say «Essaiville», never 99101."""
    load("qpv", QUARTIER, "quartiers.geojson")
    load("tableur", "nom;type;commune\nCPAM d'essai;CPAM;ESSAIVILLE\nCAF d'ailleurs;CAF;Autreville\n")
    assert _state(app, tid, "cpam") == State.A_RELIER
    assert _state(app, tid, "caf") == State.NON_RENSEIGNE
    assert list(open_view(app, tid).structures["insee"]) == ["", ""], "what is stored says what was said"


def test_a_name_that_two_communes_share_is_not_guessed(app: App, tid: int, load: Importer) -> None:
    load("qpv", QUARTIER, "quartiers.geojson")
    load(
        "tableur",
        "nom;type;commune;code insee\nA;CCAS;Essaiville;99101\nB;CCAS;Essaiville;99150\nC;CPAM;Essaiville;\n",
    )
    assert _state(app, tid, "cpam") == State.NON_RENSEIGNE
