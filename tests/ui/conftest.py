"""Databases the pages are tried on (empty, demonstration, hostile text) and a door to each page."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
import shapely
import streamlit as st
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from reseau.config import load_config
from reseau.services import App, open_app
from reseau.services.actions import save_action
from reseau.services.catalogue import page_files
from reseau.services.demo import load_demo
from reseau.services.editing import save_row, set_absence
from reseau.services.importing import FileToImport, import_file
from reseau.services.territoires import create_territoire, update_territoire
from reseau.services.view import open_view
from reseau.ui import context

PROJECT_DIR = Path(__file__).resolve().parents[2]
TIMEOUT = 120
HOSTILE = (
    "{{7*7}}{% for x in () %}",
    "<img src=x onerror=alert(1)>",
    "[x](javascript:alert(1)) **gras** `code`",
    "$x^2$ :material/bug_report: :red[rouge]",
    "</script><script>alert(1)</script>",
    '=HYPERLINK("http://x") \'quote\' "double" \\',
    "مركز الصحة \u202einversé",
    "Très " + "long " * 58 + "nom",
)
"""Names of structures and quartiers that must show as these very characters."""

Opener = Callable[..., AppTest]
Use = Callable[[Path], App]


@pytest.fixture
def _use(monkeypatch: pytest.MonkeyPatch) -> Iterator[Use]:
    """Makes the interface work on a database, and closes whatever was opened on it."""
    opened: list[App] = []

    def recording() -> App:
        opened.append(open_app())
        return opened[-1]

    def use(path: Path) -> App:
        monkeypatch.setenv("RESEAU_DATABASE_URL", f"sqlite:///{path}")
        return recording()

    monkeypatch.setenv("RESEAU_TUILES_URL", "")
    monkeypatch.setattr(context, "open_app", recording)
    st.cache_resource.clear()
    st.cache_data.clear()
    yield use
    st.cache_resource.clear()
    st.cache_data.clear()
    for app in opened:
        app.close()


@pytest.fixture(scope="session")
def _demo_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _prepare(tmp_path_factory.mktemp("demo") / "demo.db", load_demo)


@pytest.fixture(scope="session")
def _hostile_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hostile")
    return _prepare(folder / "hostile.db", lambda app: _fill_with_hostile_text(app, folder))


@pytest.fixture
def empty_app_db(_use: Use, tmp_path: Path) -> App:
    """The application on a database without any territory; what it answers is for checks and set-up."""
    return _use(tmp_path / "vide.db")


@pytest.fixture
def demo_db(_use: Use, _demo_file: Path, tmp_path: Path) -> App:
    """The application on a copy of the demonstration."""
    return _use(Path(shutil.copy(_demo_file, tmp_path / "demo.db")))


@pytest.fixture
def hostile_db(_use: Use, _hostile_file: Path, tmp_path: Path) -> App:
    """The application on a small territory where every text is hostile (see `HOSTILE`)."""
    return _use(Path(shutil.copy(_hostile_file, tmp_path / "hostile.db")))


@pytest.fixture
def open_page() -> Opener:
    """Opens a page of the whole application: `open_page("p2_carte", quartier="QN99101A")`, already run."""

    def opener(page: str, **address: str) -> AppTest:
        at = AppTest.from_file(str(PROJECT_DIR / "app.py"), default_timeout=TIMEOUT)
        # `switch_page` knows the address of a page only after a first run, which would draw the overview
        # before every test; this is what it computes.
        if page != page_files()[0].stem:
            at._page_hash = calc_hash(page.split("_", 1)[1])
        for key, value in address.items():
            at.query_params[key] = value
        return at.run()

    return opener


def assert_sound(at: AppTest) -> None:
    """The page ran to its end, and shows no error."""
    assert not at.exception, [item.message for item in at.exception]
    assert not at.error, [item.value for item in at.error]


def assert_text_stays_text(at: AppTest) -> None:
    """No hostile text is Markdown, formula, icon or HTML on this page."""
    for item in [*at.markdown, *at.caption, *at.warning, *at.info, *at.success, *at.error, *at.toast]:
        assert not getattr(item, "allow_html", False), item.value
        assert not _RUNS.search(item.value), item.value
    labels = [*at.button, *at.expander, *at.checkbox, *at.text_input, *at.number_input, *at.selectbox]
    for widget in labels:
        assert not _RUNS.search(widget.label), widget.label


# Parts of `HOSTILE` that Markdown would act on, when no backslash holds them.
_RUNS = re.compile(r"(?<!\\)(<img|<script|\[x\]|\$x|:material/bug|:red\[)")


def _prepare(path: Path, fill: Callable[[App], object]) -> Path:
    app = open_app(load_config({"RESEAU_DATABASE_URL": f"sqlite:///{path}"}))
    with closing(app):
        fill(app)
    return path


def _fill_with_hostile_text(app: App, folder: Path) -> None:
    """Every kind of row, with hostile text wherever a person or a file can write some."""
    bad = HOSTILE
    tid = create_territoire(app, f"Essai {bad[1]}", communes=["99101"]).id
    for rank, name in enumerate(bad):
        values = {
            "name": name,
            "wkb": shapely.box(1.60 + rank / 100, 48.10, 1.608 + rank / 100, 48.108).wkb,
            "communes": ["99101"],
            "commune_names": [bad[0]],
            "population": 1200 + rank,
            "population_source": bad[1],
            "languages": ["ar"],
        }
        save_row(app, tid, "quartiers", values)
    ids = [_hostile_structure(app, tid, rank, name) for rank, name in enumerate(bad)]
    for rank, (first, second) in enumerate(pairwise(ids)):
        values = {"from_id": first, "to_id": second, "note": bad[rank], "declared_by": bad[1],
                  "status": "actif", "referent_from": bad[0], "evidence": bad[2]}  # fmt: skip
        save_row(app, tid, "relations", values)
        permanence = {"structure_id": first, "host_id": second, "type_code": "cpam", "note": bad[rank]}
        save_row(app, tid, "permanences", permanence)
        contact = {"structure_id": first, "name": bad[rank], "role": bad[1], "note": bad[2]}
        save_row(app, tid, "contacts", contact)
        entry = {"structure_id": first, "on": date.today(), "text": bad[rank], "author": bad[1]}
        save_row(app, tid, "journal", entry)
        action = {"title": bad[rank], "place": bad[1], "team": bad[0], "theme": bad[2], "note": bad[3],
                  "starts_on": date.today() + timedelta(days=rank), "outcome": bad[4]}  # fmt: skip
        save_action(app, tid, action, partners=[(second, "accueille")])
    view = open_view(app, tid)
    set_absence(app, tid, int(view.quartiers.index[0]), "caarud", author=bad[1], note=bad[0])
    update_territoire(app, tid, pivot_uid=view.structures.at[ids[0], "uid"])
    path = folder / "refus.csv"
    rows = "\n".join(
        f'"{name.replace(chr(34), chr(39))}";type inconnu {rank}' for rank, name in enumerate(bad)
    )
    path.write_text(f"nom;type\n{rows}\n", encoding="utf-8")
    import_file(app, tid, "tableur", FileToImport(path=path, name=f"{bad[1].replace('/', '')}.csv"))


def _hostile_structure(app: App, tid: int, rank: int, name: str) -> int:
    values = {
        "name": name, "types": ["cpam" if rank % 2 else "cmp"], "description": name, "address": name,
        "commune": HOSTILE[1], "insee": "99101", "hours_text": name, "access_conditions": name,
        "internal_note": HOSTILE[2],
    }  # fmt: skip
    if rank < 5:
        place = {"lon": 1.604 + rank / 100, "lat": 48.104, "position_precision": "exacte"}
        values |= place
    return save_row(app, tid, "structures", values)
