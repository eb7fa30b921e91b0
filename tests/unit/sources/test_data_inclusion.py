"""data·inclusion: a structure and its services make one sheet; the schema decides; people stay out."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely

from reseau.errors import RefusedInput
from reseau.model.records import Structure
from reseau.model.reports import Parsed, Scope
from reseau.model.vocabulary import PUBLICS, RECEPTION_MODES
from reseau.sources import ReadOptions
from reseau.sources.data_inclusion import SOURCE, records
from reseau.sources.data_inclusion.personal import looks_personal

HERE = Scope(communes=frozenset({"99101"}))


def structure(**changes: Any) -> dict[str, Any]:
    row: dict[str, Any] = {
        "source": "dora", "id": "dora--1", "nom": "Le Tournesol", "date_maj": "2026-05-01",
        "code_insee": "99101", "commune": "Beauval", "code_postal": "99100", "adresse": "3 rue du Moulin",
        "complement_adresse": None, "longitude": 1.6, "latitude": 48.1, "adresse_certifiee": True,
        "score_qualite": 0.5,
    }  # fmt: skip
    return row | changes


def service(**changes: Any) -> dict[str, Any]:
    row: dict[str, Any] = {
        "source": "dora", "id": "dora--s1", "structure_id": "dora--1", "nom": "Accueil",
        "description": "Accueil de tous.", "date_maj": "2026-05-01",
    }  # fmt: skip
    return row | changes


def read(path: Path, scope: Scope = HERE) -> Parsed:
    return SOURCE.read(path, scope, ReadOptions())


def of(folder: Path, *services: dict[str, Any], **changes: Any) -> Parsed:
    """What is read of one structure and its services."""
    path = folder / "fichier.json"
    path.write_text(
        json.dumps({"structures": [structure(**changes)], "services": services}), encoding="utf-8"
    )
    return read(path)


def only(parsed: Parsed) -> Structure:
    (located,) = parsed.records
    assert isinstance(located.record, Structure)
    return located.record


# What a structure becomes


def test_the_identifier_keeps_the_directory_it_comes_from(tmp_path: Path) -> None:
    """`<source>--<id>` inside ours: another import of the same record finds it again."""
    parsed = of(tmp_path, id="finess--990000017", source="finess")
    assert only(parsed).uid == "data-inclusion--finess--990000017"
    # The same place in the register is another record: a person says whether they are one.
    assert only(parsed).finess == ""


@pytest.mark.parametrize(
    ("changes", "themes", "types"),
    [
        ({"reseaux_porteurs": ["ccas-cias"]}, [], ("ccas",)),
        ({"reseaux_porteurs": ["chrs", "cada"]}, [], ("asile", "hebergement")),
        ({"source": "mission-locale"}, [], ("mission-locale",)),
        ({}, ["equipement-et-alimentation--alimentation"], ("aide-alimentaire",)),
        (
            {"reseaux_porteurs": ["ccas-cias"]},
            ["equipement-et-alimentation--alimentation"],
            ("ccas", "aide-alimentaire"),
        ),
        ({"reseaux_porteurs": ["plie"]}, ["sante--acces-aux-soins"], ("autre",)),
    ],
)
def test_types_come_from_networks_publisher_and_services(
    changes: dict[str, Any], themes: list[str], types: tuple[str, ...], tmp_path: Path
) -> None:
    """What nothing names is «autre», and said: a vague theme («accès aux soins») is no type."""
    parsed = of(tmp_path, service(thematiques=themes), **changes)
    assert only(parsed).types == types
    assert any("Autre structure" in note for note in parsed.notes) == (types == ("autre",))


def test_own_types_exist() -> None:
    """A misspelt type or theme would silently never apply."""
    from data_inclusion.schema import v1

    themes = {theme.value for theme in v1.Thematique}
    for (field, value), code in records._own_types().items():
        assert code in ReadOptions().typology, code
        assert field == "source" or value in themes, value


def test_codes_of_the_schema_are_all_known_or_left_on_purpose() -> None:
    """A public or a mode the schema adds must be looked at here."""
    from data_inclusion.schema import v1

    aside = {
        "actifs", "beneficiaires-des-minimas-sociaux", "demandeurs-emploi", "etudiants",
        "personnes-en-situation-juridique-specifique", "residents-qpv-frr",
    }  # fmt: skip
    assert {item.value for item in v1.Public} == aside | set(records.PUBLICS)
    assert {item.value for item in v1.ModeAccueil} == set(records.MODES)
    assert set(records.PUBLICS.values()) <= set(PUBLICS)
    assert set(records.MODES.values()) <= set(RECEPTION_MODES)


@pytest.mark.parametrize(
    ("fees", "free"),
    [
        ([None], None),
        (["gratuit"], True),
        (["payant"], False),
        (["gratuit", None, "gratuit"], True),
        (["gratuit", "payant"], None),
    ],
)
def test_free_is_known_when_services_agree(fees: list[str | None], free: bool | None, tmp_path: Path) -> None:
    """Half free is neither free nor not: it stays unknown, and the sheet says that some have to be paid."""
    services = [service(id=f"dora--s{n}", nom=f"Service {n}", frais=fee) for n, fee in enumerate(fees)]
    found = only(of(tmp_path, *services))
    assert found.free is free
    assert ("payants" in found.access_conditions) == (set(fees) == {"gratuit", "payant"})


def test_publics_and_modes_are_those_of_any_service(tmp_path: Path) -> None:
    found = only(
        of(
            tmp_path,
            service(publics=["seniors", "actifs"], modes_accueil=["en-presentiel"]),
            service(
                id="dora--s2",
                publics=["femmes"],
                modes_accueil=["a-distance"],
                conditions_acces="Sur dossier",
            ),
        )
    )
    assert found.publics == ("femmes", "seniors")
    assert found.reception_modes == ("sur_place", "visio")
    assert found.access_conditions == "Accueil : Sur dossier\nPublics : Actifs."
    assert found.languages == ()


def test_a_structure_without_service_says_nothing_of_them(tmp_path: Path) -> None:
    """Unknown is not «no»: fields that were not given overwrite nothing."""
    parsed = of(tmp_path)
    assert not {"free", "publics", "reception_modes"} & parsed.records[0].fields
    assert any("Sans le fichier des services" in note for note in parsed.notes)


@pytest.mark.parametrize(
    ("own", "shared", "hours", "text"),
    [
        ("Mo-Fr 09:00-12:00", "Tu 14:00-16:00", "Mo-Fr 09:00-12:00", ""),
        (None, "Tu 14:00-16:00", "Tu 14:00-16:00", ""),
        ("sur rendez-vous", None, "", "sur rendez-vous"),
        (None, None, "", ""),
    ],
)
def test_hours_of_the_place_then_those_its_services_share(
    own: str | None, shared: str | None, hours: str, text: str, tmp_path: Path
) -> None:
    found = only(of(tmp_path, service(horaires_accueil=shared), horaires_accueil=own))
    assert (found.opening_hours, found.hours_text) == (hours, text)


def test_services_with_different_hours_give_none(tmp_path: Path) -> None:
    two = (
        service(horaires_accueil="Mo 09:00-12:00"),
        service(id="dora--s2", horaires_accueil="Tu 09:00-12:00"),
    )
    assert only(of(tmp_path, *two)).opening_hours == ""


@pytest.mark.parametrize(
    ("changes", "precision"),
    [
        ({}, "adresse"),
        ({"adresse_certifiee": False}, "rue"),
        ({"adresse": "Rue du Moulin"}, "rue"),
        ({"adresse": None}, "commune"),
    ],
)
def test_a_position_is_as_sure_as_its_address(
    changes: dict[str, Any], precision: str, tmp_path: Path
) -> None:
    """Without a street, coordinates are those of the commune: never an address."""
    assert only(of(tmp_path, **changes)).position_precision == precision


@pytest.mark.parametrize(("lon", "lat"), [(48.1, 1.6), (0, 0), (float("nan"), 48.1), (700000.0, 6600000.0)])
def test_an_impossible_position_is_left_out_and_said(lon: float, lat: float, tmp_path: Path) -> None:
    parsed = of(tmp_path, longitude=lon, latitude=lat)
    assert (only(parsed).lon, only(parsed).position_precision) == (None, "")
    if lat and lon and lon == lon:  # noqa: PLR0124 -- not NaN
        assert any("hors de France" in note for note in parsed.notes)


def test_a_long_description_is_cut_to_what_a_form_takes(tmp_path: Path) -> None:
    found = only(of(tmp_path, description="mot " * 2_400))
    assert len(found.description) == 5_000
    assert found.description.endswith("…")


# People


@pytest.mark.parametrize(
    ("address", "personal"),
    [
        ("camille.durand@mairie.exemple.fr", True),
        ("c.durand@exemple.fr", True),
        ("Camille-Durand@exemple.fr", True),
        ("jean_paul.martin@exemple.fr", True),
        ("accueil@exemple.fr", False),
        ("accueil.beauval@exemple.fr", False),
        ("le.tournesol@exemple.fr", False),
        ("mission-locale31@exemple.fr", False),
        ("centre.social@exemple.fr", False),
        ("contact.asso@exemple.fr", False),
        ("dupont.exemple@exemple.fr", False),
    ],
)
def test_an_address_of_a_person_is_told_from_that_of_a_place(address: str, personal: bool) -> None:
    assert looks_personal(address, ("Le Tournesol", "Beauval")) is personal


@pytest.mark.parametrize(("phone", "kept"), [("0699000011", ""), ("01 99 00 00 11", "01 99 00 00 11")])
def test_a_personal_address_stays_out_with_its_mobile(phone: str, kept: str, tmp_path: Path) -> None:
    """A line of the office answers whoever holds the post; a mobile beside a name is that person's."""
    parsed = of(tmp_path, courriel="camille.durand@exemple.fr", telephone=phone)
    found = only(parsed)
    assert (found.email, found.phone) == ("", kept)
    assert any(note.startswith("1 courriel") for note in parsed.notes)


