"""The database opens, migrates, keeps all or nothing, and says in French why it cannot."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config as AlembicConfig
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, insert, select, text

from reseau.errors import ReseauError
from reseau.model.records import Territoire
from reseau.store import Store, territoires
from reseau.store.engine import MIGRATIONS_DIR, latest_revision
from reseau.store.tables import metadata
from reseau.store.tables import territoires as table


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(f"sqlite:///{tmp_path / 'dossier' / 'base.db'}")


def test_migrations_and_tables_agree(store: Store) -> None:
    """A column added to the tables without its migration would break every existing database."""
    with store.read() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_foreign_keys_and_wal_are_on(store: Store) -> None:
    with store.read() as connection:
        assert connection.execute(text("PRAGMA foreign_keys")).scalar() == 1
        assert connection.execute(text("PRAGMA journal_mode")).scalar() == "wal"


def test_a_failed_write_leaves_nothing(store: Store) -> None:
    def write_then_fail() -> None:
        with store.write() as connection:
            territoires.insert_territoire(connection, Territoire(name="A"))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        write_then_fail()
    with store.read() as connection:
        assert territoires.list_territoires(connection) == []


def test_opening_twice_keeps_the_data(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'base.db'}"
    first = Store(url)
    with first.write() as connection:
        territoires.insert_territoire(connection, Territoire(name="A"))
    first.close()
    with Store(url).read() as connection:
        assert [item[1].name for item in territoires.list_territoires(connection)] == ["A"]


def test_many_writers_wait_their_turn(store: Store) -> None:
    """Without an immediate lock, writers that read first fail with «database is locked»."""
    errors: list[Exception] = []

    def work(number: int) -> None:
        try:
            for turn in range(5):
                with store.write() as connection:
                    territoires.list_territoires(connection)
                    territoires.insert_territoire(connection, Territoire(name=f"{number}-{turn}"))
        except Exception as error:  # noqa: BLE001 -- any error is the finding
            errors.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    with store.read() as connection:
        assert len(connection.execute(select(table.c.id)).all()) == 30


@pytest.mark.parametrize(
    ("content", "expected"),
    [(b"ceci n'est pas une base" * 50, "ce n'est pas une base de données")],
)
def test_a_file_that_is_no_database_is_refused(tmp_path: Path, content: bytes, expected: str) -> None:
    path = tmp_path / "autre.db"
    path.write_bytes(content)
    with pytest.raises(ReseauError, match=expected):
        Store(f"sqlite:///{path}")
    assert path.read_bytes() == content


def test_a_newer_database_is_refused(store: Store) -> None:
    with store.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(ReseauError, match="plus récente"):
        Store(store.url)


def test_a_wrong_address_is_explained_without_repeating_it() -> None:
    """An address may hold a password."""
    with pytest.raises(ReseauError, match="Exemple") as refusal:
        Store("postgres:/moi:secret@ici")
    assert "secret" not in str(refusal.value)


def test_a_missing_driver_is_named() -> None:
    with pytest.raises(ReseauError, match="pilote") as refusal:
        Store("mssql+pymssql://moi:secret@ici/base")
    assert "secret" not in str(refusal.value)


def test_a_database_that_fails_later_says_it_in_french_without_values(store: Store) -> None:
    with (
        pytest.raises(ReseauError, match="ne peut pas être utilisée") as refusal,
        store.write() as connection,
    ):
        connection.execute(text("INSERT INTO absente VALUES (:secret)"), {"secret": "06 39 98 00 00"})
    assert "06 39" not in str(refusal.value)


def test_a_territory_name_is_unique(store: Store) -> None:
    with store.write() as connection:
        territoires.insert_territoire(connection, Territoire(name="A"))
    with pytest.raises(ReseauError, match="existe déjà"), store.write() as connection:
        territoires.insert_territoire(connection, Territoire(name="A"))


def test_a_tie_to_nothing_is_refused_by_the_database(store: Store) -> None:
    from sqlalchemy.exc import IntegrityError

    from reseau.store.tables import type_settings

    with pytest.raises(IntegrityError), store.write() as connection:
        connection.execute(
            insert(type_settings).values(territoire_id=99, type_code="cmp", expected=True, gamme="proximite")
        )


def test_the_last_migration_is_the_one_alembic_knows() -> None:
    """Opening looks at the name of the last file only; a migration named otherwise would never run."""
    config = AlembicConfig()
    config.set_main_option("script_location", str(MIGRATIONS_DIR))
    assert latest_revision() == ScriptDirectory.from_config(config).get_current_head()


def test_opening_does_not_wait_for_a_long_import(store: Store) -> None:
    """Reading the gaps while a large file is written must neither wait nor fail."""
    with store.write() as connection:
        territoires.insert_territoire(connection, Territoire(name="A"))
        other = Store(store.url)
        with other.read() as reading:
            assert territoires.list_territoires(reading) == []
        other.close()


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "fichier").write_text("", encoding="utf-8")
    with pytest.raises(ReseauError, match="dossier ne peut pas être créé"):
        Store(f"sqlite:///{tmp_path / 'fichier' / 'base.db'}")


def test_a_database_damaged_meanwhile_is_said(store: Store) -> None:
    with store.write() as connection:
        territoires.insert_territoire(connection, Territoire(name="A"))
    store.close()
    path = Path(str(store.engine.url.database))
    content = path.read_bytes()
    path.write_bytes(content[:4096] + b"\xff" * (len(content) - 4096))
    with pytest.raises(ReseauError, match="fichier abîmé"), store.read() as connection:
        territoires.list_territoires(connection)


def test_a_database_of_the_first_version_keeps_its_data(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'ancienne.db'}"
    config = AlembicConfig()
    config.set_main_option("script_location", str(MIGRATIONS_DIR))
    with create_engine(url).begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        connection.exec_driver_sql(
            "INSERT INTO territoires (name, communes, pivot_uid, minutes_proximite, minutes_intermediaire, "
            "near_share, walking_kmh, detour_factor, fictional, data_version, created_at) "
            "VALUES ('A', '[]', '', 15, 30, 0.5, 4.5, 1.3, 0, 1, '2026-01-01 00:00:00')"
        )
    with Store(url).read() as connection:
        assert [item[1].name for item in territoires.list_territoires(connection)] == ["A"]
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
