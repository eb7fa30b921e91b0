"""What every export format promises, whichever it is."""

import csv
import json
from dataclasses import replace

import networkx as nx
import pandas as pd
import pytest
from python_calamine import CalamineWorkbook

from reseau.discovery import collect
from reseau.errors import RefusedInput
from reseau.exports import Export, all_exports, public_view, restore
from reseau.model.reports import Scope
from reseau.sources import Source
from reseau.sources._base import ReadOptions
from tests.unit.exports.bundles import bundle, empty_bundle

EXPORTS = pytest.mark.parametrize("export", all_exports().values(), ids=lambda export: export.id)
CSV_TABLES = {
    "csv": "structures", "relations": "relations", "permanences": "permanences", "actions": "actions",
    "lacunes": "gaps", "contacts": "contacts", "journal": "journal", "besoins": "needs",
}  # fmt: skip
# Format → source that reads it back.
READ_BACK = {
    "csv": "tableur", "relations": "relations", "permanences": "permanences", "actions": "actions",
    "contacts": "contacts", "journal": "journal", "besoins": "besoins",
}  # fmt: skip


def _rows(path):
    """Number of data rows, counted by another program than the one that wrote them."""
    if path.suffix == ".csv":
        with path.open(encoding="utf-8-sig", newline="") as file:
            return len(list(csv.reader(file, delimiter=";"))) - 1
    if path.suffix == ".geojson":
        return len(json.loads(path.read_text(encoding="utf-8"))["features"])
    if path.suffix == ".gexf":
        graph = nx.read_gexf(path)
        return len(graph) + graph.number_of_edges()
    book = CalamineWorkbook.from_path(str(path))
    return sum(
        len(book.get_sheet_by_name(name).to_python()) - 1 for name in book.sheet_names if name != "Sources"
    )


