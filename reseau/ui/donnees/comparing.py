"""What files would change, computed once and kept until they are applied or taken away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from reseau.errors import ReseauError
from reseau.model.reports import ImportPlan
from reseau.services.importing import plan_import
from reseau.ui import wording
from reseau.ui.annuaire.provenance import source_titles
from reseau.ui.donnees.change_words import change_lines, kept_lines
from reseau.ui.donnees.uploads import as_file

if TYPE_CHECKING:
    from reseau.model.typology import Typology
    from reseau.ui.context import Context
    from reseau.ui.donnees.mapping import Choice

PLANS = "donnees_plans"


@dataclass
class Compared:
    """One file compared with what was stored.

    Attributes:
        problem: why it could not be read, empty when it was.
        signature: how it was read; another way needs another comparison.
        version: version of the data it was compared with.
    """

    signature: tuple[object, ...]
    version: int
    typology: Typology = field(repr=False)
    plan: ImportPlan | None = None
    problem: str = ""

    @cached_property
    def lines(self) -> pd.DataFrame:
        """One line per field that would change; its index is the order of the plan."""
        return self._drawn[0]

    @cached_property
    def keys(self) -> list[str]:
        """Key of the change each line is about."""
        return self._drawn[1]

    @cached_property
    def kept(self) -> pd.DataFrame:
        """What the file says under a person's corrections or a better source."""
        if self.plan is None:
            return pd.DataFrame()
        return kept_lines(self.plan, self.typology, source_titles())

    @cached_property
    def _drawn(self) -> tuple[pd.DataFrame, list[str]]:
        if self.plan is None:
            return pd.DataFrame(), []
        return change_lines(self.plan, self.typology, source_titles())


def plans(context: Context) -> dict[str, Compared]:
    """Comparisons of this territory, by uploaded file."""
    tid, known = st.session_state.get(PLANS) or (None, None)
    if tid != context.tid or known is None:
        known = {}
        st.session_state[PLANS] = (context.tid, known)
    found: dict[str, Compared] = known
    return found


def forget_plans() -> None:
    """Nothing is compared any more."""
    st.session_state.pop(PLANS, None)


def current(context: Context, choice: Choice) -> Compared | None:
    """The comparison of a file as it is read now."""
    found = plans(context).get(choice.upload.file_id)
    return found if found is not None and found.signature == choice.signature else None


def compare(context: Context, choices: Sequence[Choice]) -> None:
    """Compare files with what is stored; nothing is written."""
    progress = st.progress(0.0, "Comparaison…")
    known = plans(context)
    for rank, choice in enumerate(choices):

        def on_progress(share: float, sentence: str, rank: int = rank) -> None:
            progress.progress(min((rank + share) / len(choices), 1.0), wording.markdown_text(sentence))

        compared = Compared(choice.signature, context.view.version, context.view.typology)
        try:
            with as_file(choice.upload) as path:
                compared.plan = plan_import(
                    context.app, context.tid, choice.source_id, choice.as_given(path), on_progress=on_progress
                )
        except ReseauError as error:
            compared.problem = str(error)
        known[choice.upload.file_id] = compared
    progress.empty()
