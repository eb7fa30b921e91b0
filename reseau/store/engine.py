"""The database: engine, migrations at opening, one transaction per write."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config as AlembicConfig
from alembic.util.exc import CommandError
from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, DatabaseError, OperationalError, SQLAlchemyError

from reseau.errors import ReseauError

MIGRATIONS_DIR = Path(__file__).parent / "migrations"
BUSY_TIMEOUT_MS = 15_000


class Store:
    """An open database. Safe to share between threads; each call takes its own connection."""

    def __init__(self, url: str) -> None:
        """Open (and create or migrate) the database at a SQLAlchemy address.

        Raises:
            ReseauError: the address is wrong, or the database cannot be opened or migrated.
        """
        self.url = url
        self.engine = _make_engine(url)
        try:
            _migrate(self.engine)
        except (SQLAlchemyError, CommandError) as error:
            raise ReseauError(_open_message(url, error)) from error

    @contextmanager
    def _speaking_french(self) -> Iterator[None]:
        """A database failure is said without the values of the row: they may be personal."""
        try:
            yield
        except OperationalError as error:
            raise ReseauError(_open_message(self.url, error)) from error

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection seeing one consistent state."""
        with self._speaking_french(), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One transaction: all of it is kept, or nothing. Waits its turn behind other writers."""
        with (
            self._speaking_french(),
            self.engine.connect().execution_options(reseau_write=True) as connection,
            connection.begin(),
        ):
            yield connection

    def close(self) -> None:
        """Release every connection."""
        self.engine.dispose()


def _make_engine(url: str) -> Engine:
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise ReseauError(
            "L'adresse de base de données (RESEAU_DATABASE_URL) n'est pas utilisable. "
            "Exemple : sqlite:////chemin/reseau.db"
        ) from error
    try:
        engine = create_engine(parsed, hide_parameters=True)
    except (ArgumentError, ModuleNotFoundError) as error:
        raise ReseauError(
            f"Le pilote de la base « {parsed.drivername} » manque : installez-le dans .venv "
            "(pour PostgreSQL : .venv/bin/pip install 'psycopg[binary]')."
        ) from error
    if engine.dialect.name == "sqlite":
        if parsed.database and parsed.database != ":memory:":
            Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
        event.listen(engine, "connect", _configure_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def _configure_sqlite(dbapi_connection: Any, _record: Any) -> None:
    dbapi_connection.isolation_level = None
    cursor = dbapi_connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = NORMAL")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    # A writer that starts with a read and upgrades later fails with «database is locked» whatever the
    # timeout: writers take the lock at once.
    write = connection.get_execution_options().get("reseau_write", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")


def _migrate(engine: Engine) -> None:
    config = AlembicConfig()
    config.set_main_option("script_location", str(MIGRATIONS_DIR))
    with engine.connect().execution_options(reseau_write=True) as connection, connection.begin():
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def current_revision(connection: Connection) -> str:
    """Migration the database stands at."""
    return str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one())


def _open_message(url: str, error: Exception) -> str:
    shown = make_url(url).render_as_string(hide_password=True)
    if isinstance(error, CommandError):
        why = "elle a été créée par une version plus récente de Réseau : mettez Réseau à jour"
    elif isinstance(error, OperationalError):
        why = "le fichier ou le serveur n'est pas accessible en écriture, est occupé, ou le disque est plein"
    elif isinstance(error, DatabaseError):
        why = "ce n'est pas une base de données (fichier abîmé ou d'un autre format)"
    else:
        why = str(error)
    return f"La base de données {shown} ne peut pas être utilisée : {why}."
