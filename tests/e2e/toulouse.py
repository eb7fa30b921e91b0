"""Toulouse filled from public files, and the screen of one of its quartiers, all by the command line."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.e2e.reading import command

EMPALOT = "QN03109M"
QUARTIERS = "qpv/qpv2024_france.geojson"
DIRECTORIES = ("finess/cs1100507_toulouse_montpellier.csv", "annuaires/france_services.csv")


def make_toulouse(shared_data: Path, database: Path) -> None:
    """Its quartiers and its services, in a new database."""
    quartiers = str(shared_data / QUARTIERS)
    command(database, "territoire", "creer", "Toulouse", "--communes", "Toulouse", "--referentiel", quartiers)
    command(database, "remplir", quartiers, *(str(shared_data / file) for file in DIRECTORIES))


def write_empalot(database: Path, folder: Path, languages: Sequence[str]) -> Any:
    """The screen of the quartier in a folder, and what the command says of it."""
    codes = ",".join(languages)
    return command(database, "ecran", "--quartier", EMPALOT, "--langues", codes, "--sortie", str(folder))
