"""A demonstration saved by somebody, changed by somebody else, and restored."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from reseau.config import load_config
from reseau.services import App, open_app, saved_scenarios, snapshots
from reseau.services.backups import restore_backup, save_backup
from reseau.services.demo import load_demo


@pytest.fixture(scope="module")
def backup(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sain")
    with closing(open_app(load_config({"RESEAU_DATABASE_URL": f"sqlite:///{folder / 'base.db'}"}))) as app:
        tid = load_demo(app)[0].id
        snapshots.keep_snapshot(app, tid, "Avant")
        saved_scenarios.save_scenario(app, tid, "Et si", [{"kind": "settings", "near_share": 0.4}])
        save_backup(app, folder / "tout.zip")
    return folder / "tout.zip"


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    url = f"sqlite:///{tmp_path_factory.mktemp('restaure') / 'base.db'}"
    with closing(open_app(load_config({"RESEAU_DATABASE_URL": url}))) as opened:
        yield opened


@pytest.fixture
def restored(app: App, backup: Path, tmp_path: Path) -> Callable[..., int]:
    """Restores the demonstration with the rows of one table changed; answers the territory."""

    def restore(table: str, *rows: dict[str, Any]) -> int:
        path = tmp_path / "piege.zip"
        with zipfile.ZipFile(backup) as source, zipfile.ZipFile(path, "w") as target:
            manifest = json.loads(source.read("manifeste.json"))
            manifest["lignes"][table] = len(rows)
            for name in source.namelist():
                content = source.read(name)
                if name == f"{table}.jsonl":
                    content = "".join(json.dumps(row) + "\n" for row in rows).encode()
                target.writestr(name, json.dumps(manifest) if name == "manifeste.json" else content)
        restore_backup(app, path)
        app.networks.clear()
        return 1

    return restore
