"""Communes by name: what is sure is taken, what is not is told, nothing is guessed nor sent unasked."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import shapely

from reseau.errors import RefusedInput
from reseau.services import App
from reseau.services.communes_search import (
    Candidate,
    problems_of,
    require_communes,
    resolve_communes,
    split_words,
)
from reseau.services.editing import save_row
from reseau.services.territoires import (
    adopt_communes,
    create_territoire,
    find_territoire,
    update_territoire,
)

SAINT_DENIS = [("QN09301M", "93066", "Saint-Denis"), ("QN97401M", "97411", "Saint-Denis")]


def reference(folder: Path, quartiers: list[tuple[str, str, str]]) -> Path:
    """A file of quartiers in the official columns; names and codes are all that counts here."""
    ring = [[1.40, 43.60], [1.41, 43.60], [1.41, 43.61], [1.40, 43.61], [1.40, 43.60]]
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "Polygon", "coordinates": [ring]},
            "properties": {"code_qp": code, "lib_qp": code, "insee_com": insee, "lib_com": name},
        }
        for code, insee, name in quartiers
    ]
    path = folder / "qpv.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    return path


def quartier(app: App, tid: int, code: str, communes: list[str], names: list[str]) -> None:
    values = {
        "name": code, "code": code, "wkb": shapely.box(1.6, 48.1, 1.61, 48.11).wkb, "communes": communes,
        "commune_names": names, "kind": "qpv",
    }  # fmt: skip
    save_row(app, tid, "quartiers", values)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("31555, 31069", ("31555", "31069")),
        ("31555 2a004\n31069;31555", ("31555", "2a004", "31069")),
        ("Le Mans, La Courneuve", ("Le Mans", "La Courneuve")),
        (" Saint-Denis (93) ; ", ("Saint-Denis (93)",)),
        ("", ()),
    ],
)
def test_names_hold_spaces_and_codes_are_parted_by_them(text: str, words: tuple[str, ...]) -> None:
    assert split_words(text) == words


def test_codes_need_no_reference_and_keep_their_order(app: App) -> None:
    found = resolve_communes(app, ["31555", "2a004, 1053", "31555"])
    assert found.settled
    assert found.codes == ("31555", "2A004", "01053")


@pytest.mark.parametrize("typed", ["31000", "31 000", "75018", "97400"])
def test_a_postcode_is_said_to_be_one(app: App, typed: str) -> None:
    """They look like INSEE codes: taken as such, every file would be «hors territoire»."""
    with pytest.raises(RefusedInput, match=r"code postal.*code commune INSEE"):
        require_communes(app, [typed])


def test_a_name_is_found_in_a_file_whatever_its_spelling(app: App, tmp_path: Path) -> None:
    path = reference(
        tmp_path, [("QN00101M", "01053", "Bourg-en-Bresse"), ("QN06301M", "63113", "Saint-Éloy")]
    )
    found = resolve_communes(app, ["bourg en bresse", "ST ELOY"], reference=path)
    assert found.codes == ("01053", "63113")
    assert found.words == "Bourg-en-Bresse (01053), Saint-Éloy (63113)"


def test_two_communes_of_one_name_are_both_told_and_none_is_taken(app: App, tmp_path: Path) -> None:
    path = reference(tmp_path, SAINT_DENIS)
    found = resolve_communes(app, ["Saint-Denis"], reference=path)
    assert (found.codes, found.settled) == ((), False)
    said = problems_of(found)[0]
    assert "93066 (département 93)" in said
    assert "97411 (département 974)" in said


@pytest.mark.parametrize("hint", ["(93)", "93", "(93066)", "93200"])
def test_a_department_beside_the_name_settles_it(app: App, tmp_path: Path, hint: str) -> None:
    found = resolve_communes(app, [f"Saint-Denis {hint}"], reference=reference(tmp_path, SAINT_DENIS))
    assert found.codes == ("93066",)


def test_another_department_than_the_known_one_is_a_question(app: App, tmp_path: Path) -> None:
    found = resolve_communes(
        app, ["Torcy (93)"], reference=reference(tmp_path, [("QN07701M", "77468", "Torcy")])
    )
    assert found.codes == ()
    assert "77468" in problems_of(found)[0]


def test_a_name_is_found_in_what_any_territory_holds(app: App, tid: int) -> None:
    quartier(app, tid, "QN99101M", ["99101", "99102"], ["Beauval", "Orgeville"])
    assert resolve_communes(app, ["Orgeville"]).codes == ("99102",)


def test_names_that_do_not_pair_with_codes_teach_nothing(app: App, tid: int) -> None:
    """Two codes and one name: saying which code the name is would be a guess."""
    quartier(app, tid, "QN99101M", ["99101", "99102"], ["Beauval"])
    assert resolve_communes(app, ["Beauval"]).unknown == ("Beauval",)


def test_an_unknown_name_is_asked_outside_only_when_the_person_wants(app: App) -> None:
    asked: list[str] = []

    def ask(name: str) -> list[Candidate]:
        asked.append(name)
        return [Candidate(code="31555", name="Toulouse"), Candidate(code="31999", name="Toulouse-le-Haut")]

    assert resolve_communes(app, ["Toulouse"]).unknown == ("Toulouse",)
    assert not asked
    assert resolve_communes(app, ["toulouse", "31069"], ask=ask).codes == ("31555", "31069")
    assert asked == ["toulouse"], "codes are not sent"


def test_what_the_service_finds_under_another_name_is_a_question(app: App) -> None:
    found = resolve_communes(app, ["Toulouze"], ask=lambda _: [Candidate(code="31555", name="Toulouse")])
    assert found.codes == ()
    assert "Toulouse 31555 (département 31)" in problems_of(found)[0]


def test_a_file_of_something_else_is_refused_by_name(app: App, tmp_path: Path) -> None:
    path = tmp_path / "photo.geojson"
    path.write_text("{}", encoding="utf-8")
    with pytest.raises(RefusedInput, match=r"photo\.geojson"):
        resolve_communes(app, ["Toulouse"], reference=path)


@pytest.mark.real_data
def test_the_national_file_names_the_communes_that_have_quartiers(app: App, shared_data: Path) -> None:
    """Saint-Denis of Seine-Saint-Denis and of La Réunion, Sainte-Marie, Torcy… are not settled alone."""
    path = shared_data / "qpv" / "qpv2024_france.geojson"
    found = resolve_communes(app, ["Toulouse", "montpellier", "Saint-Denis", "Torcy (77)"], reference=path)
    assert found.codes == ("31555", "34172", "77468")
    assert {item.code for item in found.ambiguous["Saint-Denis"]} == {"93066", "97411"}


def test_a_territory_named_by_its_quartiers_takes_their_communes_once_known(app: App) -> None:
    made = create_territoire(app, "Deux quartiers", qpv_codes=["qn99101m"])
    assert made.record.qpv_codes == ("QN99101M",)
    assert adopt_communes(app, made.id) == (), "nothing is known yet"
    quartier(app, made.id, "QN99101M", ["99102", "99101"], ["Orgeville", "Beauval"])
    quartier(app, made.id, "QN99109M", ["99109"], ["Ailleurs"])
    assert adopt_communes(app, made.id) == ("99101", "99102")
    assert find_territoire(app).record.communes == ("99101", "99102")
    update_territoire(app, made.id, communes=["99101"])
    assert adopt_communes(app, made.id) == (), "what a person chose stays"


def test_what_is_not_a_quartier_code_is_refused(app: App) -> None:
    with pytest.raises(RefusedInput, match="quartier prioritaire"):
        create_territoire(app, "Essai", qpv_codes=["31555"])
