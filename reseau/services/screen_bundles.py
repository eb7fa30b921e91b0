"""Bundles of screens: their content, the files an address serves, the folder a team carries on a stick."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from reseau.errors import NotFound
from reseau.model.screens import Screen
from reseau.screens.build import build_content, fingerprint
from reseau.screens.bundle import bundle_files, player_key, scripts_of, write_folder, write_zip
from reseau.screens.fonts import font_files
from reseau.services import participations, screen_messages, screen_places, screens
from reseau.services._screen_inputs import Said, gather
from reseau.services._targets import prepare
from reseau.services.app import App
from reseau.services.clock import local_now
from reseau.services.screens import SavedScreen
from reseau.services.view import View, open_view

if TYPE_CHECKING:
    from reseau.screens.content import Content

K = TypeVar("K")
V = TypeVar("V")
MAX_PREVIEWS = 8
MAX_SCREENS = 64
"""Screens whose files are kept in memory, the last asked for first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BundleReport:
    """What was written.

    Attributes:
        files: how many files.
        bytes: their size together, before any packing.
        slides: slides of the content, before the player cuts them into pages.
    """

    folder: Path
    files: int
    bytes: int
    slides: int


@dataclass(slots=True)
class _Shelf:
    """Files last made for one screen, and what they were made of."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    stamp: tuple[Any, ...] = ()
    files: Mapping[str, bytes] = field(default_factory=dict)


# Pages and addresses are served by the same process: what one makes, the other shows.
_lock = threading.Lock()
_shelves: OrderedDict[tuple[str, str], _Shelf] = OrderedDict()
_previews: OrderedDict[str, Mapping[str, bytes]] = OrderedDict()
_asked: OrderedDict[tuple[Any, ...], str] = OrderedDict()


def content_of(
    app: App,
    territoire_id: int,
    screen: Screen,
    *,
    key: str = "",
    screen_id: int | None = None,
    logo: bytes | None = None,
) -> Content:
    """What a screen says now.

    Args:
        key: of the screen, empty for one that is not kept.
        screen_id: the same; brings its own messages and what residents said on it.
        logo: PNG.

    Raises:
        NotFound: no such territory.
        RefusedInput: the screen cannot be built (see `build_content`).
    """
    # Read before the rest: what changes meanwhile makes the next view a newer one.
    view = open_view(app, territoire_id)
    said = replace(_said(app, territoire_id, screen_id), key=key, logo=logo)
    return build_content(gather(app, view, screen, said))


def content_of_saved(app: App, territoire_id: int, saved: SavedScreen) -> Content:
    """What a screen that is kept says now.

    Raises:
        NotFound: no such territory, or the screen was deleted meanwhile.
        RefusedInput: the screen cannot be built (see `build_content`).
    """
    logo = screens.get_logo(app, territoire_id, saved.id) if saved.has_logo else None
    return content_of(app, territoire_id, saved.record, key=saved.key, screen_id=saved.id, logo=logo)


def current_files(app: App, key: str) -> Mapping[str, bytes]:
    """Files of the bundle of a screen as it is now, from memory when nothing changed since (nor the day).

    Those who ask together wait for one making.

    Raises:
        NotFound: no screen has this key.
        ReseauError: it cannot be built.
    """
    territoire_id, saved = screens.screen_by_key(app, key)
    shelf = _shelf(app, key)
    with shelf.lock:
        stamp = (*_stamp(open_view(app, territoire_id)), saved.id, saved.version)
        if shelf.stamp != stamp:
            shelf.files = _files(content_of_saved(app, territoire_id, saved))
            shelf.stamp = stamp
        return shelf.files


def write_bundle(
    app: App,
    territoire_id: int,
    screen: SavedScreen | Screen,
    folder: Path,
    *,
    zip_path: Path | None = None,
    beside: Mapping[str, bytes] | None = None,
) -> BundleReport:
    """Write the bundle of a screen in a folder, and as a zip where asked.

    Args:
        beside: other files to put in it, by their path there (sheets to print).

    Raises:
        NotFound: no such territory.
        RefusedInput: the screen cannot be built, or a file cannot be written there; what was there still is.
    """
    if isinstance(screen, SavedScreen):
        content = content_of_saved(app, territoire_id, screen)
    else:
        content = content_of(app, territoire_id, screen)
    files = _files(content, beside)
    if zip_path is not None:
        prepare(zip_path)
    size = write_folder(files, folder)
    if zip_path is not None:
        write_zip(files, zip_path)
    return BundleReport(folder=folder, files=len(files), bytes=size, slides=len(content["slides"]))


def preview_key(
    app: App,
    territoire_id: int,
    screen: Screen,
    logo: bytes | None = None,
    *,
    screen_id: int | None = None,
    emergency: bool = False,
) -> str:
    """Make the bundle of a screen that is being designed, and return the key it is served at for a while.

    Args:
        logo: PNG.
        screen_id: of the screen that is kept, where it is one: brings its messages and counts of opinions.
        emergency: with the emergency messages, which hide all the rest while they last.

    Raises:
        NotFound: no such territory.
        RefusedInput: the screen cannot be built.
    """
    view = open_view(app, territoire_id)
    drawn = hashlib.sha256(logo or b"").hexdigest()
    asked = (app.config.database_url, territoire_id, *_stamp(view), screen_id, emergency, repr(screen), drawn)
    with _lock:
        key = _asked.get(asked, "")
        if key in _previews:
            _previews.move_to_end(key)
            return key
    # A preview looks for nothing newer, and leaves nothing to count.
    plain = replace(screen, address="")
    content = content_of(app, territoire_id, plain, screen_id=screen_id, logo=logo)
    if not emergency:
        content["messages"] = [item for item in content["messages"] if not item["emergency"]]
        content["version"] = fingerprint(content)
    files = _files(content)
    key = f"{content['version']}-{player_key()}"
    with _lock:
        _kept(_asked, asked, key, most=MAX_PREVIEWS)
        _kept(_previews, key, files, most=MAX_PREVIEWS)
    return key


def preview_files(key: str) -> Mapping[str, bytes]:
    """Files of a preview.

    Raises:
        NotFound: nothing is kept under this key any more.
    """
    with _lock:
        if key not in _previews:
            raise NotFound("Cet aperçu n'est plus en mémoire : affichez de nouveau la page de l'écran.")
        return _previews[key]


def _stamp(view: View) -> tuple[Any, ...]:
    """What makes other files when it changes: all that a team decides changes the version of the data."""
    day = local_now(view.territoire.communes).date()
    return view.version, view.on, day, player_key()


def _said(app: App, territoire_id: int, screen_id: int | None) -> Said:
    places = screen_places.list_places(app, territoire_id)
    known = screen_messages.list_messages(app, territoire_id, screen_id=screen_id)
    # A screen that is not kept has none of its own.
    of_all = [item for item in known if screen_id is not None or item.record.screen_id is None]
    said = Said(places=places, messages=[(item.id, item.record) for item in of_all])
    if screen_id is None:
        return said
    counts = participations.shown_counts(app, territoire_id, screen_id)
    return replace(said, ideas=counts, ideas_since=participations.shown_since(app, territoire_id, screen_id))


def _files(content: Content, beside: Mapping[str, bytes] | None = None) -> dict[str, bytes]:
    return bundle_files(content, fonts=font_files(scripts_of(content)), beside=beside)


def _shelf(app: App, key: str) -> _Shelf:
    with _lock:
        name = (app.config.database_url, key)
        return _kept(_shelves, name, _shelves.get(name) or _Shelf(), most=MAX_SCREENS)


def _kept(shelf: OrderedDict[K, V], key: K, value: V, *, most: int) -> V:
    """Put a value at the end of a shelf, whose oldest falls."""
    shelf[key] = value
    shelf.move_to_end(key)
    while len(shelf) > most:
        shelf.popitem(last=False)
    return value