def test_no_name_of_a_contact_anywhere(tmp_path: Path) -> None:
    """Neither in what is kept nor in what is refused, which people download and pass on."""
    parsed = of(
        tmp_path,
        service(contact_nom_prenom="Camille Durand", courriel="camille.durand@exemple.fr"),
        service(id="dora--s2", contact_nom_prenom="Camille Durand", publics=["inconnus"]),
        courriel="camille.durand@exemple.fr",
    )
    assert parsed.refused
    assert "urand" not in repr(parsed)


def test_a_social_security_number_refuses_the_row(tmp_path: Path) -> None:
    parsed = of(tmp_path, description="Dossier 2 85 05 78 006 084 36 à suivre")
    assert parsed.records == ()
    assert "sécurité sociale" in parsed.refused[0].problems[0].reason
    assert "006 084" not in repr(parsed)


# The schema


@pytest.mark.parametrize(
    ("changes", "column", "words"),
    [
        ({"code_postal": "9910"}, "code_postal", "cinq chiffres"),
        ({"siret": "123"}, "siret", "quatorze chiffres"),
        ({"date_maj": "2999-01-01"}, "date_maj", "date de mise à jour"),
        ({"nom": "A"}, "nom", "trop court"),
        ({"nom": None}, "nom", "texte est attendu"),
        ({"reseaux_porteurs": ["inventé"]}, "reseaux_porteurs", "liste du schéma"),
        ({"courriel": "pas une adresse"}, "courriel", "courriel"),
        ({"site_web": "ftp://exemple.fr"}, "site_web", "https://"),
        ({"latitude": "loin"}, "latitude", "nombre"),
    ],
)
def test_what_the_schema_refuses_is_refused_in_french(
    changes: dict[str, Any], column: str, words: str, tmp_path: Path
) -> None:
    (refused,) = of(tmp_path, **changes).refused
    (problem,) = refused.problems
    assert (problem.line, problem.column) == (1, column)
    assert words in problem.reason
    assert refused.row["id"] == "dora--1"


