"""Applying files, and the reports of what became of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from contextlib import ExitStack
from typing import TYPE_CHECKING

import streamlit as st

from reseau.errors import ReseauError
from reseau.services.filling import FillOutcome, fill
from reseau.services.importing import import_file
from reseau.services.placing import to_place
from reseau.ui import wording
from reseau.ui.donnees.comparing import forget_plans
from reseau.ui.donnees.fetched import remember
from reseau.ui.donnees.files import start_over
from reseau.ui.donnees.report import show_report
from reseau.ui.donnees.uploads import as_file

if TYPE_CHECKING:
    from streamlit.delta_generator import DeltaGenerator

    from reseau.ui.context import Context
    from reseau.ui.donnees.mapping import Choice

OUTCOMES, DONE, AGAIN = "donnees_outcomes", "donnees_done", "donnees_compare_again"


def apply_all(context: Context, choices: Sequence[Choice], *, remaining: int) -> None:
    """Import files whole, in the order a territory needs them; one that fails does not stop the others."""
    progress = st.progress(0.0, "Import…")
    names = unique_names([choice.upload.name for choice in choices])
    with ExitStack() as opened:
        files = [
            choice.as_given(opened.enter_context(as_file(choice.upload)), name)
            for choice, name in zip(choices, names, strict=True)
        ]
        outcomes = fill(
            context.app,
            context.tid,
            files,
            sources={name: choice.source_id for choice, name in zip(choices, names, strict=True)},
            on_progress=lambda share, said: _tell(progress, share, said),
        )
    by_name = dict(zip(names, choices, strict=True))
    done = [by_name[item.filename] for item in outcomes if item.report is not None]
    _conclude(context, outcomes, done, remaining=remaining)


def apply_some(context: Context, choice: Choice, keys: Sequence[str], *, more: bool, remaining: int) -> None:
    """Import the chosen changes of one file.

    Args:
        more: other changes are left: the file stays, to choose again.
    """
    progress = st.progress(0.0, "Import…")
    name = choice.upload.name
    report, problem = None, ""
    try:
        with as_file(choice.upload) as path:
            report = import_file(
                context.app,
                context.tid,
                choice.source_id,
                choice.as_given(path),
                only=frozenset(keys),
                on_progress=lambda share, said: _tell(progress, share, said),
            )
    except ReseauError as error:
        problem = str(error)
    outcome = FillOutcome(filename=name, source=choice.source_id, report=report, problem=problem)
    if report is not None and more:
        st.session_state[AGAIN] = choice.upload.file_id
    _conclude(context, [outcome], [choice] if report and not more else [], remaining=remaining)


def to_compare_again(choices: Sequence[Choice]) -> list[Choice]:
    """The file some changes of which have just been applied, once."""
    wanted = st.session_state.pop(AGAIN, None)
    return [choice for choice in choices if choice.upload.file_id == wanted]


def is_done(choice: Choice) -> bool:
    """Whether a file still in the list has been imported."""
    return choice.upload.file_id in st.session_state.get(DONE, ())


def unique_names(names: Sequence[str]) -> list[str]:
    """The same names, those that repeat numbered: «a.csv», «a.csv (2)»."""
    seen: Counter[str] = Counter()
    found: list[str] = []
    for name in names:
        seen[name] += 1
        found.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return found


def _tell(progress: DeltaGenerator, share: float, sentence: str) -> None:
    progress.progress(min(share, 1.0), wording.markdown_text(sentence))


def _conclude(
    context: Context, outcomes: Sequence[FillOutcome], done: Sequence[Choice], *, remaining: int
) -> None:
    """Keep the reports; empty the list once every file of it is imported."""
    for choice in done:
        remember(context, choice)
    tid, known = st.session_state.get(OUTCOMES) or (None, [])
    latest = {item.filename for item in outcomes}
    earlier = [item for item in known if item.filename not in latest] if tid == context.tid else []
    st.session_state[OUTCOMES] = (context.tid, [*outcomes, *earlier])
    if len(done) == remaining:
        abandon()
    else:
        finished = {choice.upload.file_id for choice in done}
        st.session_state[DONE] = st.session_state.get(DONE, frozenset()) | finished
    st.rerun()


def abandon() -> None:
    """Take every file away, and what was compared with them."""
    st.session_state.pop(DONE, None)
    forget_plans()
    start_over()


def outcomes(context: Context, waiting: Collection[str] = ()) -> bool:
    """Reports of the files just imported; answers whether there are some.

    Args:
        waiting: names of other files given since: then only what is about these, and about their batch.
    """
    tid, known = st.session_state.get(OUTCOMES) or (None, [])
    if waiting and not st.session_state.get(DONE):
        known = [outcome for outcome in known if outcome.filename in waiting]
    if tid != context.tid or not known:
        return False
    for rank, outcome in enumerate(known):
        _outcome(context, outcome, rank, alone=len(known) == 1 and not waiting)
    _what_next(context)
    return True


def _outcome(context: Context, outcome: FillOutcome, rank: int, *, alone: bool) -> None:
    name = wording.markdown_text(outcome.filename)
    if outcome.report is None:
        with st.container(border=True):
            st.markdown(f"**Compte rendu : {name}**")
            st.error(
                f"{wording.markdown_text(outcome.problem)}\n\nRien n'a été enregistré de ce fichier.",
                icon=":material/error:",
            )
        return
    report = outcome.report
    if alone:
        with st.container(border=True):
            st.markdown(f"**Compte rendu : {name}**")
            show_report(report, typology=context.view.typology, key=f"outcome_{rank}")
        return
    counts = (
        f"{wording.plural(report.created, 'nouvelle')}, {wording.plural(report.updated, 'modifiée')}, "
        f"{wording.plural(len(report.refused), 'refusée')}"
    )
    outside = bool(report.read) and report.out_of_scope == report.read
    if outside:
        counts = "tout est hors de votre territoire"
    icon = ":material/flag:" if outside else ":material/check:"
    with st.expander(f"**{name}** : {counts}", expanded=bool(report.refused), icon=icon):
        show_report(report, typology=context.view.typology, key=f"outcome_{rank}")


def _what_next(context: Context) -> None:
    waiting = len(to_place(context.app, context.tid))
    row = st.container(horizontal=True)
    if waiting and row.button(
        f"Placer sur la carte {wording.plural(waiting, 'structure')} sans position",
        icon=":material/location_on:",
    ):
        st.session_state["donnees_next_section"] = "a_placer"
        st.rerun()
    if row.button("Fermer ce compte rendu", icon=":material/close:"):
        st.session_state.pop(OUTCOMES)
        st.rerun()
