"""Places of OpenStreetMap: what tags say and do not say, where places are, and files that lie."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import shapely

from reseau.errors import RefusedInput
from reseau.hours import is_valid
from reseau.model.context import Repere
from reseau.model.reports import Parsed, Scope
from reseau.model.typology import load_typology
from reseau.sources import ReadOptions
from reseau.sources.osm import SOURCE
from reseau.sources.osm.tags import LEFT_OUT, rule_for, rules

SAMPLE = Path(SOURCE.spec.sample)
FOLDER = Path(__file__).resolve().parents[3] / "reseau" / "sources" / "osm"


def read(path: Path, scope: Scope | None = None) -> Parsed:
    return SOURCE.read(path, scope or Scope(), ReadOptions())


def node(number: int = 1, lon: float = 1.6, lat: float = 48.1, **tags: str) -> str:
    inside = "".join(f'<tag k="{key.replace("__", ":")}" v="{value}"/>' for key, value in tags.items())
    return f'<node id="{number}" lon="{lon}" lat="{lat}">{inside}</node>'


def written(folder: Path, *things: str, name: str = "lieux.osm") -> Path:
    path = folder / name
    path.write_text(f'<?xml version="1.0"?><osm version="0.6">{"".join(things)}</osm>', encoding="utf-8")
    return path


def one(folder: Path, **tags: str) -> Repere:
    (located,) = read(written(folder, node(**tags))).records
    assert isinstance(located.record, Repere)
    return located.record


def by_uid(parsed: Parsed) -> dict[str, Repere]:
    return {item.record.uid: item.record for item in parsed.records if isinstance(item.record, Repere)}


def test_every_line_of_the_list_names_a_type_that_exists() -> None:
    """A misspelt type would silently be none; a line that can never apply would silently do nothing."""
    assert {rule.type_code for rule in rules()} - {"", LEFT_OUT} <= set(load_typology().types)
    assert all(rule.conditions and rule.label for rule in rules())
    conditions = [rule.conditions for rule in rules()]
    assert len(conditions) == len(set(conditions))


def test_no_line_hides_a_later_one() -> None:
    """The first line that holds decides: a wider one before a narrower one would always win."""
    for rank, rule in enumerate(rules()):
        hidden = [
            later.label for later in rules()[rank + 1 :] if set(rule.conditions) < set(later.conditions)
        ]
        assert hidden == [], rule


@pytest.mark.parametrize(
    ("tags", "type_code"),
    [
        ({"amenity": "pharmacy"}, "pharmacie"),
        ({"amenity": "doctors"}, "medecin"),
        ({"amenity": "doctors", "healthcare:speciality": "psychiatry"}, "psychiatre"),
        ({"amenity": "doctors", "healthcare:speciality": "ophthalmology"}, ""),
        ({"amenity": "doctors", "name": "Maison de Santé du Port"}, "msp"),
        ({"amenity": "clinic"}, ""),
        ({"office": "employment_agency", "name": "Pôle Emploi Redon"}, "france-travail"),
        ({"office": "government", "name": "Sous-Préfecture de Redon"}, "prefecture"),
        ({"amenity": "social_facility", "social_facility": "food_bank"}, "aide-alimentaire"),
        ({"social_facility": "group_home", "social_facility:for": "senior;disabled"}, "personnes-agees"),
        ({"healthcare": "something_new"}, ""),
        ({"ref:FR:FINESS": "990000017"}, ""),
    ],
)
def test_tags_say_a_type_or_nothing(tags: dict[str, str], type_code: str) -> None:
    rule = rule_for(tags)
    assert rule is not None
    assert rule.type_code == type_code


@pytest.mark.parametrize(
    "tags",
    [
        {"amenity": "bench"},
        {"amenity": "restaurant"},
        {"office": "insurance"},
        {"office": "employment_agency", "name": "Intérim Plus"},
        {"amenity": "pharmacy", "disused": "yes"},
        {"shop": "optician"},
    ],
)
def test_what_is_no_partner_is_not_a_place(tags: dict[str, str]) -> None:
    assert rule_for(tags) is None


def test_a_beginning_is_made_of_whole_words() -> None:
    """«CAF» must not take the «Cafétéria»."""
    found = rule_for({"office": "association", "name": "Cafétéria associative"})
    assert found is not None
    assert found.type_code == ""


def test_the_category_of_the_register_decides_before_the_tags(tmp_path: Path) -> None:
    place = one(tmp_path, amenity="clinic", type__FR__FINESS="124", ref__FR__FINESS="990000017;abc")
    assert (place.type_code, place.finess) == ("centre-sante", "990000017")


def test_people_s_homes_are_counted_and_nothing_more(tmp_path: Path) -> None:
    """Category 462 is where people live: neither its name nor its address is anywhere."""
    parsed = read(
        written(
            tmp_path,
            node(1, social_facility="group_home", type__FR__FINESS="462", name="Maison de Paul"),
            node(2, amenity="pharmacy"),
        )
    )
    assert parsed.counts["category_462"] == 1
    assert "Paul" not in repr(parsed)
    assert parsed.n_read == 1


def test_a_place_says_how_to_reach_it(tmp_path: Path) -> None:
    place = by_uid(read(FOLDER / SAMPLE))["osm--node-1"]
    assert place.address == "3 rue du Moulin, 99100 Beauval"
    assert (place.phone, place.finess) == ("01 99 00 00 01", "990000017")
    assert is_valid(place.opening_hours)
    assert "opening_hours" not in place.tags


def test_hours_that_cannot_be_read_stay_among_the_tags(tmp_path: Path) -> None:
    place = by_uid(read(FOLDER / SAMPLE))["osm--node-2"]
    assert place.opening_hours == ""
    assert place.tags["opening_hours"] == "sur rendez-vous"
    assert place.name == "Cabinet médical (sans nom)"


def test_what_names_a_mapper_or_a_person_is_not_kept(tmp_path: Path) -> None:
    """Phone and website are for reaching the place; an e-mail, a note or a key nobody listed are not kept."""
    place = one(
        tmp_path, amenity="doctors", email="camille.durand@exemple.fr", note="clé chez la voisine",
        contact__email="c@exemple.fr", operator="Ville", inconnu="x", website="javascript:alert(1)",
        phone="illisible",
    )  # fmt: skip
    assert dict(place.tags) == {"amenity": "doctors", "operator": "Ville"}
    assert (place.website, place.phone) == ("", "")


def test_a_social_security_number_is_masked(tmp_path: Path) -> None:
    place = one(tmp_path, amenity="doctors", name="Cabinet 2 85 05 78 006 084 36")
    assert "006" not in place.name


def test_texts_stay_texts(tmp_path: Path) -> None:
    place = one(tmp_path, amenity="doctors", name="{{7*7}} &lt;script&gt;")
    assert place.name == "{{7*7}} <script>"


def test_outlines_have_a_point_inside(tmp_path: Path) -> None:
    """A school with a courtyard: the point is in the buildings, not in the hole nor at the middle."""
    place = by_uid(read(FOLDER / SAMPLE))["osm--relation-200"]
    outer = shapely.box(1.6050, 48.1040, 1.6060, 48.1050)
    hole = shapely.box(1.6054, 48.1044, 1.6056, 48.1046)
    assert outer.difference(hole).contains(shapely.Point(place.lon, place.lat))


def test_a_site_is_at_the_middle_of_its_parts(tmp_path: Path) -> None:
    """A relation that is no outline has no surface: its parts say where it is."""
    parsed = read(
        written(
            tmp_path,
            node(1, lon=1.0),
            node(2, lon=1.2),
            '<relation id="9"><member type="node" ref="1" role=""/><member type="node" ref="2" role=""/>'
            '<tag k="type" v="site"/><tag k="amenity" v="hospital"/></relation>',
        )
    )
    assert by_uid(parsed)["osm--relation-9"].lon == pytest.approx(1.1)


def test_a_place_cut_by_the_edge_is_refused_with_its_name() -> None:
    (refused,) = read(FOLDER / SAMPLE).refused
    assert refused.row["nom"] == "École coupée par le bord de l'extrait"
    assert "extrait complet" in refused.problems[0].reason


def test_the_same_object_twice_is_one_place(tmp_path: Path) -> None:
    """Extracts put together repeat what lies on their common edge; the last one is the newest."""
    twice = written(
        tmp_path, node(1, amenity="pharmacy", name="Ancienne"), node(1, amenity="pharmacy", name="Neuve")
    )
    assert [place.name for place in by_uid(read(twice)).values()] == ["Neuve"]


AREA = shapely.box(1.59, 48.09, 1.61, 48.11)


@pytest.mark.parametrize(
    ("radius", "kept"),
    [
        (None, {"osm--node-1", "osm--node-2"}),
        (0.1, {"osm--node-1"}),
        (50.0, {"osm--node-1", "osm--node-2", "osm--node-3"}),
    ],
)
def test_only_what_is_near_the_quartiers_is_kept(
    radius: float | None, kept: set[str], tmp_path: Path
) -> None:
    """Without a radius, half an hour on foot; the rest is counted as elsewhere, never lost in silence."""
    path = written(
        tmp_path,
        node(1, amenity="pharmacy"),
        node(2, lon=1.63, amenity="pharmacy"),
        node(3, lon=1.9, amenity="pharmacy"),
    )
    parsed = read(path, Scope(areas_wkb=(shapely.to_wkb(AREA),), radius_km=radius))
    assert set(by_uid(parsed)) == kept
    assert parsed.n_read == 3
    assert any("2 km" in note for note in parsed.notes) == (radius is None)


def test_without_quartiers_everything_is_kept_and_said() -> None:
    parsed = read(FOLDER / SAMPLE)
    assert parsed.n_out_of_scope == 0
    assert any("Aucun quartier" in note for note in parsed.notes)


def test_the_licence_is_said_at_each_import() -> None:
    assert any("ODbL" in note for note in read(FOLDER / SAMPLE).notes)


def test_the_date_is_that_of_the_map() -> None:
    assert read(FOLDER / SAMPLE).data_date == date(2026, 6, 1)


BOMB = (
    '<!DOCTYPE osm [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY {x} "{f"&{y};" * 10}">' for x, y in zip("bcdefgh", "abcdefg", strict=True))
    + "]>"
)


def test_an_xml_bomb_is_harmless(tmp_path: Path) -> None:
    """Entities are not expanded: the file is refused before it fills the memory."""
    path = tmp_path / "bombe.osm"
    path.write_text(
        f'<?xml version="1.0"?>{BOMB}<osm version="0.6">{node(1, amenity="pharmacy", name="&h;")}</osm>',
        encoding="utf-8",
    )
    with pytest.raises(RefusedInput, match=r"bombe\.osm"):
        read(path)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ('<osm version="0.6"><node id="1" lat="48.1" lon="1.6"><tag k="amenity"', "abîmé ou coupé"),
        ('<osm version="0.6"><node id="1" lat="999" lon="1.6"/></osm>', "abîmé ou coupé"),
        ('<osm version="0.6"></osm>', "aucun lieu"),
        ('<osm version="0.6"><node id="1" lat="48" lon="1"/></osm>', "aucun lieu"),
        (
            '<osm version="0.6"><node id="1" lat="48" lon="1"><tag k="amenity" v="pharmacy"/></node>'
            "<remark> runtime error: Query timed out </remark></osm>",
            "incomplet",
        ),
        ("<gpx></gpx>", "n'est pas un fichier OpenStreetMap"),
    ],
    ids=["cut", "nowhere", "empty", "streets only", "overpass stopped", "another xml"],
)
def test_bad_files_are_refused_in_words(content: str, words: str, tmp_path: Path) -> None:
    """A half file read as a whole one would put away every place it does not show."""
    path = tmp_path / "mauvais.osm"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(RefusedInput, match=words):
        read(path)


def test_the_format_is_judged_on_the_content(tmp_path: Path) -> None:
    """Browsers rename what they download."""
    path = written(tmp_path, node(1, amenity="pharmacy"), name="export.pbf")
    assert SOURCE.recognises(path)
    assert len(read(path).records) == 1


@pytest.mark.parametrize("content", [b"", b"<html></html>", b"{}", b"nom;type\n", b"\x89PNG"])
def test_other_files_are_not_recognised(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "autre.osm"
    path.write_bytes(content)
    assert not SOURCE.recognises(path)


@pytest.mark.real_data
@pytest.mark.parametrize(("name", "places"), [("redon.osm", 31), ("le_mans_centre.osm.pbf", 9)])
def test_real_extracts(shared_data: Path, name: str, places: int) -> None:
    """Two real towns: every place has a position and a name; the figures are those seen by hand."""
    path = shared_data / "osm" / name
    assert SOURCE.recognises(path)
    parsed = read(path)
    assert (len(parsed.records), parsed.refused) == (places, ())
    assert all(place.name and -3 < place.lon < 1 and 47 < place.lat < 49 for place in by_uid(parsed).values())


@pytest.mark.real_data
def test_a_real_file_cut_short_is_refused(shared_data: Path, tmp_path: Path) -> None:
    """At any place of the file: the end of a download is wherever the network stopped."""
    content = (shared_data / "osm" / "le_mans_centre.osm.pbf").read_bytes()
    path = tmp_path / "coupe.osm.pbf"
    for share in (0.3, 0.6, 0.999):
        path.write_bytes(content[: int(len(content) * share)])
        with pytest.raises(RefusedInput, match="abîmé ou coupé"):
            read(path)
