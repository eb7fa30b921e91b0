"""Imports compare, never lose a person's correction, and leave nothing behind when they fail."""

from __future__ import annotations

from pathlib import Path

import pytest

from reseau.errors import NotFound, RefusedInput
from reseau.services import App
from reseau.services.editing import delete_row, get_row, provenance_of, save_row
from reseau.services.importing import FileToImport, agree, import_file, list_imports
from reseau.services.refusals import refused_csv
from reseau.services.view import open_view
from tests.unit.services.conftest import Importer

PARTNERS = (
    "identifiant;nom;type;commune;code insee;latitude;longitude;téléphone\n"
    "a;CMP Les Érables;CMP;Ici;99101;48.10;1.62;01 99 00 00 01\n"
    "b;Centre social Bois-Joli;centre social;Ici;99101;48.11;1.63;\n"
)


def _sums(report: object) -> bool:
    return report.read == (  # type: ignore[attr-defined]
        report.created + report.updated + report.unchanged + len(report.refused) + report.out_of_scope  # type: ignore[attr-defined]
    )


def test_the_same_file_twice_changes_nothing(load: Importer) -> None:
    first, second = load("tableur", PARTNERS), load("tableur", PARTNERS)
    assert (first.created, first.read) == (2, 2)
    assert (second.created, second.updated, second.unchanged) == (0, 0, 2)
    assert _sums(first)
    assert _sums(second)


def test_a_changed_line_is_an_update(app: App, tid: int, load: Importer) -> None:
    load("tableur", PARTNERS)
    report = load("tableur", PARTNERS.replace("Les Érables", "Les Ormes"))
    assert (report.updated, report.unchanged) == (1, 1)
    assert "CMP Les Ormes" in set(open_view(app, tid).structures["name"])


def test_a_missing_column_erases_nothing(app: App, tid: int, load: Importer) -> None:
    """A file that does not speak of phones must not wipe the phones of another one."""
    load("tableur", PARTNERS)
    report = load("tableur", "identifiant;nom;type\na;CMP Les Érables;CMP\n")
    assert report.unchanged == 1
    assert "01 99 00 00 01" in set(open_view(app, tid).structures["phone"])


def test_a_correction_by_hand_survives_the_next_import(app: App, tid: int, load: Importer) -> None:
    load("tableur", PARTNERS)
    row_id = int(open_view(app, tid).structures.index[0])
    save_row(app, tid, "structures", {"name": "CMP corrigé", "lat": 48.2}, row_id=row_id)
    report = load("tableur", PARTNERS.replace("48.10;1.62", "48.15;1.65"))
    row = get_row(app, "structures", row_id)
    assert row["name"] == "CMP corrigé"
    # Half a position would be a place that exists in no source: both halves are protected.
    assert (row["lat"], row["lon"]) == (48.2, 1.62)
    assert report.unchanged == 2
    assert provenance_of(app, row_id)["name"][0] == "saisie"
    assert provenance_of(app, row_id)["phone"][0] == "tableur"


def test_what_a_person_deleted_does_not_come_back(app: App, tid: int, load: Importer) -> None:
    load("tableur", PARTNERS)
    row_id = int(open_view(app, tid).structures.index[0])
    delete_row(app, tid, "structures", row_id)
    report = load("tableur", PARTNERS)
    assert report.created == 0
    assert len(open_view(app, tid).structures) == 1


def test_relations_name_structures_by_id_or_name(app: App, tid: int, load: Importer) -> None:
    load("tableur", PARTNERS)
    report = load(
        "relations",
        "de;vers;objet;statut;intensité\n"
        "a;centre social bois-joli;orientation;active;3\n"
        "a;Inconnue;orientation;active;3\n"
        "a;a;orientation;active;3\n",
    )
    assert report.created == 1
    reasons = [row.problems[0].reason for row in report.refused]
    assert [row.line for row in report.refused] == [3, 4]
    assert "aucune structure" in reasons[0]
    assert "elle-même" in reasons[1]
    assert _sums(report)
    again = load("relations", "de;vers;objet;statut;intensité\na;b;orientation;active;3\n")
    assert again.unchanged == 1
    assert len(open_view(app, tid).relations) == 1


def test_an_ambiguous_name_is_refused_not_guessed(load: Importer) -> None:
    load("tableur", PARTNERS + "c;CMP Les Érables;CMP;Là;99102;48.2;1.7;\n")
    report = load("relations", "de;vers\nCMP Les Érables;b\n")
    assert "plusieurs structures" in report.refused[0].problems[0].reason


