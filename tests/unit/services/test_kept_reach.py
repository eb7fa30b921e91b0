"""What outlives an edit: inhabitants while their sources stay, distances of the types that did not move."""

from __future__ import annotations

from reseau.geo import shapes
from reseau.geo.inhabitants import EVENLY
from reseau.services import App
from reseau.services.importing import list_imports
from reseau.services.territoires import update_territoire
from reseau.services.undoing import undo_import
from reseau.services.view import open_view
from tests.unit.services.conftest import Importer
from tests.unit.services.test_view import QUARTIER

HEADER = "nom;type;commune;latitude;longitude\n"
CPAM, CAF, CMP = (
    "CPAM d'essai;CPAM;Essaiville;48.105;1.605\n",
    "CAF d'essai;CAF;Essaiville;48.104;1.606\n",
    "CMP d'essai;CMP;Essaiville;48.103;1.604\n",
)


def measured(app: App, tid: int) -> int:
    """Types measured so far, once everything shown was computed."""
    assert not open_view(app, tid).gaps.empty
    return app.reaches[tid].reach.measured


def test_an_edit_measures_its_own_type_only(app: App, tid: int, load: Importer) -> None:
    load("qpv", QUARTIER, "quartiers.geojson")
    load("tableur", HEADER + CPAM + CAF)
    assert measured(app, tid) == 2
    load("tableur", HEADER + CPAM + CAF + CMP)
    assert measured(app, tid) == 3
    update_territoire(app, tid, near_share=0.9)
    assert measured(app, tid) == 3
    update_territoire(app, tid, walking_kmh=3.0)
    assert measured(app, tid) > 3


def squares() -> str:
    """A file of squares that covers the quartier, all its inhabitants in the west."""
    ((x, y), (east, north)) = (
        shapes.transformer(4326, 3035).transform(*corner) for corner in ((1.599, 48.099), (1.611, 48.111))
    )
    rows = [
        f"CRS3035RES200mN{north_}E{east_},99101,{50 if east_ < (x + east) / 2 else 1},20"
        for east_ in range(int(x) // 200 * 200 - 200, int(east) + 400, 200)
        for north_ in range(int(y) // 200 * 200 - 200, int(north) + 400, 200)
    ]
    return "\n".join(["idcar_200m,lcog_geo,ind,men", *rows])


def test_inhabitants_are_kept_until_a_boundary_or_their_source_changes(
    app: App, tid: int, load: Importer
) -> None:
    load("qpv", QUARTIER, "quartiers.geojson")
    before = open_view(app, tid).inhabitants
    assert before.quartiers["spread"].tolist() == [EVENLY]
    load("tableur", HEADER + CPAM)
    assert open_view(app, tid).inhabitants is before
    load("carreaux", squares(), "carreaux_2019.csv")
    by_squares = open_view(app, tid).inhabitants
    assert by_squares.quartiers["spread"].str.startswith("carreaux de 200 m").all()
    load("tableur", HEADER + CPAM + CAF)
    assert open_view(app, tid).inhabitants is by_squares
    squares_import = next(report for report in list_imports(app, tid) if report.source == "carreaux")
    undo_import(app, tid, squares_import.id)
    assert open_view(app, tid).inhabitants.key == before.key


def test_an_estimated_number_reaches_every_figure(app: App, tid: int, load: Importer) -> None:
    """The quartier's own number is unknown: the sum of the squares stands for it and is said to."""
    load("qpv", QUARTIER, "quartiers.geojson")
    load("carreaux", squares(), "carreaux_2019.csv")
    view = open_view(app, tid)
    (row,) = view.people.to_dict("records")
    assert row["estimated"]
    assert row["population"] > 100
    assert row["population_source"].startswith("estimation")
    assert view.quartiers["population"].isna().all()
    assert view.analysis.people.tolist() == [row["population"]]
