"""The template explains itself and offers the accepted words."""

import io

import openpyxl
import pytest

from reseau.model.typology import load_typology
from reseau.sources.actions import SOURCE as ACTIONS
from reseau.sources.tableur import SOURCE as TABLEUR


@pytest.fixture(scope="module")
def book() -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(TABLEUR.template()))


def test_every_column_is_explained(book: openpyxl.Workbook):
    headers = [cell.value for cell in book.worksheets[0][1]]
    explained = {row[0]: row[2] for row in book["Mode d'emploi"].iter_rows(values_only=True)}
    assert headers == [column.header for column in TABLEUR.columns]
    assert all(explained[header] for header in headers)


def test_every_type_is_listed(book: openpyxl.Workbook):
    listed = [row[2] for row in book["Types"].iter_rows(min_row=2, values_only=True)]
    assert listed == list(load_typology().types)


def test_lists_are_offered_not_imposed(book: openpyxl.Workbook):
    """Several values may share a cell: the drop-down must not forbid it."""
    rules = book.worksheets[0].data_validations.dataValidation
    assert len(rules) == sum(bool(column.choices) for column in TABLEUR.columns)
    assert not any(rule.showErrorMessage for rule in rules)


def test_columns_with_leading_zeros_are_text(book: openpyxl.Workbook):
    column = [cell.value for cell in book.worksheets[0][1]].index("code postal")
    assert book.worksheets[0].cell(row=2, column=column + 1).number_format == "@"


def test_the_same_template_is_the_same_file():
    assert ACTIONS.template() == ACTIONS.template()
