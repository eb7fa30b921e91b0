"""What every page starts from: the open application, the territory and its view."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from reseau.config import load_config
from reseau.services import App, open_app
from reseau.services.territoires import NamedTerritoire, list_territoires
from reseau.services.view import View, open_view


@dataclass(frozen=True, slots=True)
class Context:
    """The open application, one territory and what it looks like now."""

    app: App
    territoire: NamedTerritoire
    view: View

    @property
    def tid(self) -> int:
        """Id of the territory."""
        return self.territoire.id


@st.cache_resource(show_spinner=False)
def _open(_url: str) -> App:
    return open_app()


def get_app() -> App:
    """The application, opened once per server and database address."""
    return _open(load_config().database_url)


def territoires(app: App) -> list[NamedTerritoire]:
    """Every territory, oldest first."""
    return list_territoires(app)


def current_territoire(known: list[NamedTerritoire]) -> NamedTerritoire | None:
    """The territory named in the address, else the last one made; None where there is none."""
    name = st.session_state.get("sel_territoire")
    return next((item for item in known if item.record.name == name), known[-1] if known else None)


def context() -> Context | None:
    """What a page needs, None where no territory exists yet."""
    app = get_app()
    territoire = current_territoire(territoires(app))
    return Context(app, territoire, open_view(app, territoire.id)) if territoire else None


def need_context() -> Context:
    """As `context`, sending the person to the first steps where there is no territory."""
    found = context()
    if found is None:
        from reseau.ui.state import go

        st.title("Bienvenue dans Réseau", anchor=False)
        st.markdown(
            "Pour chaque quartier et chaque type de service, Réseau dit si les habitants peuvent y aller et "
            "si vous travaillez avec lui."
        )
        st.info(
            "Aucun territoire n'existe encore. Créez le vôtre, ou chargez la démonstration, "
            "dans la page Réglages."
        )
        if st.button("Ouvrir les réglages", type="primary"):
            go("p10_reglages")
        st.stop()
    return found
