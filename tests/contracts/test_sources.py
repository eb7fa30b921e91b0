"""What every source promises, whichever it is: a new folder is tested by being there.

Samples are invented: their communes are in the fictional department 99.
"""

import csv
import json
import re
import shutil
import zipfile
from pathlib import Path

import pytest

from reseau.config import PROJECT_DIR
from reseau.errors import RefusedInput
from reseau.model.reports import LocatedRecord, Parsed, Scope
from reseau.sources import ReadOptions, Source, all_sources, refused_to_table
from reseau.sources._base import KINDS, SourceSpec
from reseau.sources._columns import field_of, header_key
from reseau.sources._tabular import TabularSource

SOURCES = all_sources()
FICTIONAL = Scope(communes=frozenset(f"99{number:03d}" for number in range(1000)))
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256)) * 4

every_source = pytest.mark.parametrize("source", SOURCES.values(), ids=SOURCES)
every_table = pytest.mark.parametrize(
    "source", [s for s in SOURCES.values() if isinstance(s, TabularSource)], ids=lambda source: source.id
)

every_template = pytest.mark.parametrize(
    "source",
    [s for s in SOURCES.values() if isinstance(s, TabularSource) and s.template() is not None],
    ids=lambda source: source.id,
)


def sample_of(source: Source) -> Path:
    return PROJECT_DIR / "reseau" / "sources" / source.id.replace("-", "_") / source.spec.sample


def read(source: Source, path: Path) -> Parsed:
    return source.read(path, FICTIONAL, ReadOptions())


def bad_file(source: Source, folder: Path, content: bytes) -> Path:
    path = folder / f"mauvais fichier{source.spec.extensions[0]}"
    path.write_bytes(content)
    return path


def zipped_text(folder: Path) -> bytes:
    with zipfile.ZipFile(folder / "archive.zip", "w") as archive:
        archive.writestr("lisez-moi.txt", "rien d'utile")
    return (folder / "archive.zip").read_bytes()


@every_source
def test_description_is_complete(source: Source):
    spec = source.spec
    assert re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", spec.id)
    assert spec.kind in KINDS
    assert all([spec.title, spec.publisher, spec.licence, spec.frequency, spec.why_trust])
    assert 0 < spec.priority < 100
    assert spec.extensions
    assert all(re.fullmatch(r"\.[a-z0-9]+", extension) for extension in spec.extensions)


@every_source
def test_claims_are_known_types(source: Source):
    """A claim is what allows saying «absent»: a misspelt one would silently allow nothing."""
    assert set(source.spec.claims) <= set(ReadOptions().typology.types)


def test_ids_are_unique_and_are_folder_names():
    """Discovery raises on a double; the folder is where people look for a source."""
    specs: list[SourceSpec] = [source.spec for source in SOURCES.values()]
    assert [spec.id for spec in specs] == list(SOURCES)
    assert all(sample_of(source).is_file() for source in SOURCES.values())


@every_source
def test_sample_gives_records_and_shows_what_a_refusal_looks_like(source: Source):
    parsed = read(source, sample_of(source))
    assert parsed.records
    assert parsed.refused or parsed.notes


@every_source
def test_counts_add_up(source: Source):
    parsed = read(source, sample_of(source))
    assert parsed.n_read == len(parsed.records) + len(parsed.refused) + parsed.n_out_of_scope


@every_source
def test_fields_given_are_fields_of_the_record(source: Source):
    """A misspelt field would never be updated by the next import."""
    for located in read(source, sample_of(source)).records:
        assert located.fields
        assert all(hasattr(located.record, name) for name in located.fields)


@every_source
def test_records_of_one_file_are_distinct_and_have_a_line(source: Source):
    records = read(source, sample_of(source)).records
    lines = [located.line for located in records]
    assert min(lines) >= 1
    identities = [identity(located) for located in records]
    assert len(identities) == len(set(identities))


def identity(located: LocatedRecord) -> str:
    record = located.record
    return str(getattr(record, "uid", "") or getattr(record, "code", "") or record)


@every_source
def test_refusals_say_where_and_what_to_do(source: Source):
    for row in read(source, sample_of(source)).refused:
        assert row.line >= 1
        assert row.row
        assert row.problems
        assert all(len(problem.reason) > 10 and len(problem.value) <= 200 for problem in row.problems)


@every_source
def test_reading_twice_gives_the_same(source: Source):
    """The same file twice must change nothing."""
    first, second = read(source, sample_of(source)), read(source, sample_of(source))
    assert first == second


@every_source
def test_reading_leaves_the_file_and_its_folder_alone(source: Source, tmp_path: Path):
    copy = Path(shutil.copy(sample_of(source), tmp_path))
    before = copy.read_bytes()
    read(source, copy)
    assert copy.read_bytes() == before
    assert list(tmp_path.iterdir()) == [copy]


