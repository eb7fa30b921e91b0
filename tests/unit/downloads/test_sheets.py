"""What a person copies from the browser is the address of a page, never that of the table."""

from __future__ import annotations

import json

import pytest

from reseau.downloads.sheets import export_address, suffix_of
from reseau.errors import RefusedInput
from tests.unit.downloads.publisher import Answer, asking, serve

ID = "1aBcD_efGhIjKlMnOpQrStUvWxYz-0123456789"
SHEET = f"https://docs.google.com/spreadsheets/d/{ID}"


@pytest.mark.parametrize(
    ("copied", "table"),
    [
        (f"{SHEET}/edit?usp=sharing", f"{SHEET}/export?format=csv"),
        (f"{SHEET}/edit?gid=0#gid=12", f"{SHEET}/export?format=csv&gid=12"),
        (f"{SHEET}/edit#gid=12", f"{SHEET}/export?format=csv&gid=12"),
        (f"{SHEET}/edit#gid=12&x=</script>", f"{SHEET}/export?format=csv&gid=12"),
        (f"{SHEET}/edit#gid=javascript", f"{SHEET}/export?format=csv"),
        (SHEET, f"{SHEET}/export?format=csv"),
        (SHEET.replace("/d/", "/u/0/d/"), f"{SHEET}/export?format=csv"),
        (
            f"https://docs.google.com/spreadsheets/d/e/2PACX-{ID}/pubhtml?gid=7&single=true",
            f"https://docs.google.com/spreadsheets/d/e/2PACX-{ID}/pub?output=csv&single=true&gid=7",
        ),
        (
            f"https://docs.google.com/spreadsheets/d/e/2PACX-{ID}/pubhtml",
            f"https://docs.google.com/spreadsheets/d/e/2PACX-{ID}/pub?output=csv",
        ),
        (
            f"https://drive.google.com/file/d/{ID}/view?usp=drive_link",
            f"https://drive.google.com/uc?export=download&id={ID}",
        ),
        (
            "https://docs.getgrist.com/aBcDeFgHiJkL/Partenaires/p/3?tableId=Lieux",
            "https://docs.getgrist.com/api/docs/aBcDeFgHiJkL/download/csv?tableId=Lieux",
        ),
        (
            "https://grist.exemple.fr/o/msp/aBcDeFgHiJkL/Partenaires?tableId=L%26x",
            "https://grist.exemple.fr/o/msp/api/docs/aBcDeFgHiJkL/download/csv?tableId=L%26x",
        ),
        (
            "https://docs.getgrist.com/api/docs/aBcDeFgHiJkL/download/csv?tableId=Lieux",
            "https://docs.getgrist.com/api/docs/aBcDeFgHiJkL/download/csv?tableId=Lieux",
        ),
        ("https://nuage.exemple.fr/s/aBcDeFgHiJ", "https://nuage.exemple.fr/s/aBcDeFgHiJ/download"),
        (
            "https://nuage.exemple.fr/index.php/s/aBcDeFgHiJ/",
            "https://nuage.exemple.fr/index.php/s/aBcDeFgHiJ/download",
        ),
        ("https://exemple.fr/a.csv?v=1#haut", "https://exemple.fr/a.csv?v=1"),
    ],
)
def test_a_shared_page_leads_to_its_table(copied: str, table: str) -> None:
    with asking() as session:
        assert export_address(copied, session) == table
        # What is already the address of the table stays so.
        assert export_address(table, session) == table or "export?" in table or "pub?" in table


@pytest.mark.parametrize("url", ["http://exemple.fr/a.csv", "", "bonjour", "file:///etc/passwd"])
def test_addresses_that_are_never_asked(url: str) -> None:
    with asking() as session, pytest.raises(RefusedInput):
        export_address(url, session)


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ({"tables": [{"id": "Lieux", "fields": {}}]}, "Lieux"),
        ({"tables": [{"id": "A/B"}]}, "A%2FB"),
    ],
)
def test_a_grist_document_with_one_table_needs_no_more(
    answer: object, expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reseau.downloads.sheets._is_grist", lambda _host: True)
    with serve(Answer(body=json.dumps(answer).encode())) as grist, asking() as session:
        table = export_address(f"{grist.url}/aBcDeFgHiJkL/Partenaires/p/1", session)
    assert grist.paths == ["/api/docs/aBcDeFgHiJkL/tables"]
    assert table == f"{grist.url}/api/docs/aBcDeFgHiJkL/download/csv?tableId={expected}"


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ({"tables": [{"id": "Lieux"}, {"id": "Liens"}]}, r"plusieurs tables \(Lieux, Liens\).*tableId=Lieux"),
        ({"tables": []}, "aucune table"),
        ({"error": "x"}, "aucune table"),
        ([], "aucune table"),
        ({"tables": ["x", {}]}, "aucune table"),
    ],
)
def test_otherwise_the_person_says_which(answer: object, words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reseau.downloads.sheets._is_grist", lambda _host: True)
    with (
        serve(Answer(body=json.dumps(answer).encode())) as grist,
        asking() as session,
        pytest.raises(RefusedInput, match=words),
    ):
        export_address(f"{grist.url}/aBcDeFgHiJkL", session)


@pytest.mark.parametrize(
    ("url", "suffix"),
    [
        ("https://x.fr/a.XLSX", ".xlsx"),
        ("https://x.fr/export?format=csv", ".csv"),
        ("https://x.fr/a.exe", ".csv"),
    ],
)
def test_the_kind_of_table_is_read_in_the_address(url: str, suffix: str) -> None:
    assert suffix_of(url) == suffix