def test_a_refused_service_does_not_refuse_its_structure(tmp_path: Path) -> None:
    parsed = of(tmp_path, service(publics=["tous-publics", "femmes"], frais="gratuit"))
    assert only(parsed).free is None
    assert parsed.refused[0].problems[0].reason.startswith("Service « Accueil »")


# Where


def test_only_the_territory_is_kept_and_the_rest_counted(tmp_path: Path) -> None:
    path = tmp_path / "fichier.json"
    rows = [
        structure(),
        structure(id="dora--2", code_insee="99202"),
        structure(id="dora--3", code_insee=None),
    ]
    services = [service(structure_id="dora--2", code_insee="99101"), service(structure_id="dora--2")]
    path.write_text(json.dumps({"structures": rows, "services": services}), encoding="utf-8")
    parsed = read(path)
    assert (len(parsed.records), parsed.n_out_of_scope, parsed.n_read) == (1, 2, 3)
    assert any("qui n'est pas du territoire" in note for note in parsed.notes)


def test_a_radius_takes_what_is_near(tmp_path: Path) -> None:
    """500 m of the quartier, whatever the commune; without a position nothing can be said to be near."""
    path = tmp_path / "fichier.json"
    rows = [
        structure(code_insee="99202", longitude=1.615),
        structure(id="dora--2", code_insee="99202", longitude=1.7),
        structure(id="dora--3", code_insee="99202", longitude=None, latitude=None),
    ]
    path.write_text(json.dumps({"structures": rows}), encoding="utf-8")
    area = shapely.to_wkb(shapely.box(1.59, 48.09, 1.61, 48.11))
    parsed = read(path, Scope(areas_wkb=(area,), radius_km=0.5))
    assert [item.record.uid for item in parsed.records] == ["data-inclusion--dora--1"]


