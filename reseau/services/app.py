"""Composition root: the open application that every verb takes first."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from reseau.config import Config, load_config
from reseau.model.typology import Typology, load_typology
from reseau.store import Store

if TYPE_CHECKING:
    from reseau.services._kept_network import KeptNetwork
    from reseau.services._kept_reach import KeptReach
    from reseau.services.view import View

Progress = Callable[[float, str], None]
"""Called with the share done (0–1) and a French sentence."""


def no_progress(_share: float, _message: str) -> None:
    """The progress of someone who does not look."""


@dataclass(slots=True, kw_only=True)
class App:
    """An open database, its configuration, and what is kept in memory of each territory: its last computed
    view, its walking network, what was measured in it.
    """

    config: Config
    store: Store
    typology: Typology
    views: dict[int, View] = field(default_factory=dict)
    networks: dict[int, KeptNetwork] = field(default_factory=dict)
    reaches: dict[int, KeptReach] = field(default_factory=dict)
    lock: threading.RLock = field(default_factory=threading.RLock)

    def close(self) -> None:
        """Release the database."""
        self.store.close()


def open_app(config: Config | None = None) -> App:
    """Open the application, creating or migrating its database.

    Raises:
        ReseauError: the database cannot be opened.
    """
    config = config or load_config()
    return App(config=config, store=Store(config.database_url), typology=load_typology())
