"""The demonstration files keep their promises, read here without the application.

Words are spelled out again on purpose: what only the program understands is not hand-editable.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections import Counter
from datetime import date

import pytest

from tests.demo_files import (
    PARTNERS,
    PIVOT,
    ROOT,
    TABLES,
    TODAY,
    establishments,
    finess_lines,
    known_structures,
    partners_of,
    quartiers,
    several,
    table,
    type_code,
    typology,
)

HEADERS = {
    "partenaires": "identifiant;nom;type;description;adresse;complément d'adresse;code postal;commune;"
    "code insee;latitude;longitude;précision de la position;téléphone;courriel;site internet;horaires;"
    "publics;langues;gratuit;sans rendez-vous;accessible;conditions d'accès;modes d'accueil;"
    "quartiers desservis;capacité;unité de capacité;finess;siret;fermée;note interne;vérifiée le",
    "relations": "de;vers;objet;sens;intensité;statut;déclarée par;confirmée;référent côté « de »;"
    "référent côté « vers »;depuis le;à renouveler le;dernier contact le;preuve;note",
    "permanences": "structure;type;accueillie par;lieu;latitude;longitude;horaires;gratuit;sans rendez-vous;"
    "langues;depuis le;jusqu'au;note",
    "contacts": "structure;nom;fonction;téléphone;courriel;note",
    "journal": "structure;date;genre;texte;auteur",
    "besoins": "quartier;thème;nombre;date;recueil;note",
    "actions": "identifiant;titre;forme;thème;publics;langues;quartiers;type;accueillie par;lieu;latitude;"
    "longitude;date;heure de début;heure de fin;récurrence;jusqu'au;équipe;statut;partenaires;"
    "personnes rencontrées;dont première rencontre;orientations proposées;rendez-vous pris;"
    "orientations qui ont abouti;bilan;note",
}
# Ranges the French regulator keeps for fiction: nobody's telephone will ring.
FICTION_NUMBER = re.compile(r"(01 99 00|02 61 91|03 53 01|04 65 71|05 36 49|06 39 98)( \d\d){2}")
REAL_ORGANISATIONS = (
    "restos du coeur", "croix rouge", "secours catholique", "secours populaire", "cimade", "emmaus", "aides",
    "medecins du monde", "armee du salut", "banque alimentaire", "au tambour", "adoma",
    "france terre d asile", "planning familial", "licra", "atd quart monde", "petits freres des pauvres",
    "apprentis d auteuil", "unafam", "entraide protestante", "udaf", "adil", "pimms", "france victimes",
)  # fmt: skip
NATIONAL_NETWORKS = (
    "CPAM",
    "CAF",
    "CARSAT",
    "MSA",
    "MDPH",
    "ARS",
    "CIDFF",
    "France Travail",
    "France services",
)


def folded(text: str) -> str:
    bare = unicodedata.normalize("NFKD", text.lower().replace("œ", "oe"))
    return " ".join(re.findall("[a-z0-9]+", "".join(c for c in bare if not unicodedata.combining(c))))


# --- files a person can read and correct ---------------------------------------------------------------


@pytest.mark.parametrize("name", TABLES)
def test_tables_are_plain_and_rectangular(name):
    """A stray separator would shift a row without anyone seeing it."""
    text = (PARTNERS / f"demo-{name}.csv").read_bytes().decode("utf-8")
    assert "\r" not in text
    rows = list(csv.reader(text.splitlines(), delimiter=";"))
    assert rows[0] == HEADERS[name].split(";")
    assert {len(row) for row in rows} == {len(rows[0])}
    assert [cell for row in rows for cell in row if cell != cell.strip()] == []


def test_finess_file_follows_the_raw_official_layout():
    lines = finess_lines()
    assert lines[0][:3] == ["finess", "demo", "99"]
    assert {(line[0], len(line)) for line in lines[1:]} == {("structureet", 32), ("geolocalisation", 6)}
    positioned = {line[1] for line in lines if line[0] == "geolocalisation"}
    assert positioned < {e[1] for e in establishments()}, "one establishment at least has no position"
    assert all("EPSG:2154" in line[4] for line in lines if line[0] == "geolocalisation")


def test_readme_counts_are_those_of_the_files():
    readme = (ROOT / "data" / "README.md").read_text(encoding="utf-8")
    stated = {name: int(n) for name, n in re.findall(r"`partners/demo-(\w+)\.csv` \| (\d+) ", readme)}
    assert stated == {name: len(table(name)) for name in TABLES} | {"finess": len(establishments())}


# --- size and variety ------------------------------------------------------------------------------------


def test_between_90_and_120_structures_covering_most_types():
    assert 90 <= len(known_structures()) <= 120
    types = {type_code(name) for row in table("partenaires") for name in several(row["type"])}
    by_category = {c: code for code, row in typology().items() for c in row["finess"].split()}
    types |= {by_category[e[18]] for e in establishments()}
    assert len(types) >= 0.8 * len(typology())


def test_identifiers_and_names_are_not_repeated():
    """Two files must not both bring the same establishment."""
    names = [folded(row["nom"]) for row in table("partenaires")] + [folded(e[3]) for e in establishments()]
    identifiers = [row["identifiant"] for row in table("partenaires")] + [e[1] for e in establishments()]
    assert [n for n, count in Counter(names + identifiers).items() if count > 1] == []


def test_structures_show_every_difficulty():
    rows = table("partenaires")
    assert len([r for r in rows if not r["latitude"] and r["adresse"]]) == 6
    assert len([r for r in rows if r["précision de la position"].startswith("au centre de la commune")]) == 2
    assert len([r for r in rows if r["fermée"] == "oui"]) == 1
    assert max(Counter((r["adresse"], r["commune"]) for r in rows if r["adresse"]).values()) >= 3
    assert len([r for r in rows if len(several(r["type"])) > 1]) >= 4
    assert len([r for r in rows if r["quartiers desservis"]]) >= 4
    for column in ("gratuit", "sans rendez-vous", "accessible"):
        assert {r[column] for r in rows} == {"oui", "non", ""}, column
    for column in ("téléphone", "courriel", "horaires", "langues", "publics"):
        assert {bool(r[column]) for r in rows} == {True, False}, column


def test_relations_of_every_kind():
    rows = table("relations")
    assert len({(r["de"], r["vers"], r["objet"]) for r in rows}) == len(rows) >= 110
    assert {r["objet"] for r in rows} == {
        "orientation de personnes", "convention", "permanence", "action commune", "locaux partagés",
        "instance de rencontre", "échange d'informations", "formation", "autre",
    }  # fmt: skip
    assert {r["sens"] for r in rows} == {"vers", "depuis", "dans les deux sens"}
    assert {r["statut"] for r in rows} == {"à contacter", "contact pris", "active", "en sommeil", "terminée"}
    assert {r["intensité"] for r in rows} == set("12345")
    assert {r["confirmée"] for r in rows} == {"oui", "non", ""}


def test_conventions_overdue_soon_and_later():
    mine = [r for r in table("relations") if PIVOT in (r["de"], r["vers"]) and r["à renouveler le"]]
    days = [(date.fromisoformat(r["à renouveler le"]) - TODAY).days for r in mine]
    assert [d for d in days if d < 0] == [-53]
    assert len([d for d in days if 0 <= d <= 60]) >= 3
    assert len([d for d in days if d > 60]) >= 3


def test_permanences_one_ended_one_outside_any_structure():
    rows = table("permanences")
    assert 8 <= len(rows) <= 12
    assert [r["structure"] for r in rows if r["jusqu'au"] and r["jusqu'au"] < TODAY.isoformat()]
    assert [r["lieu"] for r in rows if not r["accueillie par"] and r["latitude"] and r["longitude"]]
    assert ("cpam-beaurivage", PIVOT) in {(r["structure"], r["accueillie par"]) for r in rows}


def test_actions_of_every_status_past_and_coming():
    rows = table("actions")
    assert {r["statut"] for r in rows} == {"idée", "prévue", "confirmée", "réalisée", "annulée"}
    assert len({r["forme"] for r in rows}) >= 6
    assert "toutes les semaines" in {r["récurrence"] for r in rows}
    days = [(date.fromisoformat(r["date"]) - TODAY).days for r in rows if r["date"]]
    assert len([d for d in days if 0 < d <= 42]) >= 3
    counts = [r["rendez-vous pris"] for r in rows if r["statut"] == "réalisée"]
    assert any(counts), "some counts are known"
    assert not all(counts), "some are not, and are left empty"
    assert all(not r["personnes rencontrées"] for r in rows if r["statut"] != "réalisée")


def test_needs_of_some_quartiers_only_and_one_that_nobody_expressed():
    """A quartier where nobody was asked is not one where nobody asks; a zero is an answer."""
    rows = table("besoins")
    assert set() < {r["quartier"] for r in rows} < set(quartiers())
    assert "0" in {r["nombre"] for r in rows}
    assert len({r["thème"] for r in rows}) >= 8


# --- references ------------------------------------------------------------------------------------------


def test_every_reference_resolves():
    refs = [(r[end], "relations") for r in table("relations") for end in ("de", "vers")]
    refs += [(r["structure"], name) for name in ("permanences", "contacts", "journal") for r in table(name)]
    refs += [(r["accueillie par"], name) for name in ("permanences", "actions") for r in table(name)]
    refs += [(ref, "actions") for r in table("actions") for ref, _ in partners_of(r)]
    assert [ref for ref in refs if ref[0] and ref[0] not in known_structures()] == []
    assert all(r["de"] != r["vers"] for r in table("relations"))
    roles = {role for r in table("actions") for _, role in partners_of(r)}
    assert roles <= {"porteur", "coanime", "accueille", "oriente", "finance", "informe"}
    assert len(roles) >= 4


def test_quartiers_named_exist():
    named = {q for r in table("partenaires") for q in several(r["quartiers desservis"])}
    named |= {q for r in table("actions") for q in several(r["quartiers"])}
    assert named == set(quartiers())
    assert {r["quartier"] for r in table("besoins")} <= set(quartiers())


def test_types_named_exist():
    for name in ("partenaires", "permanences", "actions"):
        for row in table(name):
            assert all(type_code(text) for text in several(row["type"]))


def test_referents_and_teams_are_contacts():
    people = {r["nom"] for r in table("contacts")}
    named = {r[f"référent côté « {end} »"] for r in table("relations") for end in ("de", "vers")}
    named |= {r["auteur"] for r in table("journal")}
    named |= {name for r in table("actions") for name in r["équipe"].split(", ")}
    assert named - {""} <= people


def test_dates_are_real_and_in_order():
    for name in TABLES:
        for row in table(name):
            cells = [v for k, v in row.items() if k in ("date", "jusqu'au") or k.endswith(" le")]
            assert all(date.fromisoformat(cell) >= date(2023, 1, 1) for cell in cells if cell)
    for row in table("relations"):
        known = [row[k] for k in ("depuis le", "dernier contact le") if row[k]]
        assert known == sorted(known), row
        assert not known or known[-1] <= TODAY.isoformat(), row


# --- nobody real -----------------------------------------------------------------------------------------


def test_telephones_mails_and_sites_reach_nobody():
    for row in table("partenaires") + table("contacts"):
        assert not row["téléphone"] or FICTION_NUMBER.fullmatch(row["téléphone"]), row
        assert re.fullmatch(r"[^@]+@(exemple\.fr|[\w-]+\.example)|", row["courriel"]), row
    assert all(re.match(r"https://exemple\.fr/|$", r["site internet"]) for r in table("partenaires"))
    for establishment in establishments():
        spaced = re.sub(r"(\d\d)(?=\d)", r"\1 ", establishment[16])
        assert FICTION_NUMBER.fullmatch(spaced), establishment


def test_no_real_organisation_is_named():
    files = [*PARTNERS.glob("demo-*.csv"), ROOT / "data" / "qpv" / "demo-quartiers.geojson"]
    text = f" {folded(' '.join(path.read_text(encoding='utf-8') for path in files))} "
    # «aides» the association is also an everyday word: only a structure of that name would be wrong.
    names = {folded(r["nom"]) for r in table("partenaires")}
    assert [name for name in REAL_ORGANISATIONS if name != "aides" and f" {name} " in text] == []
    assert "aides" not in names


def test_branches_of_national_networks_are_said_to_be_fictional():
    for row in table("partenaires"):
        if any(re.match(rf"{network}\b", row["nom"]) for network in NATIONAL_NETWORKS):
            assert re.search(r"\((?:\w+ )?ficti(?:f|ve)\)", row["nom"]), row["nom"]


def test_places_do_not_exist():
    """No French département is numbered 99; the registry's numbers there are free."""
    codes = {r["code insee"] for r in table("partenaires")} | {f"99{e[12]}" for e in establishments()}
    assert codes == {"99101", "99102", "99103", "99150"}
    assert all(e[1].startswith("9900") and e[13] == "99" for e in establishments())
    assert all(re.fullmatch(r"QN99\d{3}M|QV-[a-z-]+", code) for code in quartiers())
