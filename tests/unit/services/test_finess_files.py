"""The register comes in several files that say different things of the same places: together they say all."""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import permutations
from pathlib import Path

import pytest

from reseau.services import App
from reseau.services.importing import FileToImport, import_file, plan_import
from reseau.services.territoires import create_territoire
from reseau.services.view import open_view
from reseau.sources.finess.layouts import STRUCTURE_FIELDS
from tests.unit.sources.finess.register import document, site, write

LAMBERT = "1,ATLASANTE,96,BAN,EPSG:2154 RGF93 / Lambert-93 (Métropole)"


def line(number: str, **values: str) -> str:
    base = {"kind": "structureet", "nofinesset": number, "rs": "CMP", "categetab": "156"}
    row = base | {"commune": "555", "departement": "31"} | values
    return ";".join(row.get(name, "") for name in STRUCTURE_FIELDS)


def with_positions(folder: Path) -> Path:
    """As cs1100507 put back together: positions, no address."""
    path = folder / "cs1100507.csv"
    lines = [line("310000001"), line("310000002")]
    places = [f"geolocalisation;31000000{n};57435{n}.8;6279642.4;{LAMBERT};2026-05-04" for n in (1, 2)]
    path.write_text("\n".join(["finess;etalab;98;2026-05-12", *lines, *places, ""]), encoding="utf-8")
    return path


def with_addresses(folder: Path) -> Path:
    """As cs1100502: addresses, no position."""
    path = folder / "cs1100502.csv"
    address = {"numvoie": "12", "typvoie": "R", "voie": "DES LILAS", "ligneacheminement": "31000 TOULOUSE"}
    lines = [line("310000001", **address), line("310000002", **address)]
    path.write_text("\n".join(["finess;etalab;111;2026-05-12", *lines, ""]), encoding="utf-8")
    return path


def in_json(folder: Path) -> Path:
    """As FINESS+: a phone, and no position for the second establishment."""
    second = site("310000002", adresse=[{"usageAdresse": "03", "cogCommune": "31555"}])
    return write(folder, document(site("310000001"), second))


@pytest.mark.parametrize("order", list(permutations([with_positions, with_addresses])))
def test_one_then_the_other_in_both_orders(
    app: App, tmp_path: Path, order: tuple[Callable[[Path], Path], ...]
) -> None:
    tid = create_territoire(app, "Toulouse", communes=["31555"]).id
    first, second = (import_file(app, tid, "finess", FileToImport(path=make(tmp_path))) for make in order)
    assert (first.created, first.updated) == (2, 0)
    assert (second.created, second.updated, second.closed) == (0, 2, 0)
    known = open_view(app, tid).structures
    assert set(known["uid"]) == {"finess--310000001", "finess--310000002"}
    assert set(known["address"]) == {"12 RUE DES LILAS"}
    assert known["lon"].notna().all()
    assert set(known["position_precision"]) == {"adresse"}


def test_the_new_publication_takes_over_from_the_old_files(app: App, tmp_path: Path) -> None:
    """Positions known before stay where the new publication has none."""
    tid = create_territoire(app, "Toulouse", communes=["31555"]).id
    for make in (with_positions, with_addresses):
        import_file(app, tid, "finess", FileToImport(path=make(tmp_path)))
    report = import_file(app, tid, "finess", FileToImport(path=in_json(tmp_path)))
    assert (report.created, report.closed) == (0, 0)
    known = open_view(app, tid).structures.set_index("finess")
    assert known["lon"].notna().all()
    assert known.loc["310000001", "phone"] == "05 61 00 00 00"
    assert known.loc["310000002", "address"] == "12 RUE DES LILAS"


def test_what_the_new_publication_says_closed_is_marked_closed(app: App, tmp_path: Path) -> None:
    tid = create_territoire(app, "Toulouse", communes=["31555"]).id
    import_file(app, tid, "finess", FileToImport(path=with_positions(tmp_path)))
    path = write(tmp_path, document(site("310000001"), site("310000002", etatObjet="I")))
    plan = plan_import(app, tid, "finess", FileToImport(path=path))
    assert plan.count("gone") == 1
    assert import_file(app, tid, "finess", FileToImport(path=path)).closed == 1


def test_a_cut_publication_closes_nothing(app: App, tmp_path: Path) -> None:
    tid = create_territoire(app, "Toulouse", communes=["31555"]).id
    import_file(app, tid, "finess", FileToImport(path=with_positions(tmp_path)))
    path = write(tmp_path, document(pmej=[{"ege": [site("310000001")]}, {"ege": [site("310000002")]}]))
    path.write_text(json.dumps(json.loads(path.read_text()))[:-120], encoding="utf-8")
    assert import_file(app, tid, "finess", FileToImport(path=path)).closed == 0


@pytest.mark.real_data
def test_real_lines_of_both_files(app: App, tmp_path: Path, shared_data: Path) -> None:
    """Viriat and Les Abymes: one in each coordinate system, the same in both files."""
    tid = create_territoire(app, "Réel", communes=["01451", "97101"]).id
    folder = shared_data / "finess"
    for name in ("cs1100507_extrait_brut.csv", "cs1100502_extrait_brut.csv"):
        import_file(app, tid, "finess", FileToImport(path=folder / name))
    known = open_view(app, tid).structures.set_index("finess")
    assert {"010000024", "970100012"} <= set(known.index)
    assert known.loc["010000024", "address"] == "900 ROUTE DE PARIS"
    assert known.loc["010000024", "lat"] == pytest.approx(46.2219, abs=0.001)
    assert known.loc["970100012", "lat"] == pytest.approx(16.236, abs=0.01)