def test_a_territory_without_commune_nor_radius_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "fichier.json"
    path.write_text(json.dumps([structure()]), encoding="utf-8")
    with pytest.raises(RefusedInput, match="fichier national"):
        read(path, Scope())


# Files


def as_csv(rows: list[dict[str, Any]]) -> bytes:
    """As the publisher writes it: lists in Python's own notation."""
    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=list(dict.fromkeys(name for row in rows for name in row)))
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def as_parquet(rows: list[dict[str, Any]]) -> bytes:
    stream = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(rows), stream)
    return stream.getvalue()


def as_json(rows: list[dict[str, Any]]) -> bytes:
    return json.dumps(rows).encode()


def as_lines(rows: list[dict[str, Any]]) -> bytes:
    return "\n".join(json.dumps(row) for row in rows).encode()


def as_geojson(rows: list[dict[str, Any]]) -> bytes:
    features = [{"type": "Feature", "geometry": None, "properties": row} for row in rows]
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def as_page(rows: list[dict[str, Any]], page: int = 1, pages: int = 1) -> bytes:
    return json.dumps({"items": rows, "page": page, "pages": pages, "size": len(rows)}).encode()


FORMATS = {
    "csv": as_csv, "parquet": as_parquet, "json": as_json, "jsonl": as_lines, "geojson": as_geojson,
    "page.json": as_page,
}  # fmt: skip


@pytest.mark.parametrize("suffix", FORMATS)
def test_every_format_gives_the_same(suffix: str, tmp_path: Path) -> None:
    """Two rows, so that a list is a list; accents, line breaks and lists in the cells."""
    rows = [
        structure(
            nom="L'Été", description="Deux\nlignes ; « ici », là", reseaux_porteurs=["ccas-cias", "communes"]
        ),
        structure(id="dora--2", reseaux_porteurs=None),
    ]
    path = tmp_path / f"fichier.{suffix}"
    path.write_bytes(FORMATS[suffix](rows))
    parsed = read(path)
    assert parsed.refused == ()
    first, second = (item.record for item in parsed.records)
    assert isinstance(first, Structure)
    assert isinstance(second, Structure)
    assert (first.name, first.types, first.description) == (
        "L'Été",
        ("ccas", "mairie"),
        rows[0]["description"],
    )
    assert (second.types, first.lon, parsed.data_date) == (("autre",), 1.6, date(2026, 5, 1))
    assert SOURCE.recognises(path)


@pytest.mark.parametrize("when", [date(2026, 5, 1), datetime(2026, 5, 1, 14, 30)])
def test_dates_of_parquet_are_dates(when: date, tmp_path: Path) -> None:
    path = tmp_path / "fichier.parquet"
    path.write_bytes(as_parquet([structure(date_maj=when)]))
    assert read(path).refused == ()


