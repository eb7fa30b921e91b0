"""An open application on an empty database, and small files to import."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from reseau.config import load_config
from reseau.model.reports import ImportReport
from reseau.services import App, open_app
from reseau.services.importing import FileToImport, import_file
from reseau.services.territoires import create_territoire


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    opened = open_app(load_config({"RESEAU_DATABASE_URL": f"sqlite:///{tmp_path / 'base.db'}"}))
    yield opened
    opened.close()


@pytest.fixture
def tid(app: App) -> int:
    return create_territoire(app, "Essai", communes=["99101"]).id


class Importer:
    """Imports a text written to a file, as a person would import that file."""

    def __init__(self, app: App, tid: int, folder: Path) -> None:
        self.app, self.tid, self.folder = app, tid, folder

    def __call__(self, source: str, text: str, name: str = "fichier.csv") -> ImportReport:
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return import_file(self.app, self.tid, source, FileToImport(path=path))


@pytest.fixture
def load(app: App, tid: int, tmp_path: Path) -> Importer:
    return Importer(app, tid, tmp_path)
