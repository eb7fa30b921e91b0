"""The publication that is kept up to date: its traps put places in the wrong town, or keep closed ones."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import shapely

from reseau.errors import RefusedInput
from reseau.geo import shapes
from reseau.model.reports import Scope
from reseau.sources.finess import SOURCE
from tests.unit.sources.finess.register import (
    DEGREES_FIRST,
    DEGREES_LAST,
    address,
    document,
    only,
    read,
    site,
    write,
)


def test_everything_the_publication_says_is_kept(tmp_path: Path) -> None:
    parsed = read(write(tmp_path, document(site())))
    found = only(parsed)
    assert (found.uid, found.finess, found.name) == ("finess--310000001", "310000001", "CMP DES LILAS")
    assert found.types == ("cmp",)
    assert (found.address, found.postcode, found.commune) == ("12 AVENUE DES LILAS", "31000", "TOULOUSE")
    assert (found.insee, found.siret, found.phone) == ("31555", "12345678900011", "05 61 00 00 00")
    assert (found.lon, found.lat, found.position_precision) == (1.4442, 43.6045, "adresse")
    assert parsed.data_date == date(2026, 9, 5)
    assert SOURCE.recognises(write(tmp_path, document(site())))


@pytest.mark.parametrize("given", [DEGREES_LAST, DEGREES_FIRST])
def test_whichever_pair_is_in_degrees_is_the_position(tmp_path: Path, given: dict[str, str]) -> None:
    """The publication writes them one way for some establishments, the other way for the rest."""
    found = only(read(write(tmp_path, document(site(adresse=[address(coordonneesGeographique=given)])))))
    assert (found.lon, found.lat) == (1.4442, 43.6045)


@pytest.mark.parametrize(
    "given",
    [
        {},
        None,
        {"coordonneeX": "6279642.4", "coordonneeY": "574357.8"},
        {"coordonneeX": "", "coordonneeY": ""},
        {"coordonneeX": "0", "coordonneeY": "0"},
        {"coordonneeX": "43.6045", "coordonneeY": "1.4442"},
        {"coordonneeX": "nan", "coordonneeY": "inf"},
        {"coordonneeX": "55.45", "coordonneeY": "-20.88"},
    ],
)
def test_a_position_that_cannot_be_one_is_unknown(tmp_path: Path, given: Any) -> None:
    """Metres without their system, swapped degrees, another ocean: unknown, never invented."""
    parsed = read(write(tmp_path, document(site(adresse=[address(coordonneesGeographique=given)]))))
    assert (only(parsed).lon, only(parsed).lat) == (None, None)
    assert parsed.counts["without_position"] == 1


@pytest.mark.parametrize(
    ("key", "score", "precision"),
    [
        ("31555_1950_00062", "0.97", "adresse"),
        ("31555_1950_00062_bis", "0.97", "adresse"),
        ("31555_1950_00062", "0.5", "rue"),
        ("31555_1950", "0.97", "rue"),
        ("31555", "0.94", "commune"),
        ("", "0.94", "rue"),
    ],
)
def test_the_address_key_says_the_precision_not_the_score(
    tmp_path: Path, key: str, score: str, precision: str
) -> None:
    """A town centre comes with a score of 0.94: it must not be drawn as an address."""
    given = DEGREES_LAST | {"cleInInteropBAN": key, "scoreBAN": score}
    found = only(read(write(tmp_path, document(site(adresse=[address(coordonneesGeographique=given)])))))
    assert found.position_precision == precision


def test_the_address_of_work_is_not_always_the_first(tmp_path: Path) -> None:
    """Two thousand establishments give first where visitors are received, in another town."""
    elsewhere = address(usageAdresse="06", cogCommune="31044", libelleVoie="DU BOUT DU MONDE")
    found = only(read(write(tmp_path, document(site(adresse=[elsewhere, address()])))))
    assert (found.insee, found.address) == ("31555", "12 AVENUE DES LILAS")


def test_the_closed_ones_are_counted_and_left_out(tmp_path: Path) -> None:
    """Four in ten are: some closed thirty years ago. A closing that is only announced has not come."""
    content = document(
        site("310000001"),
        site("310000002", etatObjet="I"),
        site("310000003", about={"dateFermeture": "2010-01-01"}),
        site("310000004", about={"dateFermeture": "2026-12-31"}),
    )
    parsed = read(write(tmp_path, content))
    assert [located.record.finess for located in parsed.records] == ["310000001", "310000004"]  # type: ignore[union-attr]
    assert parsed.n_out_of_scope == 2
    assert any("2 établissement(s) que le répertoire dit fermés" in note for note in parsed.notes)


def test_peoples_homes_are_never_read(tmp_path: Path) -> None:
    content = document(site(), site("310000002", categorieentiteGeographiqueExercice="462"))
    parsed = read(write(tmp_path, content))
    assert only(parsed).finess == "310000001"
    assert parsed.counts["category_462"] == 1
    assert "310000002" not in str(parsed)


def test_an_unknown_category_is_another_structure_with_its_code(tmp_path: Path) -> None:
    parsed = read(write(tmp_path, document(site(categorieentiteGeographiqueExercice="998"))))
    assert only(parsed).types == ("autre",)
    assert any("catégorie 998" in note for note in parsed.notes)


def test_a_new_key_makes_noise(tmp_path: Path) -> None:
    """The publication is young: what it adds one day may be what we should read."""
    parsed = read(write(tmp_path, document(site(horaires="lundi", about={"courriel": "x"}))))
    assert any("courriel, horaires" in note for note in parsed.notes)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (document(site(), "pas un établissement"), "forme"),
        (document(site(), None), "forme"),
        (document(site(), site("31")), "neuf caractères"),
        (document(site(), {}), "neuf caractères"),
        (document(site(), pmej=[{"ege": [site()]}, 12, {"ege": "non"}]), "forme"),
    ],
)
def test_a_bad_establishment_is_refused_and_the_others_read(
    tmp_path: Path, content: dict[str, Any], reason: str
) -> None:
    parsed = read(write(tmp_path, content))
    assert only(parsed).finess == "310000001"
    assert parsed.refused
    assert all(reason in row.problems[0].reason for row in parsed.refused)


@pytest.mark.parametrize("value", [None, 12, [], {}, True, "x" * 3000])
@pytest.mark.parametrize("key", ["adresse", "contact", "etatObjet", "categorieentiteGeographiqueExercice"])
def test_values_of_another_kind_break_nothing(tmp_path: Path, key: str, value: Any) -> None:
    parsed = read(write(tmp_path, document(site(), site("310000002", **{key: value}))))
    assert parsed.n_read == 2


def test_around_the_quartiers_too(tmp_path: Path) -> None:
    """A neighbour of the next town counts when a radius is set; a far one does not."""
    near = address(cogCommune="31044")
    far = address(
        cogCommune="31044",
        coordonneesGeographique=DEGREES_LAST | {"directionLatitude": "43.3", "directionLongitude": "1.2"},
    )
    content = document(site("310000001", adresse=[near]), site("310000002", adresse=[far]))
    around = shapes.to_wkb(shapely.box(1.44, 43.60, 1.45, 43.61))
    scope = Scope(communes=frozenset({"31555"}), areas_wkb=(around,), radius_km=1.0)
    found = only(read(write(tmp_path, content), scope))
    assert (found.finess, found.address) == ("310000001", "12 AVENUE DES LILAS")


def test_a_cut_file_says_so_and_claims_nothing(tmp_path: Path) -> None:
    entities = [{"ege": [site()]}, {"ege": [site("310000002")]}]
    path = write(tmp_path, document(pmej=entities))
    assert read(path).claims
    path.write_bytes(path.read_bytes()[:-200])
    parsed = read(path)
    assert only(parsed).finess == "310000001"
    assert not parsed.claims
    assert "coupé" in parsed.refused[-1].problems[0].reason


@pytest.mark.parametrize(
    "text",
    [
        '{"schemaVersion": "v1.0.0"}',
        '{"pmej": {}}',
        '{"pmej": []}',
        '{"pmej": [{"ege": []}]}',
        '{"a": [1, 2',
        '{"a" 1}',
        "{",
        '{"service": [{"nom": "Mairie"}]}',
    ],
)
def test_another_json_file_is_refused_by_its_name(tmp_path: Path, text: str) -> None:
    path = tmp_path / "autre.json"
    path.write_text(text)
    with pytest.raises(RefusedInput, match=r"« autre\.json » n'est pas la publication FINESS"):
        read(path)
    assert not SOURCE.recognises(path)


def test_a_map_is_still_refused_in_its_own_words(tmp_path: Path) -> None:
    path = tmp_path / "qpv.geojson"
    path.write_text('{"type": "FeatureCollection", "features": []}')
    with pytest.raises(RefusedInput, match="contours de quartiers"):
        read(path)
