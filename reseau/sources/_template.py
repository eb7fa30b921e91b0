"""The XLSX template of a source, made from its columns."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from reseau.model.typology import FAMILIES, load_typology
from reseau.sources._columns import Column
from reseau.sources._vocabulary import LISTS

TYPES = "types"
YES_NO = "oui_non"
VALIDATED_ROWS = 2_000
NEEDED = {"fichier": "obligatoire", "ligne": "obligatoire", "": "facultative"}
# Fixed, so that the same template is the same file.
CREATED = datetime(2026, 1, 1)


def build_template(columns: Sequence[Column], *, title: str, about: str) -> bytes:
    """A workbook: the sheet to fill with one invented row, «Mode d'emploi», «Types» and «Listes».

    Args:
        columns: columns of the source, in order.
        title: name of the sheet to fill.
        about: one French sentence saying what the table is for.
    """
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(
        buffer,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    book.set_properties({"title": title, "created": CREATED})
    bold = book.add_format(
        {"bold": True, "bg_color": "#e3e5e8", "border": 1, "text_wrap": True, "valign": "top"}
    )
    # Text cells keep the zeros of postcodes and telephone numbers.
    text = book.add_format({"num_format": "@"})
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    data = book.add_worksheet(title)
    _write_guide(book.add_worksheet("Mode d'emploi"), columns, about, (bold, wrap))
    n_types = _write_types(book.add_worksheet("Types"), (bold, wrap))
    ranges = _write_lists(book.add_worksheet("Listes"), columns, bold)
    ranges[TYPES] = f"=Types!$A$2:$A${n_types + 1}"
    ranges[YES_NO] = ["oui", "non"]
    for index, column in enumerate(columns):
        data.set_column(index, index, max(14, len(column.header) + 2), text)
        data.write_string(0, index, column.header, bold)
        data.write_string(1, index, column.example, text)
        if column.choices in ranges:
            # Several values may share a cell: the list helps, it does not forbid.
            data.data_validation(
                1, index, VALIDATED_ROWS, index,
                {"validate": "list", "source": ranges[column.choices], "show_error": False},
            )  # fmt: skip
    data.freeze_panes(1, 1)
    data.activate()
    book.close()
    return buffer.getvalue()


def _write_guide(
    sheet: Worksheet, columns: Sequence[Column], about: str, formats: tuple[Format, Format]
) -> None:
    bold, wrap = formats
    sheet.set_column(0, 1, 26)
    sheet.set_column(2, 3, 70)
    sheet.write_string(0, 0, about)
    sheet.write_string(1, 0, "La première ligne est un exemple inventé : remplacez-la par vos données.")
    sheet.write_string(
        2, 0, "Plusieurs valeurs dans une cellule : séparez-les par « | ». Vide veut dire : pas connu."
    )
    for index, name in enumerate(("Colonne", "Obligatoire ?", "Ce qu'on y écrit", "Autres noms reconnus")):
        sheet.write_string(4, index, name, bold)
    for line, column in enumerate(columns, start=5):
        for index, value in enumerate(
            (column.header, NEEDED[column.needed], column.help, ", ".join(column.synonyms))
        ):
            sheet.write_string(line, index, value, wrap)


def _write_types(sheet: Worksheet, formats: tuple[Format, Format]) -> int:
    bold, wrap = formats
    typology = list(load_typology())
    sheet.set_column(0, 0, 60)
    sheet.set_column(1, 4, 26)
    for index, name in enumerate(("Libellé", "Sigle", "Code", "Famille", "Autres noms reconnus")):
        sheet.write_string(0, index, name, bold)
    for line, item in enumerate(typology, start=1):
        row = (item.label, item.acronym, item.code, FAMILIES[item.family].label, ", ".join(item.aliases))
        for index, value in enumerate(row):
            sheet.write_string(line, index, value, wrap)
    return len(typology)


def _write_lists(sheet: Worksheet, columns: Sequence[Column], bold: Format) -> dict[str, str | list[str]]:
    """Write the closed lists the columns use, one a column, and tell where each is."""
    ranges: dict[str, str | list[str]] = {}
    names = dict.fromkeys(column.choices for column in columns if column.choices in LISTS)
    for index, name in enumerate(names):
        labels = [label for label in LISTS[name].values() if label]
        header = next(column.header for column in columns if column.choices == name)
        sheet.set_column(index, index, 34)
        sheet.write_string(0, index, header, bold)
        for line, label in enumerate(labels, start=1):
            sheet.write_string(line, index, label)
        letter = chr(ord("A") + index)
        ranges[name] = f"=Listes!${letter}$2:${letter}${len(labels) + 1}"
    return ranges
