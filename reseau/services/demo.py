"""The demonstration territory: invented files, through the same import as a user's."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

from reseau.config import DEMO_PARTNERS_DIR, DEMO_QPV_DIR
from reseau.errors import RefusedInput
from reseau.model.reports import ImportReport
from reseau.services._demo_screen import add_screen
from reseau.services.app import App, Progress, no_progress, open_app
from reseau.services.backups import restore_backup, save_backup
from reseau.services.importing import FileToImport, import_file
from reseau.services.territoires import (
    NamedTerritoire,
    create_territoire,
    find_territoire,
    update_territoire,
)
from reseau.store.backup import is_empty

DEMO_NAME = "Démonstration (territoire fictif)"
DEMO_COMMUNES = ("99101", "99102", "99103")
DEMO_PIVOT = "tableur--msp-deux-rives"
DEMO_SCREEN = DEMO_PARTNERS_DIR / "demo-ecran.toml"
DEMO_FILES: tuple[tuple[str, Path], ...] = (
    ("qpv", DEMO_QPV_DIR / "demo-quartiers.geojson"),
    ("qpv-indicateurs", DEMO_QPV_DIR / "demo-indicateurs.csv"),
    ("tableur", DEMO_PARTNERS_DIR / "demo-partenaires.csv"),
    ("finess", DEMO_PARTNERS_DIR / "demo-finess.csv"),
    ("relations", DEMO_PARTNERS_DIR / "demo-relations.csv"),
    ("permanences", DEMO_PARTNERS_DIR / "demo-permanences.csv"),
    ("contacts", DEMO_PARTNERS_DIR / "demo-contacts.csv"),
    ("journal", DEMO_PARTNERS_DIR / "demo-journal.csv"),
    ("actions", DEMO_PARTNERS_DIR / "demo-actions.csv"),
    ("besoins", DEMO_PARTNERS_DIR / "demo-besoins.csv"),
)


def load_demo(app: App, *, on_progress: Progress = no_progress) -> tuple[NamedTerritoire, list[ImportReport]]:
    """Load the demonstration into an empty database: all of it, or nothing if it is interrupted.

    It is made in a temporary database, through the same imports as a user's files, then copied in one
    transaction.

    Raises:
        RefusedInput: the database already holds a territory.
    """
    with app.store.read() as connection:
        if not is_empty(connection):
            raise RefusedInput(
                "Cette base contient déjà un territoire : la démonstration ne se charge que dans une base "
                "vide. Indiquez une autre base avec RESEAU_DATABASE_URL."
            )
    with tempfile.TemporaryDirectory() as folder:
        workshop = open_app(replace(app.config, database_url=f"sqlite:///{folder}/demonstration.db"))
        try:
            territoire, reports = _make(workshop, on_progress)
            save_backup(workshop, Path(folder) / "demonstration.zip")
        finally:
            workshop.close()
        restore_backup(app, Path(folder) / "demonstration.zip", only_if_empty=True)
    on_progress(1.0, "Démonstration chargée.")
    return find_territoire(app, territoire.record.name), reports


def _make(app: App, on_progress: Progress) -> tuple[NamedTerritoire, list[ImportReport]]:
    territoire = create_territoire(app, DEMO_NAME, communes=DEMO_COMMUNES, fictional=True)
    reports = []
    for rank, (source_id, path) in enumerate(DEMO_FILES):
        on_progress(rank / len(DEMO_FILES), f"Démonstration : {path.name}…")
        reports.append(import_file(app, territoire.id, source_id, FileToImport(path=path)))
    update_territoire(app, territoire.id, pivot_uid=DEMO_PIVOT)
    add_screen(app, territoire.id, DEMO_SCREEN)
    return territoire, reports
