"""A France services shown where it is not, or open when it is not, sends people out for nothing."""

import csv
from pathlib import Path

import pytest
import shapely

from reseau.config import PROJECT_DIR
from reseau.errors import RefusedInput
from reseau.hours import opens_on
from reseau.model.records import Structure
from reseau.model.reports import Parsed, Scope
from reseau.sources._base import ReadOptions
from reseau.sources.france_services import SOURCE

SAMPLE = PROJECT_DIR / "reseau" / "sources" / "france_services" / "sample.csv"
HERE = Scope(communes=frozenset({"99101", "99102"}))


def read(path: Path = SAMPLE, scope: Scope = HERE) -> Parsed:
    return SOURCE.read(path, scope, ReadOptions())


def by_id(parsed: Parsed) -> dict[str, Structure]:
    return {item.record.uid.partition("--")[2]: item.record for item in parsed.records}


def rewritten(folder: Path, **changes: str) -> Path:
    """The sample with cells of its first row changed."""
    with SAMPLE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    rows[0] |= changes
    path = folder / "liste.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    return path


def test_a_place_is_read_whole():
    place = by_id(read())["9901"]
    assert (place.name, place.types) == ("France services du Gué (exemple)", ("france-services",))
    assert (place.address, place.postcode, place.insee) == ("5-9 Rue des Papetiers", "99100", "99101")
    assert (place.lat, place.lon, place.position_precision) == (46.301071, -0.412601, "adresse")
    assert place.opening_hours.startswith("Mo 13:30-17:00")
    assert (place.free, place.no_appointment, place.accessible) == (None, None, None)


def test_an_empty_day_is_a_closed_one():
    assert opens_on(by_id(read())["9901"].opening_hours, 5) is False


def test_a_comment_about_hours_makes_them_uncertain():
    place = by_id(read())["9902"]
    assert place.hours_text == "Uniquement sur rendez-vous le vendredi après-midi"
    assert opens_on(place.opening_hours, 5) is None


def test_a_bus_has_no_address_nor_position_but_comes_to_people():
    """The address in the list is that of the garage, or of who runs it."""
    bus = by_id(read())["9903"]
    assert (bus.address, bus.lon, bus.lat, bus.position_precision) == ("", None, None, "")
    assert bus.reception_modes == ("mobile",)
    assert "6 Rue André Exemple" in bus.description
    assert bus.opening_hours == ""
    assert "9\u00a0h\u00a030" in bus.hours_text
    assert any("1 service(s) itinérant(s)" in note for note in read().notes)


def test_a_place_that_became_a_bus_loses_its_address():
    """The fields are given, empty: an earlier import had filled them."""
    located = next(item for item in read().records if item.record.uid.endswith("9903"))
    assert {"address", "lon", "lat", "position_precision", "opening_hours"} <= located.fields


def test_several_sites_are_said_and_a_post_office_box_is_no_address():
    place = by_id(read())["9904"]
    assert "Plusieurs sites" in place.description
    assert place.address == "Place du Champ de Foire"
    assert place.position_precision == "rue"


def test_hours_that_contradict_themselves_stay_text():
    place = by_id(read())["9904"]
    assert place.opening_hours == ""
    assert "09:00 - 12:00 / 09:00 - 16:30" in place.hours_text


def test_an_unreadable_contact_is_left_out_and_counted():
    assert by_id(read())["9904"].phone == ""
    assert any("« téléphone » illisible" in note for note in read().notes)


def test_two_places_at_one_point_are_normal_and_noted():
    parsed = read()
    assert {"9901", "9902"} <= set(by_id(parsed))
    assert parsed.counts["shared_points_kept"] == 2
    assert any("2 lieu(x) au même point" in note for note in parsed.notes)


def test_the_same_identifier_twice_is_refused_once():
    refused = read().refused
    assert [row.line for row in refused] == [6]
    assert "ligne 5" in refused[0].problems[0].reason


def test_elsewhere_is_counted_not_refused():
    parsed = read()
    assert parsed.n_out_of_scope == 1
    assert parsed.n_read == 6


def test_a_radius_takes_the_neighbours():
    area = shapely.to_wkb(shapely.box(-1.21, 47.09, -1.19, 47.11))
    scope = Scope(communes=frozenset({"99101"}), areas_wkb=(area,), radius_km=1)
    assert set(by_id(read(scope=scope))) == {"9901", "9902", "9905"}


