"""Where the data is, read once from the environment."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

PROJECT_DIR = Path(__file__).resolve().parent.parent
DEMO_PARTNERS_DIR = PROJECT_DIR / "data" / "partners"
DEMO_QPV_DIR = PROJECT_DIR / "data" / "qpv"


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """Settings of one run.

    Attributes:
        database_url: SQLAlchemy address of the database.
        tiles_url: address of the background map tiles, empty for none.
        tiles_attribution: text shown on the map with these tiles.
        geocoder_domain: host and path of the national geocoder, without scheme.
        downloads_dir: folder where downloaded files are kept.
        data_inclusion_token: personal token of the data.inclusion service, empty without one.
    """

    database_url: str
    tiles_url: str
    tiles_attribution: str
    geocoder_domain: str
    downloads_dir: Path
    data_inclusion_token: str = field(repr=False)


DEFAULT_DATABASE_URL = f"sqlite:///{PROJECT_DIR / 'reseau.db'}"
DEFAULT_DOWNLOADS_DIR = PROJECT_DIR / "instance" / "telechargements"
DATA_INCLUSION_API = "https://api.data.inclusion.gouv.fr"
# The same data open to all, once a week: national files of structures and of services.
DATA_INCLUSION_OPEN = {
    "structures": "https://www.data.gouv.fr/api/1/datasets/r/915c05e8-77ea-44f6-9837-0f1eff897a54",
    "services": "https://www.data.gouv.fr/api/1/datasets/r/de4856b8-bb67-4b79-83bd-038e846a1774",
}
COMMUNES_API = "https://geo.api.gouv.fr"
# Where the tables a team shares are read, once a person gave their address.
GOOGLE_SHEETS = "https://docs.google.com/spreadsheets"
GOOGLE_DRIVE = "https://drive.google.com"
IGN_PLAN_URL = (
    "https://data.geopf.fr/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0"
    "&LAYER=GEOGRAPHICALGRIDSYSTEMS.PLANIGNV2&STYLE=normal&FORMAT=image/png"
    "&TILEMATRIXSET=PM&TILEMATRIX={z}&TILEROW={y}&TILECOL={x}"
)


def load_config(environ: Mapping[str, str] | None = None) -> Config:
    """Read the configuration from environment variables (all optional).

    `RESEAU_DATABASE_URL`, `RESEAU_TUILES_URL` (empty: no background), `RESEAU_TUILES_MENTION`,
    `RESEAU_GEOCODEUR`, `RESEAU_TELECHARGEMENTS`, `RESEAU_JETON_DATA_INCLUSION`.
    """
    env = os.environ if environ is None else environ
    return Config(
        database_url=env.get("RESEAU_DATABASE_URL") or DEFAULT_DATABASE_URL,
        tiles_url=env.get("RESEAU_TUILES_URL", IGN_PLAN_URL),
        tiles_attribution=env.get("RESEAU_TUILES_MENTION", "© IGN – Géoplateforme"),
        geocoder_domain=env.get("RESEAU_GEOCODEUR") or "data.geopf.fr/geocodage",
        downloads_dir=Path(env.get("RESEAU_TELECHARGEMENTS") or DEFAULT_DOWNLOADS_DIR).expanduser(),
        data_inclusion_token=env.get("RESEAU_JETON_DATA_INCLUSION", "").strip(),
    )
