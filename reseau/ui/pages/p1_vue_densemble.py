"""Vue d'ensemble : le tableau quartier × type, les lacunes à regarder d'abord, les prochaines actions."""

import streamlit as st

from reseau.ui import overview, state
from reseau.ui.context import need_context

TITLE = "Vue d'ensemble"
ICON = ":material/grid_on:"
GROUP = "Comprendre"

context = need_context()
view = context.view
if view.quartiers.empty or view.structures.empty:
    st.title(TITLE, anchor=False)
    overview.first_steps(view)
    st.stop()
families, expected_only = overview.header(TITLE)
overview.figures(view)
table, detail = st.columns([75, 25], gap="small")
with table:
    clicked = overview.state_table(view, families=families, expected_only=expected_only)
if clicked is not None:
    state.select(view, quartier_id=clicked.quartier_id, type_code=clicked.type_code)
    st.rerun()
with detail, st.container(key="overview_detail"):
    overview.cell_detail(context)
gaps, news = st.columns([6, 4], gap="large")
with gaps:
    overview.first_priorities(context)
with news:
    overview.next_actions(view)
    overview.freshness(view)
