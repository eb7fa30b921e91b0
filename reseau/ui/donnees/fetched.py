"""Files that were downloaded, given to the import section as if a person had dropped them there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from reseau.services.feeds import remember_columns

if TYPE_CHECKING:
    from reseau.ui.context import Context
    from reseau.ui.donnees.mapping import Choice

FETCHED = "donnees_fetched"


@dataclass(slots=True, kw_only=True)
class Fetched:
    """A file on this machine, with what the import section asks of an uploaded one.

    Attributes:
        feed_id: address of the shared table it was read at, None for a publisher's file.
        mapping: column → field as a person checked it before, None the first time.
    """

    name: str
    file_id: str
    source_id: str
    path: Path = field(repr=False)
    feed_id: int | None = None
    mapping: Mapping[str, str] | None = None
    size: int = 0

    def getbuffer(self) -> memoryview:
        """The bytes."""
        return memoryview(self.path.read_bytes())


def hand_over(context: Context, file: Fetched) -> None:
    """Lead to the import section with this file, in the place of the same one downloaded before."""
    others = [known for known in fetched(context) if known.path != file.path]
    st.session_state[FETCHED] = (context.tid, [*others, file])
    st.session_state["donnees_next_section"] = "importer"


def fetched(context: Context) -> list[Fetched]:
    """Downloaded files that wait to be imported into this territory, and are still there."""
    tid, known = st.session_state.get(FETCHED) or (None, [])
    return [file for file in known if file.path.is_file()] if tid == context.tid else []


def forget_fetched() -> None:
    """Nothing downloaded waits any more; the files stay where they are."""
    st.session_state.pop(FETCHED, None)


def remember(context: Context, choice: Choice) -> None:
    """Keep how the columns of a shared table were read, once it is imported."""
    file = choice.upload
    if isinstance(file, Fetched) and file.feed_id is not None:
        remember_columns(context.app, context.tid, file.feed_id, mapping=choice.mapping, sheet=choice.sheet)