@every_source
@pytest.mark.parametrize(
    "content",
    [
        b"",
        PNG,
        bytes(range(256)) * 20,
        b"\n\n\n",
        b"du texte sans colonnes\n",
        b"[]",
        b"{}",
        b"<html></html>",
    ],
    ids=["vide", "image", "binaire", "lignes vides", "texte", "liste", "objet", "page"],
)
def test_a_wrong_file_is_refused_by_its_name(source: Source, tmp_path: Path, content: bytes):
    path = bad_file(source, tmp_path, content)
    with pytest.raises(RefusedInput, match=re.escape(path.name)):
        read(source, path)


@every_source
def test_an_archive_of_something_else_is_refused(source: Source, tmp_path: Path):
    path = bad_file(source, tmp_path, zipped_text(tmp_path))
    with pytest.raises(RefusedInput, match=re.escape(path.name)):
        read(source, path)


@every_source
def test_a_folder_is_refused(source: Source, tmp_path: Path):
    with pytest.raises(RefusedInput, match=re.escape(tmp_path.name)):
        read(source, tmp_path)


@every_source
def test_a_truncated_archive_is_refused(source: Source, tmp_path: Path):
    path = bad_file(source, tmp_path, zipped_text(tmp_path)[:40])
    with pytest.raises(RefusedInput, match=re.escape(path.name)):
        read(source, path)


@every_source
def test_an_unknown_column_is_never_passed_over_in_silence(source: Source, tmp_path: Path):
    copy = with_unknown_column(sample_of(source), tmp_path)
    if copy is None:
        # A layout without header has no column names: a row of another width must be refused there instead.
        assert not isinstance(source, TabularSource)
        return
    parsed = read(source, copy)
    said = " ".join([*parsed.notes, *(p.reason for row in parsed.refused for p in row.problems)])
    assert "colonne mystère" in said


def with_unknown_column(sample: Path, folder: Path) -> Path | None:
    copy = folder / sample.name
    if sample.suffix in {".geojson", ".json"}:
        data = json.loads(sample.read_text(encoding="utf-8"))
        # A feature collection, a list of records, or a document that holds one.
        rows = data if isinstance(data, list) else next(v for v in data.values() if isinstance(v, list))
        for row in rows:
            row.get("properties", row)["colonne mystère"] = "valeur"
        copy.write_text(json.dumps(data), encoding="utf-8")
        return copy
    lines = sample.read_text(encoding="utf-8-sig").splitlines()
    if not re.match(r"[^;,]*(?:nom|titre|structure|de|libell|id|quartier)", lines[0], re.IGNORECASE):
        return None
    separator = ";" if ";" in lines[0] else ","
    copy.write_text("\n".join([f"{lines[0]}{separator}colonne mystère", *lines[1:]]), encoding="utf-8")
    return copy


@every_table
def test_preview_reads_the_same_columns(source: TabularSource):
    preview = source.preview(sample_of(source), ReadOptions())
    parsed = read(source, sample_of(source))
    assert preview.n_rows == parsed.n_read
    assert set(preview.mapping) == set(preview.columns)
    assert preview.required <= set(preview.fields)
    assert {field for field in preview.mapping.values() if field} <= set(preview.fields)
    assert [row[preview.columns[0]] for row in preview.rows] == [
        row.row[preview.columns[0]]
        for row in sorted((*parsed.records, *parsed.refused), key=lambda r: r.line)
    ]


@every_table
def test_choosing_the_recognised_mapping_changes_nothing(source: TabularSource):
    """The mapping step shows what would be done: accepting it as it stands must do exactly that."""
    preview = source.preview(sample_of(source), ReadOptions())
    chosen = source.read(sample_of(source), FICTIONAL, ReadOptions(mapping=preview.mapping))
    assert chosen == read(source, sample_of(source))


@every_table
def test_no_two_fields_answer_to_the_same_header(source: TabularSource):
    """The first would hide the second without a word."""
    owners: dict[str, set[str]] = {}
    for column in source.columns:
        for name in (column.header, *column.synonyms):
            owners.setdefault(header_key(name), set()).add(column.field)
    assert {name: fields for name, fields in owners.items() if len(fields) > 1} == {}
    assert {c.field: field_of(c.header, source.columns) for c in source.columns} == {
        c.field: c.field for c in source.columns
    }


@every_template
def test_template_untouched_gives_its_example(source: TabularSource, tmp_path: Path):
    """People try the template as it is before filling it."""
    path = tmp_path / "modele.xlsx"
    path.write_bytes(source.template())
    parsed = read(source, path)
    assert len(parsed.records) == 1
    assert not parsed.refused
    assert set(source.preview(path, ReadOptions()).columns) == {column.header for column in source.columns}


@every_table
def test_refused_rows_can_be_corrected_and_imported_again(source: TabularSource, tmp_path: Path):
    """Downloaded as they are they are refused again for the same reasons, without a note about ours."""
    parsed = read(source, sample_of(source))
    headers, rows = refused_to_table(parsed.refused)
    assert headers[-1] == "motif du refus"
    path = tmp_path / "refus.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=";").writerows([headers, *rows])
    again = read(source, path)
    assert not again.records
    assert [{(p.column, p.reason) for p in row.problems} for row in again.refused] == [
        {(p.column, p.reason) for p in row.problems} for row in parsed.refused
    ]
    assert "motif" not in " ".join(again.notes)
