"""The database: engine, migrations at opening, one transaction per write."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect, make_url, text
from sqlalchemy.exc import ArgumentError, DatabaseError, OperationalError, SQLAlchemyError

from reseau.errors import ReseauError, why

MIGRATIONS_DIR = Path(__file__).parent / "migrations"
# Longer than the longest import, so that whoever comes meanwhile waits rather than fails.
BUSY_TIMEOUT_MS = 60_000


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
            if not _is_up_to_date(self.engine):
                _migrate(self.engine, url)
        except SQLAlchemyError as error:
            raise ReseauError(_open_message(url, _why_not(error))) from error

    @contextmanager
    def _speaking_french(self) -> Iterator[None]:
        """A database failure is said without the values of the row: they may be personal."""
        try:
            yield
        except DatabaseError as error:
            # Its other kinds (a broken constraint…) are mistakes of ours: they keep their name.
            if type(error) not in (DatabaseError, OperationalError):
                raise
            raise ReseauError(_open_message(self.url, _why_not(error))) from error

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
            try:
                Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                reason = f"son dossier ne peut pas être créé ({why(error)})"
                raise ReseauError(_open_message(url, reason)) from error
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


def latest_revision() -> str:
    """Migration this version of Réseau brings a database to: the last one by name."""
    return max(path.stem.partition("_")[0] for path in (MIGRATIONS_DIR / "versions").glob("[0-9]*.py"))


def _is_up_to_date(engine: Engine) -> bool:
    """Whether nothing is to be migrated, without waiting for a writer nor loading Alembic."""
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return False
        found = connection.execute(text("SELECT version_num FROM alembic_version")).scalars().all()
        return list(found) == [latest_revision()]


def _migrate(engine: Engine, url: str) -> None:
    # Half a second to load, for something needed once.
    from alembic import command
    from alembic.config import Config
    from alembic.util.exc import CommandError

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS_DIR))
    try:
        with engine.connect().execution_options(reseau_write=True) as connection, connection.begin():
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    except CommandError as error:
        newer = "elle a été créée par une version plus récente de Réseau : mettez Réseau à jour"
        raise ReseauError(_open_message(url, newer)) from error


def current_revision(connection: Connection) -> str:
    """Migration the database stands at."""
    return str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one())


def _open_message(url: str, reason: str) -> str:
    shown = make_url(url).render_as_string(hide_password=True)
    return f"La base de données {shown} ne peut pas être utilisée : {reason}."


def _why_not(error: SQLAlchemyError) -> str:
    if isinstance(error, OperationalError):
        return "le fichier ou le serveur n'est pas accessible en écriture, est occupé, ou le disque est plein"
    if isinstance(error, DatabaseError):
        return "ce n'est pas une base de données (fichier abîmé ou d'un autre format)"
    return str(error)
