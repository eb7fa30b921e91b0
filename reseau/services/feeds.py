"""Tables read at a live address: a shared spreadsheet, refreshed when a person asks, never by itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reseau.downloads import Downloaded, download, open_session
from reseau.downloads.http import Reserved, check_address, host_of
from reseau.downloads.sheets import export_address, suffix_of
from reseau.errors import RefusedInput, ReseauError
from reseau.services.app import App, Progress, no_progress
from reseau.services.importing import FileToImport, find_source
from reseau.services.territoires import tidy_name
from reseau.store import feeds as repository

SOURCE = "tableur"
MAX_URL = 2_000
MAX_TITLE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """An address a table is read at.

    Attributes:
        url: as the person gave it.
        mapping: column → field, as the person checked it at the first import; None before.
        sheet: sheet of a workbook, empty for the first one.
        fetched_on: ISO date and time (UTC) of the last reading, empty before the first.
    """

    id: int
    source: str
    title: str
    url: str
    mapping: Mapping[str, str] | None
    sheet: str
    fetched_on: str

    @property
    def host(self) -> str:
        """Who is asked."""
        return host_of(self.url)


def list_feeds(app: App, territoire_id: int) -> list[Feed]:
    """Addresses of a territory, oldest first."""
    with app.store.read() as connection:
        return [_feed(row) for row in repository.list_feeds(connection, territoire_id)]


def get_feed(app: App, territoire_id: int, feed_id: int) -> Feed:
    """One address.

    Raises:
        NotFound: no such address in this territory.
    """
    with app.store.read() as connection:
        return _feed(repository.get_feed(connection, territoire_id, feed_id))


def add_feed(app: App, territoire_id: int, url: str, title: str = "", *, source: str = SOURCE) -> Feed:
    """Keep an address. Nothing is asked of it yet; given twice, it is kept once.

    Raises:
        RefusedInput: an address that is not allowed, or a source that reads no table.
    """
    address = url.strip()
    if len(address) > MAX_URL:
        raise RefusedInput(f"Cette adresse est trop longue ({MAX_URL} caractères au plus).")
    host = check_address(address).hostname or ""
    if not {".csv", ".xlsx"} & set(find_source(source).spec.extensions):
        raise RefusedInput(f"La source « {source} » ne se lit pas dans un tableau partagé.")
    name = tidy_name(title)[:MAX_TITLE] or f"Tableau de {host}"
    with app.store.write() as connection:
        for row in repository.list_feeds(connection, territoire_id):
            if (row["url"], row["source"]) == (address, source):
                if title.strip():
                    repository.update_feed(connection, row["id"], {"title": name})
                return _feed(repository.get_feed(connection, territoire_id, row["id"]))
        values = {"territoire_id": territoire_id, "source": source, "title": name, "url": address}
        feed_id = repository.insert_feed(connection, values)
        return _feed(repository.get_feed(connection, territoire_id, feed_id))


def remove_feed(app: App, territoire_id: int, feed_id: int) -> None:
    """Forget an address; what was imported from it stays.

    Raises:
        NotFound: no such address in this territory.
    """
    with app.store.write() as connection:
        repository.get_feed(connection, territoire_id, feed_id)
        repository.delete_feed(connection, feed_id)


def refresh_feed(
    app: App, territoire_id: int, feed_id: int, *, on_progress: Progress = no_progress
) -> Downloaded:
    """Read the table at its address, now; the file is then compared and imported as any other.

    Raises:
        NotFound: no such address in this territory.
        RefusedInput: the table is not shared with everybody, or is not there any more.
        Unavailable: its host does not answer.
    """
    feed = get_feed(app, territoire_id, feed_id)
    with open_session() as session:
        try:
            url = export_address(feed.url, session)
            name = f"adresse-{feed_id}{suffix_of(url)}"
            folder = app.config.downloads_dir / feed.source
            got = download(url, folder, name, on_progress=on_progress, session=session)
        except Reserved as error:
            raise RefusedInput(
                f"Le tableau « {feed.title} » n'est pas lisible sans compte : {feed.host} demande de se "
                "connecter. Partagez-le en lecture à « toute personne disposant du lien » (sans contact ni "
                "donnée personnelle dedans), ou enregistrez-le sur l'ordinateur et importez le fichier."
            ) from error
    with app.store.write() as connection:
        repository.mark_fetched(connection, feed_id, got.etag)
    return got


def read_new(
    app: App, territoire_id: int, url: str, title: str = "", *, on_progress: Progress = no_progress
) -> tuple[Feed, Downloaded]:
    """Keep an address and read it at once; an address that cannot be read is not kept.

    Raises:
        As `add_feed` and `refresh_feed`.
    """
    feed = add_feed(app, territoire_id, url, title)
    try:
        return feed, refresh_feed(app, territoire_id, feed.id, on_progress=on_progress)
    except ReseauError:
        if not feed.fetched_on:
            remove_feed(app, territoire_id, feed.id)
        raise


def file_of(feed: Feed, path: Path) -> FileToImport:
    """The table just read, with the columns as the person checked them the first time."""
    return FileToImport(path=path, name=feed.title, mapping=feed.mapping, sheet=feed.sheet or None)


def remember_columns(
    app: App, territoire_id: int, feed_id: int, *, mapping: Mapping[str, str] | None, sheet: str | None = None
) -> None:
    """Keep how the columns were read, for the next times.

    Raises:
        NotFound: no such address in this territory.
    """
    with app.store.write() as connection:
        repository.get_feed(connection, territoire_id, feed_id)
        kept = dict(mapping) if mapping is not None else None
        repository.update_feed(connection, feed_id, {"mapping": kept, "sheet": sheet or ""})


def _feed(row: Mapping[str, Any]) -> Feed:
    return Feed(
        id=row["id"],
        source=row["source"],
        title=row["title"],
        url=row["url"],
        mapping=row["mapping"],
        sheet=row["sheet"],
        fetched_on=row["fetched_at"].isoformat() if row["fetched_at"] else "",
    )
