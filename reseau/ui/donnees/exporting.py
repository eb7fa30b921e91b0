"""Exporting: a format, for the team or for everyone, prepared then downloaded."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import streamlit as st

from reseau.errors import ReseauError
from reseau.model.typology import normalise
from reseau.services.exporting import export, list_exports
from reseau.ui import wording

if TYPE_CHECKING:
    from reseau.ui.context import Context

PREPARED = "donnees_export"
TEAM, PUBLIC = "equipe", "public"
AUDIENCES = {TEAM: "L'équipe : tout", PUBLIC: "Tout le monde : version publique"}
LEFT_OUT = (
    "La version publique laisse de côté : les contacts et le journal, les notes internes, les courriels des "
    "structures, les référents, le statut, l'intensité et les dates des relations (seules les relations "
    "actives y sont), les partenaires et les bilans des actions (seules les actions confirmées ou réalisées "
    "y sont), les langues des quartiers, l'état et l'explication des lacunes (les distances y restent)."
)
TEAM_ONLY = (
    "Cette version contient des informations réservées à l'équipe (contacts de personnes, journal, notes) : "
    "ne la publiez pas et ne l'envoyez pas hors de l'équipe."
)


def exporter(context: Context) -> None:
    """Draw the section."""
    left, right = st.columns([4, 6], gap="large")
    with left:
        audience = st.radio(
            "Pour qui ?", list(AUDIENCES), format_func=AUDIENCES.__getitem__, key="export_audience"
        )
        public = audience == PUBLIC
        # The workbook first: it is what most people open.
        known = sorted(list_exports(), key=lambda item: (item.extension != ".xlsx", item.label))
        formats = {item.id: item for item in known if item.can_be_public or not public}
        chosen = st.radio(
            "Format", list(formats), format_func=lambda code: formats[code].label, key="export_format"
        )
    wanted = (context.tid, context.view.version, chosen, public)
    with right:
        (st.info if public else st.warning)(LEFT_OUT if public else TEAM_ONLY)
        if st.button("Préparer le fichier", type="primary", icon=":material/inventory_2:"):
            _prepare(context, wanted, formats[chosen].extension)
        prepared = st.session_state.get(PREPARED)
        if prepared and prepared["wanted"] == wanted:
            rows = wording.plural(prepared["rows"], "ligne")
            size = wording.number(len(prepared["data"]) / 1000, 1)
            st.success(f"Prêt : {rows}, {size} ko.", icon=":material/check:")
            st.download_button(
                "Télécharger",
                prepared["data"],
                file_name=prepared["name"],
                mime=formats[chosen].mime,
                icon=":material/download:",
                on_click="ignore",
            )
            st.text(prepared["name"])


def file_stem(territory: str) -> str:
    """Beginning of a file's name: the territory without accents or signs, and the day."""
    slug = re.sub(r"\s+", "-", normalise(territory))[:40].strip("-") or "territoire"
    return f"reseau-{slug}-{date.today().isoformat()}"


def _prepare(context: Context, wanted: tuple[int, int, str, bool], extension: str) -> None:
    tid, _, format_id, public = wanted
    name = f"{file_stem(context.territoire.record.name)}{'-public' if public else ''}-{format_id}{extension}"
    try:
        with st.spinner("Préparation du fichier…"), TemporaryDirectory(prefix="reseau-") as folder:
            path = Path(folder) / f"export{extension}"
            rows = export(context.app, tid, format_id, path, public=public)
            data = path.read_bytes()
    except ReseauError as error:
        st.error(str(error))
        return
    st.session_state[PREPARED] = {"wanted": wanted, "name": name, "rows": rows, "data": data}
