"""Aller-vers : les actions en liste et en calendrier, la fiche d'une action, son bilan en nombres."""

import streamlit as st

from reseau.ui.aller_vers import browse, chosen, drafts, editor, summary
from reseau.ui.context import need_context

TITLE = "Aller-vers"
ICON = ":material/directions_walk:"
GROUP = "Agir"

context = need_context()
view = context.view
browse.style()
drafts.take_prepared(view)
opened = chosen.chosen_action(view)
draft = drafts.current(view)
if draft is not None:
    editor.editor(context, draft)
    st.stop()
rows = browse.rows_of(view)
with summary.header(context, rows, title=TITLE):
    shown = browse.switch()
browse.browse(context, rows, opened=opened, shown=shown)