def zipped(folder: Path, **members: bytes) -> Path:
    path = folder / "tout.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "."), content)
    return path


def test_an_archive_joins_structures_and_services_in_any_order(tmp_path: Path) -> None:
    path = zipped(
        tmp_path, a_services__csv=as_csv([service(frais="gratuit", publics=["femmes"])]),
        b_structures__parquet=as_parquet([structure()]), lisezmoi__txt=b"rien",
    )  # fmt: skip
    found = only(read(path))
    assert (found.free, found.publics) == (True, ("femmes",))


def test_all_the_pages_make_the_whole(tmp_path: Path) -> None:
    path = zipped(
        tmp_path, p1__json=as_page([structure()], 1, 2), p2__json=as_page([structure(id="dora--2")], 2, 2),
        s1__json=as_page([service(frais="gratuit")]),
    )  # fmt: skip
    assert [item.record.free for item in read(path).records if isinstance(item.record, Structure)] == [
        True,
        None,
    ]


def test_a_missing_page_is_refused(tmp_path: Path) -> None:
    """Read alone, it would close every structure of the others."""
    path = tmp_path / "page.json"
    path.write_bytes(as_page([structure()], 1, 3))
    with pytest.raises(RefusedInput, match="page 1 sur 3"):
        read(path)
    with pytest.raises(RefusedInput, match=r"il manque des pages .* \(1 sur 2\)"):
        read(zipped(tmp_path, p1__json=as_page([structure()], 1, 2)))


def test_a_record_and_what_it_carries(tmp_path: Path) -> None:
    """The interface answers one structure with its services inside, or one service with its structure."""
    path = tmp_path / "une.json"
    inside = {key: value for key, value in service(frais="gratuit").items() if key != "structure_id"}
    path.write_text(json.dumps(structure(services=[inside])), encoding="utf-8")
    assert only(read(path)).free is True
    path.write_text(json.dumps([service(frais="payant", structure=structure())]), encoding="utf-8")
    assert only(read(path)).free is False


def test_services_alone_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "services.json"
    path.write_bytes(as_json([service()]))
    with pytest.raises(RefusedInput, match="que des services"):
        read(path)


def test_the_former_schema_is_refused_by_its_name(tmp_path: Path) -> None:
    path = tmp_path / "ancien.csv"
    path.write_bytes(as_csv([{**structure(), "typologie": "CCAS", "presentation_resume": "x"}]))
    with pytest.raises(RefusedInput, match="ancien schéma"):
        read(path)
    assert not SOURCE.recognises(path)


@pytest.mark.parametrize("share", [0.2, 0.5, 0.97])
@pytest.mark.parametrize("suffix", ["json", "geojson", "parquet"])
def test_a_file_cut_short_is_refused(suffix: str, share: float, tmp_path: Path) -> None:
    content = FORMATS[suffix]([structure(id=f"dora--{n}") for n in range(50)])
    path = tmp_path / f"coupe.{suffix}"
    path.write_bytes(content[: int(len(content) * share)])
    with pytest.raises(RefusedInput, match=rf"coupe\.{suffix}"):
        read(path)


def test_too_many_cells_refuse_the_row(tmp_path: Path) -> None:
    path = tmp_path / "large.csv"
    path.write_bytes(as_csv([structure()]).rstrip() + b",de trop\n")
    assert "plus de cellules" in read(path).refused[0].problems[0].reason


@pytest.mark.parametrize("content", [b"[1, 2]", b'[{"id": 1}]', b'"texte"', b"[" * 5000, b'{"items": [1]}'])
def test_other_json_is_refused(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "autre.json"
    path.write_bytes(content)
    with pytest.raises(RefusedInput, match=r"autre\.json"):
        read(path)
    assert not SOURCE.recognises(path)


def test_the_same_record_twice_is_said_by_the_import_not_hidden_here(tmp_path: Path) -> None:
    path = tmp_path / "deux.json"
    path.write_bytes(as_json([structure(), structure()]))
    assert [item.line for item in read(path).records] == [1, 2]