def test_refused_rows_can_be_corrected_and_imported_again(load: Importer) -> None:
    bad = PARTNERS + "c;Sans type;;Ici;99101;48.1;1.6;\n"
    report = load("tableur", bad)
    assert len(report.refused) == 1
    corrected = refused_csv(report).decode("utf-8-sig").replace("Sans type;;", "Sans type;CCAS;")
    again = load("tableur", corrected, "corrigé.csv")
    assert (again.created, len(again.refused), again.notes) == (1, 0, ())


def test_a_refused_file_leaves_no_trace(app: App, tid: int, load: Importer) -> None:
    with pytest.raises(RefusedInput, match=r"fichier\.csv"):
        load("tableur", "")
    assert list_imports(app, tid) == []


def test_an_interrupted_import_leaves_nothing(
    app: App, tid: int, load: Importer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Power cut after the rows, before the report: neither must be there."""
    from reseau.store import imports

    def cut(*_args: object, **_kwargs: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(imports, "insert_import", cut)
    with pytest.raises(KeyboardInterrupt):
        load("tableur", PARTNERS)
    monkeypatch.undo()
    assert open_view(app, tid).structures.empty
    assert list_imports(app, tid) == []


def test_an_uploaded_file_is_called_by_its_own_name(app: App, tid: int, load: Importer) -> None:
    path = load.folder / "tmp1234.csv"
    path.write_text("", encoding="utf-8")
    with pytest.raises(RefusedInput, match=r"mes partenaires\.csv"):
        import_file(app, tid, "tableur", FileToImport(path=path, name="mes partenaires.csv"))


def test_unknown_source_and_missing_file_are_said(app: App, tid: int, load: Importer) -> None:
    with pytest.raises(RefusedInput, match="Sources possibles"):
        load("minitel", PARTNERS)
    with pytest.raises(NotFound, match="n'existe pas"):
        import_file(app, tid, "tableur", FileToImport(path=load.folder / "absent.csv"))


def test_actions_keep_their_partners_and_counts(app: App, tid: int, load: Importer) -> None:
    load("tableur", PARTNERS)
    text = (
        "identifiant;titre;forme;date;statut;partenaires;personnes rencontrées\n"
        "s1;Stand du marché;stand;2026-12-03;prévue;CMP Les Érables (coanime) | b (accueille);12\n"
    )
    assert load("actions", text).created == 1
    assert load("actions", text).unchanged == 1
    action = open_view(app, tid).actions.iloc[0]
    assert [item[1:] for item in action["partners"]] == [
        ("CMP Les Érables", "coanime"),
        ("Centre social Bois-Joli", "accueille"),
    ]
    assert action["counts"] == {"personnes_rencontrees": 12}
    assert load("actions", text.replace("b (accueille)", "b (porteur)")).updated == 1


@pytest.mark.parametrize(
    ("note", "expected"),
    [
        ("1 contour(s) invalide(s) réparé(s).", "1 contour invalide réparé."),
        ("247 établissement(s) de 1 catégorie(s).", "247 établissements de 1 catégorie."),
        ("Rien à compter (s).", "Rien à compter (s)."),
        ("1 lieu(x) de vie", "1 lieu de vie"),
        ("2 lieu(x) de vie", "2 lieux de vie"),
    ],
)
def test_notes_agree_with_their_number(note: str, expected: str) -> None:
    assert agree(note) == expected


def test_a_file_the_system_keeps_is_refused_by_its_name(
    app: App, tid: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "fermé.csv"
    path.write_text(PARTNERS, encoding="utf-8")

    def closed(*_args: object, **_kwargs: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", closed)
    with pytest.raises(RefusedInput, match=r"fermé\.csv.*pas le droit"):
        import_file(app, tid, "tableur", FileToImport(path=path))


def test_a_file_named_in_another_encoding_is_taken(app: App, tid: int, tmp_path: Path) -> None:
    """Archives made on old Windows give names whose accents are no text here."""
    path = tmp_path / "donn\udce9es.csv"
    path.write_text(PARTNERS, encoding="utf-8")
    assert import_file(app, tid, "tableur", FileToImport(path=path)).created == 2
    assert list_imports(app, tid)[0].filename == "donn?es.csv"


REGISTER = (
    "nofinesset;categetab;rs;commune;departement;latitude;longitude\n"
    "990000011;156;CMP DU REGISTRE;101;99;48.10;1.62\n"
)
OURS = "identifiant;nom;type;finess\nex1;CMP à nous;CMP;990000011\nex2;Centre social;centre social;\n"
TIE = "de;vers;objet\nex1;ex2;orientation\n"


@pytest.mark.parametrize("order", [("finess", "tableur"), ("tableur", "finess")])
def test_a_merged_structure_keeps_every_identifier(
    app: App, tid: int, load: Importer, order: tuple[str, str]
) -> None:
    """The team's file and the register describe one place: whichever came first, the team's other files
    still find it by the team's own identifier, and importing again changes nothing."""
    files = {"finess": REGISTER, "tableur": OURS}
    for source in order:
        load(source, files[source])
    assert load("relations", TIE).created == 1
    assert load("relations", "de;vers;objet\nfiness--990000011;Centre social;convention\n").created == 1
    structures = open_view(app, tid).structures
    assert len(structures) == 2
    assert "CMP à nous" in set(structures["name"])
    for source in order:
        again = load(source, files[source])
        assert (again.created, again.updated, len(again.refused)) == (0, 0, 0)
    # The number taken away from the file does not make a second structure of it.
    assert load("tableur", OURS.replace("990000011", "")).created == 0


CORRECTED = {
    "relations": (TIE, {"purpose": "convention"}),
    "permanences": (
        "structure;type;accueillie par;lieu;horaires\nex1;CMP;ex2;;\n", {"type_code": "csapa"},
    ),
    "contacts": ("structure;nom\nex1;Camille Exmple\n", {"name": "Camille Exemple"}),
    "journal": ("structure;date;texte\nex1;2026-01-02;Apel\n", {"text": "Appel"}),
}  # fmt: skip


@pytest.mark.parametrize("kind", list(CORRECTED))
def test_a_correction_of_what_names_a_row_survives_the_next_import(
    app: App, tid: int, load: Importer, kind: str
) -> None:
    """Found again by what its file said of it, and not made a second time under its old name."""
    text, correction = CORRECTED[kind]
    load("tableur", OURS)
    assert load(kind, text).created == 1
    (row_id,) = getattr(open_view(app, tid), kind).index
    save_row(app, tid, kind, correction, row_id=row_id)
    again = load(kind, text)
    assert (again.created, again.updated, again.unchanged) == (0, 0, 1)
    assert list(getattr(open_view(app, tid), kind).index) == [row_id]
    assert get_row(app, kind, row_id) | correction == get_row(app, kind, row_id)


def test_a_line_for_the_corrected_tie_too_is_not_a_second_one(app: App, tid: int, load: Importer) -> None:
    load("tableur", OURS)
    load("relations", TIE)
    (row_id,) = open_view(app, tid).relations.index
    save_row(app, tid, "relations", {"purpose": "convention"}, row_id=row_id)
    report = load("relations", TIE + "ex1;ex2;convention\n")
    assert (report.created, report.unchanged, [row.line for row in report.refused]) == (0, 1, [3])


def test_what_was_deleted_stays_so_and_the_report_says_it(app: App, tid: int, load: Importer) -> None:
    load("tableur", OURS)
    (first, _) = open_view(app, tid).structures.index
    delete_row(app, tid, "structures", first)
    again = load("tableur", OURS)
    assert (again.created, again.unchanged) == (0, 2)
    assert len(open_view(app, tid).structures) == 1
    assert any("supprimée : 1" in note for note in again.notes)


def test_a_deleted_twin_does_not_swallow_the_line_of_another_file(app: App, tid: int, load: Importer) -> None:
    """Two sheets for one place, one deleted as a duplicate: the number leads to the one that is left."""
    load("tableur", OURS + "ex3;Doublon;CMP;990000011\n")
    rows = open_view(app, tid).structures
    delete_row(app, tid, "structures", int(rows.index[rows["name"] == "Doublon"][0]))
    assert load("finess", REGISTER).created == 0


def test_a_row_that_names_a_deleted_structure_says_so(app: App, tid: int, load: Importer) -> None:
    """«No such structure» would send a person looking for a spelling mistake."""
    load("tableur", OURS)
    delete_row(app, tid, "structures", int(open_view(app, tid).structures.index[0]))
    for text in (TIE, TIE.replace("ex1", "CMP à nous")):
        (refused,) = load("relations", text).refused
        assert "supprimée" in refused.problems[0].reason