def test_claims_its_type_when_it_knows_the_departments_of_the_territory():
    assert read().claims == {"france-services"}
    assert not read(scope=Scope(communes=frozenset({"99101", "31555"}))).claims


def test_a_commune_without_any_is_spoken_of_all_the_same():
    """The list is whole: a commune it has nothing in has none, which is what «absent» means."""
    scope = Scope(communes=frozenset({"99101", "99103"}))
    assert read(scope=scope).spoken == {"99101", "99103"}
    assert not read(scope=Scope(communes=frozenset({"99103", "31555"}))).spoken


def test_a_cut_file_claims_nothing(tmp_path: Path):
    """What came after the cut is not absent."""
    path = tmp_path / "coupe.csv"
    path.write_text(SAMPLE.read_text(encoding="utf-8")[:-60], encoding="utf-8")
    parsed = read(path)
    assert not parsed.claims
    assert any("coupée" in note for note in parsed.notes)


@pytest.mark.parametrize(
    ("changes", "remark"),
    [
        ({"latitude": "46,301071", "longitude": "-0,412601"}, ""),
        ({"latitude": "6583885.8", "longitude": "430833.9"}, "Lambert-93"),
        ({"latitude": "0", "longitude": "0"}, "Position inutilisable"),
        ({"latitude": "-0.412601", "longitude": "46.301071"}, "Position inutilisable"),
    ],
)
def test_positions(tmp_path: Path, changes: dict[str, str], remark: str):
    parsed = read(rewritten(tmp_path, **changes))
    place = by_id(parsed)["9901"]
    assert remark in " ".join(parsed.notes)
    assert (place.lat is None) == ("inutilisable" in remark)
    if place.lat is not None:
        assert place.lat == pytest.approx(46.3, abs=0.01)


def test_damage_of_exports_is_undone(tmp_path: Path):
    path = rewritten(
        tmp_path, commentaire=r"Entr\xE9e\x20c\xF4t\xE9 cour", code_postal="1200", insee_com="99101"
    )
    place = by_id(read(path))["9901"]
    assert place.access_conditions == "Entrée côté cour"
    assert place.postcode == ""


def test_a_social_security_number_is_never_kept(tmp_path: Path):
    path = rewritten(tmp_path, commentaire="dossier 1 85 05 78 006 084 36")
    located = next(item for item in read(path).records if item.record.uid.endswith("9901"))
    assert "006" not in located.record.access_conditions
    assert "006" not in located.row["commentaire"]


def test_another_table_is_refused_by_its_name(tmp_path: Path):
    path = tmp_path / "autre.csv"
    path.write_text("id;nom;type\n1;A;CMP\n", encoding="utf-8")
    with pytest.raises(RefusedInput, match=r"autre\.csv.*lib_fs"):
        read(path)


def test_a_scope_without_territory_is_refused():
    with pytest.raises(RefusedInput, match="communes du territoire"):
        read(scope=Scope())


@pytest.mark.real_data
def test_the_national_list(shared_data: Path):
    """2,845 places, 29 of them at a shared point, buses and sites told apart, every count accounted for."""
    path = shared_data / "annuaires" / "france_services.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    parsed = read(path, Scope(communes=frozenset(row["insee_com"] for row in rows)))
    assert (parsed.n_read, parsed.n_out_of_scope, len(parsed.refused)) == (len(rows), 0, 0)
    assert parsed.counts["shared_points"] == 29
    places = by_id(parsed)
    buses = [row for row in rows if row["format_fs"] in {"Bus_équivalent", "Itinérante"}]
    assert parsed.counts["travelling"] >= len(buses) > 100
    for row in rows:
        place = places[row["id_fs"]]
        if row in buses:
            assert place.lat is None
        elif "unknown" not in place.opening_hours and place.opening_hours:
            for number, day in enumerate(("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi")):
                assert opens_on(place.opening_hours, number) is bool(
                    row[f"h_{day}"].replace("00:00 - 00:00", "")
                )
    assert sum(bool(place.opening_hours) for place in places.values()) > 2_500


@pytest.mark.real_data
def test_a_town_of_the_national_list(shared_data: Path):
    parsed = read(shared_data / "annuaires" / "france_services.csv", Scope(communes=frozenset({"34172"})))
    assert parsed.claims == {"france-services"}
    assert len(parsed.records) == 4
    assert all(item.record.insee == "34172" for item in parsed.records)
