"""A field is public or it is not: hostile data, and data nobody thought of, stay inside."""

import dataclasses
import json
import zipfile

import pytest

from reseau.errors import RefusedInput
from reseau.exports import all_exports, public_view
from reseau.exports._public import PUBLIC
from reseau.model import columns
from tests.unit.exports.bundles import HIDDEN, bundle

FRAMES = ("structures", "quartiers", "relations", "permanences", "actions", "gaps", "reperes")


def _content(path):
    if path.suffix == ".xlsx":
        with zipfile.ZipFile(path) as book:
            return b"".join(book.read(name) for name in book.namelist()).decode()
    return path.read_text(encoding="utf-8")


@pytest.mark.parametrize("export", all_exports().values(), ids=lambda export: export.id)
def test_no_internal_text_in_any_public_file(export, tmp_path):
    """Every internal field of the bundle holds the same word: it is in no public file."""
    path = tmp_path / f"essai{export.extension}"
    if not export.can_be_public:
        with pytest.raises(RefusedInput, match="interne"):
            export.write(public_view(bundle()), path)
        assert list(tmp_path.iterdir()) == []
        return
    export.write(public_view(bundle()), path)
    assert HIDDEN not in _content(path)


def test_the_word_is_in_the_team_s_files(tmp_path):
    """Otherwise the test above could not fail."""
    found = set()
    for export in all_exports().values():
        path = tmp_path / f"{export.id}{export.extension}"
        export.write(bundle(), path)
        if HIDDEN in _content(path):
            found.add(export.id)
    assert found >= {
        "csv",
        "xlsx",
        "geojson",
        "relations",
        "permanences",
        "contacts",
        "journal",
        "lacunes",
        "besoins",
    }


def test_a_column_nobody_listed_stays_inside():
    """An allow-list: tomorrow's column is internal until somebody says otherwise."""
    full = bundle()
    for name in FRAMES:
        getattr(full, name)["internal_note"] = HIDDEN
    view = public_view(full)
    for name in FRAMES:
        assert set(getattr(view, name).columns) == set(PUBLIC[name])


def test_the_list_names_columns_that_exist():
    """A misspelt name would silently publish nothing."""
    for name in FRAMES:
        assert set(PUBLIC[name]) <= set(getattr(columns, name.upper()))


def test_only_active_ties_and_settled_actions_are_public():
    """«À contacter» is a wish, not a tie; an idea is not an appointment."""
    view = public_view(bundle())
    assert view.relations.index.tolist() == [1]
    assert view.actions["uid"].tolist() == ["AV-1"]
    assert view.contacts is None
    assert view.journal is None
    assert view.public


def test_the_state_of_a_gap_is_not_public():
    """«À relier» tells whom the team does not work with."""
    assert not {"state", "reason", "reliable"} & set(public_view(bundle()).gaps.columns)


def test_the_given_frames_are_untouched_and_twice_is_once():
    full = bundle()
    before = {name: getattr(full, name).copy() for name in FRAMES}
    once = public_view(full)
    once.structures.loc[7, "name"] = "changé"
    for name in FRAMES:
        assert getattr(full, name).equals(before[name])
    assert public_view(once) is once


def test_every_frame_of_the_bundle_is_filtered():
    """A frame added to the bundle without a public list must not slip through."""
    fields = {field.name for field in dataclasses.fields(bundle())}
    others = {"territory", "generated_on", "public", "sources", "typology"}
    assert fields - others == set(FRAMES) | {"contacts", "journal", "needs"}


def test_public_geojson_says_nothing_of_languages_of_a_quartier(tmp_path):
    path = tmp_path / "carte.geojson"
    all_exports()["geojson"].write(public_view(bundle()), path)
    features = json.loads(path.read_text(encoding="utf-8"))["features"]
    quartiers = [item["properties"] for item in features if item["properties"]["couche"] == "quartier"]
    assert quartiers
    assert all("langues" not in properties for properties in quartiers)