def _read_csv(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [
            {key: restore(value) for key, value in row.items()} for row in csv.DictReader(file, delimiter=";")
        ]


def test_the_formats_promised_are_there():
    assert set(all_exports()) >= {"csv", "xlsx", "geojson", "gexf", "lacunes", *CSV_TABLES}


@EXPORTS
def test_what_is_said_of_a_format(export):
    assert export.label
    assert export.extension.startswith(".")
    assert "/" in export.mime


@EXPORTS
def test_row_count_is_what_is_in_the_file(export, tmp_path):
    path = tmp_path / f"essai{export.extension}"
    assert export.write(bundle(), path) == _rows(path) > 0
    assert list(tmp_path.iterdir()) == [path]


@EXPORTS
def test_an_empty_territory_gives_a_good_empty_file(export, tmp_path):
    path = tmp_path / f"essai{export.extension}"
    assert export.write(empty_bundle(), path) == _rows(path) == 0


@EXPORTS
def test_the_bundle_is_not_changed(export, tmp_path):
    full, untouched = bundle(), bundle()
    export.write(full, tmp_path / "essai")
    for name in CSV_TABLES.values():
        pd.testing.assert_frame_equal(
            pd.DataFrame(getattr(full, name)), pd.DataFrame(getattr(untouched, name))
        )


@EXPORTS
def test_a_failed_export_keeps_the_former_file(export, tmp_path):
    path = tmp_path / f"essai{export.extension}"
    path.write_text("ancien")
    names = [*CSV_TABLES.values(), "quartiers", "reperes"]
    broken = replace(bundle(), **{name: object() for name in names})
    with pytest.raises(AttributeError):
        export.write(broken, path)
    assert path.read_text() == "ancien"
    assert list(tmp_path.iterdir()) == [path]


@EXPORTS
def test_a_folder_that_does_not_exist_is_refused_in_french(export, tmp_path):
    with pytest.raises(RefusedInput, match="Vérifiez que le dossier existe"):
        export.write(bundle(), tmp_path / "absent" / f"essai{export.extension}")


@EXPORTS
def test_a_public_export_writes_or_refuses(export, tmp_path):
    path = tmp_path / f"essai{export.extension}"
    if export.can_be_public:
        assert export.write(public_view(bundle()), path) == _rows(path) > 0
    else:
        with pytest.raises(RefusedInput):
            export.write(public_view(bundle()), path)
        assert not path.exists()


@pytest.mark.parametrize("export_id", CSV_TABLES)
def test_no_csv_cell_begins_like_a_formula(export_id, tmp_path):
    """Numbers may be negative; any other cell that a spreadsheet would run is a way in."""
    path = tmp_path / "essai.csv"
    all_exports()[export_id].write(bundle(), path)
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    with path.open(encoding="utf-8-sig", newline="") as file:
        cells = [cell for row in csv.reader(file, delimiter=";") for cell in row]
    risky = [cell for cell in cells if cell[:1] in {"=", "+", "-", "@", "\t", "\r"} and cell]
    assert [cell for cell in risky if not _is_number(cell)] == []


def _is_number(text):
    try:
        float(text)
    except ValueError:
        return False
    return True


def test_partners_read_back_to_the_same_values(tmp_path):
    path = tmp_path / "essai.csv"
    all_exports()["csv"].write(bundle(), path)
    frame, rows = bundle().structures, _read_csv(path)
    assert [row["nom"] for row in rows] == frame["name"].tolist()
    assert [row["adresse"] for row in rows] == frame["address"].tolist()
    assert rows[0]["description"] == "Ligne 1\nLigne 2, suite ; fin"
    assert rows[1]["description"] == "'=déjà protégé"
    assert rows[1]["horaires"] == "@lundi sur rendez-vous"
    assert (float(rows[0]["longitude"]), float(rows[0]["latitude"])) == (-1.25, 47.5)
    assert rows[0]["quartiers desservis"] == "QN04201M | QN04202M"


def test_unknown_stays_empty(tmp_path):
    all_exports()["csv"].write(bundle(), tmp_path / "p.csv")
    all_exports()["actions"].write(bundle(), tmp_path / "a.csv")
    all_exports()["lacunes"].write(bundle(), tmp_path / "l.csv")
    bare = _read_csv(tmp_path / "p.csv")[2]
    assert {key for key, value in bare.items() if value} == {"identifiant", "nom", "type", "fermée"}
    done, idea = _read_csv(tmp_path / "a.csv")
    assert (done["personnes rencontrées"], done["rendez-vous pris"]) == ("0", "")
    assert idea["personnes rencontrées"] == ""
    unknown = _read_csv(tmp_path / "l.csv")[1]
    assert (unknown["part des habitants à proximité"], unknown["minutes à pied"]) == ("", "")
    assert unknown["lieux connus"] == "0"


def test_internal_notes_are_exported_when_the_frame_has_them(tmp_path):
    full = bundle()
    full.structures["internal_note"] = "à rappeler"
    all_exports()["csv"].write(full, tmp_path / "p.csv")
    assert _read_csv(tmp_path / "p.csv")[0]["note interne"] == "à rappeler"
    all_exports()["csv"].write(public_view(full), tmp_path / "p.csv")
    assert "note interne" not in _read_csv(tmp_path / "p.csv")[0]


@pytest.mark.parametrize(("export_id", "source_id"), READ_BACK.items())
def test_our_own_sources_read_every_row_back(export_id, source_id, tmp_path):
    """What one team exports, another imports: no row refused, no column unknown."""
    path = tmp_path / "essai.csv"
    rows = all_exports()[export_id].write(bundle(), path)
    parsed = _sources()[source_id].read(path, Scope(), ReadOptions())
    assert [problem.reason for refused in parsed.refused for problem in refused.problems] == []
    assert len(parsed.records) == rows
    preview = _sources()[source_id].preview(path, ReadOptions())
    assert [column for column, field in preview.mapping.items() if not field] == []


def test_partners_come_back_as_the_same_structures(tmp_path):
    path = tmp_path / "essai.csv"
    all_exports()["csv"].write(bundle(), path)
    parsed = _sources()["tableur"].read(path, Scope(), ReadOptions())
    fields = (
        "uid", "name", "types", "address", "postcode", "commune", "insee", "lon", "lat", "phone", "website",
        "position_precision", "opening_hours", "hours_text", "publics", "languages", "reception_modes",
        "served_quartiers", "siret", "closed", "free", "no_appointment", "accessible", "capacity",
        "capacity_unit",
    )  # fmt: skip
    for record, (_, row) in zip(parsed.records, bundle().structures.iterrows(), strict=True):
        for field in fields:
            expected = None if isinstance(row[field], float) and pd.isna(row[field]) else row[field]
            assert getattr(record.record, field) == expected, field


def test_ties_name_their_structures_exactly(tmp_path):
    path = tmp_path / "essai.csv"
    all_exports()["relations"].write(bundle(), path)
    parsed = _sources()["relations"].read(path, Scope(), ReadOptions())
    known = set(bundle().structures["name"]) | set(bundle().structures["uid"])
    for located in parsed.records:
        assert {located.record.from_ref, located.record.to_ref} <= known
    first = parsed.records[0].record
    assert (first.purpose, first.direction, first.intensity) == ("convention", "retour", 5)
    assert (first.status, first.confirmed) == ("actif", None)


def test_actions_keep_partners_roles_and_counts(tmp_path):
    path = tmp_path / "essai.csv"
    all_exports()["actions"].write(bundle(), path)
    action = _sources()["actions"].read(path, Scope(), ReadOptions()).records[0].record
    assert [partner.role for partner in action.partners] == ["coanime", "accueille"]
    assert action.counts == {"personnes_rencontrees": 0, "orientations": 12}
    assert (action.recurrence, action.status, action.form) == ("mensuelle", "realisee", "cafe_sante")


def test_boundaries_come_back(tmp_path):
    path = tmp_path / "quartiers.geojson"
    all_exports()["quartiers"].write(bundle(), path)
    parsed = _sources()["qpv"].read(path, Scope(), ReadOptions())
    assert [item.record.code for item in parsed.records] == ["QN04201M", "QV-vallon"]
    assert [item.record.population for item in parsed.records] == [None, 1200]
    assert parsed.records[0].record.communes == ("42218", "42207")
    assert parsed.records[0].record.languages == ("ar", "tr")


def test_discovery_is_loud():
    assert set(collect("reseau.exports", "EXPORT", Export)) == set(all_exports())
    with pytest.raises(TypeError):
        collect("reseau.exports", "ABSENT", Export)


def _sources():
    return collect("reseau.sources", "SOURCE", Source)
