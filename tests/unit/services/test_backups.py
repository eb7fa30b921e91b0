"""A backup gives everything back, in another database too, and a bad one changes nothing."""

from __future__ import annotations

import json
import zipfile
from dataclasses import fields
from pathlib import Path

import pandas as pd
import pytest
from sqlalchemy.exc import OperationalError

from reseau.config import load_config
from reseau.errors import RefusedInput, ReseauError
from reseau.services import App, open_app
from reseau.services.backups import backup_counts, current_counts, restore_backup, save_backup
from reseau.services.demo import load_demo
from reseau.services.editing import save_row
from reseau.services.territoires import find_territoire
from reseau.services.view import View, open_view


@pytest.fixture
def demo(app: App) -> View:
    return open_view(app, load_demo(app)[0].id)


def test_everything_comes_back_in_an_empty_database(app: App, demo: View, tmp_path: Path) -> None:
    count = save_backup(app, tmp_path / "tout.zip")
    other = open_app(load_config({"RESEAU_DATABASE_URL": f"sqlite:///{tmp_path / 'autre.db'}"}))
    assert restore_backup(other, tmp_path / "tout.zip") == count
    back = open_view(other, find_territoire(other).id)
    for item in fields(View):
        expected, found = getattr(demo, item.name), getattr(back, item.name)
        if isinstance(expected, pd.DataFrame):
            pd.testing.assert_frame_equal(pd.DataFrame(expected), pd.DataFrame(found))
        elif item.name not in {"typology", "read_layer", "stamp_layer", "keeping"}:
            assert found == expected, item.name
    other.close()


@pytest.mark.parametrize(
    "damage",
    ["not_a_zip", "no_manifest", "truncated", "missing_table", "lost_rows", "not_rows", "huge_number"],
)
def test_a_damaged_backup_changes_nothing(app: App, demo: View, tmp_path: Path, damage: str) -> None:
    good, bad = tmp_path / "bon.zip", tmp_path / "abîmé.zip"
    save_backup(app, good)
    data = good.read_bytes()
    if damage == "not_a_zip":
        bad.write_bytes(b"rien")
    elif damage == "truncated":
        bad.write_bytes(data[: len(data) // 2])
    else:
        with zipfile.ZipFile(good) as source, zipfile.ZipFile(bad, "w") as target:
            for name in source.namelist():
                content = source.read(name)
                if damage == "no_manifest" and name == "manifeste.json":
                    continue
                if damage == "missing_table" and name == "structures.jsonl":
                    continue
                if damage == "lost_rows" and name == "contacts.jsonl":
                    content = content.splitlines(keepends=True)[0]
                if damage == "not_rows" and name == "journal.jsonl":
                    content = b"[]\n"
                if damage == "huge_number" and name == "territoires.jsonl":
                    content = content.replace(b'"id": 1', b'"id": ' + b"9" * 30)
                target.writestr(name, content)
    with pytest.raises(RefusedInput, match=r"abîmé\.zip.*[Rr]ien n'a été changé"):
        restore_backup(app, bad)
    assert len(open_view(app, demo.territoire_id).structures) == len(demo.structures)


def test_a_restored_database_goes_on_counting_from_where_it_was(app: App, demo: View, tmp_path: Path) -> None:
    """Ids given after a restoration must not collide with restored ones."""
    save_backup(app, tmp_path / "tout.zip")
    restore_backup(app, tmp_path / "tout.zip")
    new = save_row(app, demo.territoire_id, "structures", {"name": "Neuve", "types": ["ccas"]})
    assert new > demo.structures.index.max()


def test_a_backup_says_how_much_it_holds(app: App, demo: View, tmp_path: Path) -> None:
    """What a person reads before replacing everything: what is here now, what the file holds."""
    total = save_backup(app, tmp_path / "tout.zip")
    assert backup_counts(tmp_path / "tout.zip") == current_counts(app)
    assert sum(current_counts(app).values()) == total
    assert current_counts(app)["structures"] == len(demo.structures)


@pytest.mark.parametrize("content", [b"rien", b"PK\x05\x06" + b"\0" * 18])
def test_what_is_not_a_backup_is_said_before_anything_is_replaced(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "photo.zip").write_bytes(content)
    with pytest.raises(RefusedInput, match="pas une sauvegarde"):
        backup_counts(tmp_path / "photo.zip")


def test_a_backup_put_back_only_where_there_is_nothing(app: App, demo: View, tmp_path: Path) -> None:
    """The demonstration arrives this way: it must not wipe out a territory made a second before."""
    save_backup(app, tmp_path / "tout.zip")
    with pytest.raises(RefusedInput, match="rien n'a été remplacé"):
        restore_backup(app, tmp_path / "tout.zip", only_if_empty=True)
    assert len(open_view(app, demo.territoire_id).structures) == len(demo.structures)


def test_a_full_disk_is_not_blamed_on_the_backup(
    app: App, demo: View, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save_backup(app, tmp_path / "tout.zip")

    def full(*_args: object) -> int:
        raise OperationalError("INSERT", {}, Exception("database or disk is full"))

    monkeypatch.setattr("reseau.store.backup._load", full)
    with pytest.raises(ReseauError, match="le disque est plein"):
        restore_backup(app, tmp_path / "tout.zip")


def _made_before(backup: Path, target: Path, revision: str) -> Path:
    """The same backup as the first version of Réseau would have written it."""
    with zipfile.ZipFile(backup) as source, zipfile.ZipFile(target, "w") as old:
        for name in source.namelist():
            lines = [json.loads(line) for line in source.read(name).splitlines()] if ".jsonl" in name else []
            if name == "manifeste.json":
                manifest = json.loads(source.read(name))
                manifest["revision"] = revision
                del manifest["lignes"]["aliases"]
                old.writestr(name, json.dumps(manifest))
            elif name != "aliases.jsonl":
                kept = [{key: value for key, value in line.items() if key != "origin"} for line in lines]
                old.writestr(name, "".join(f"{json.dumps(line)}\n" for line in kept))
    return target


def test_a_backup_of_an_older_version_comes_back(app: App, demo: View, tmp_path: Path) -> None:
    """Otherwise the day a team updates, its backups are worth nothing."""
    save_backup(app, tmp_path / "tout.zip")
    restore_backup(app, _made_before(tmp_path / "tout.zip", tmp_path / "ancienne.zip", "0001"))
    back = open_view(app, demo.territoire_id)
    assert len(back.relations) == len(demo.relations) > 0
    assert len(back.structures) == len(demo.structures)


def test_a_backup_of_a_newer_version_is_refused(app: App, demo: View, tmp_path: Path) -> None:
    save_backup(app, tmp_path / "tout.zip")
    with pytest.raises(RefusedInput, match="plus récente"):
        restore_backup(app, _made_before(tmp_path / "tout.zip", tmp_path / "future.zip", "9999"))
    assert len(open_view(app, demo.territoire_id).structures) == len(demo.structures)
