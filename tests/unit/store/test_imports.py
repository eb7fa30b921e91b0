"""Writing what a file says stays proportional to the file, however much is already there."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, text

from reseau.model.records import Territoire
from reseau.store import Store, imports, territoires
from reseau.store.rows import insert_row

DAY = date(2026, 5, 12)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(f"sqlite:///{tmp_path / 'base.db'}")


def test_provenance_is_replaced_without_reading_the_whole_table(store: Store) -> None:
    """A full read for each part of a file made an import of 100 000 rows four times too long."""
    said: list[str] = []

    def listen(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        said.append(statement)

    with store.write() as connection:
        tid = territoires.insert_territoire(connection, Territoire(name="A"))
        row = {"territoire_id": tid, "uid": "a--1", "name": "A", "closed": False, "served_quartiers": []}
        first = insert_row(connection, "structures", row | {"types": ["cmp"]})
        imports.add_provenance(connection, [(first, "name"), (first, "phone")], source="finess", on=DAY)
        event.listen(store.engine, "before_cursor_execute", listen)
        imports.set_provenance(connection, [(first, "phone")], source="tableur", on=DAY)
        event.remove(store.engine, "before_cursor_execute", listen)
        (deletion,) = [statement for statement in said if statement.startswith("DELETE")]
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {deletion}", (first, "phone")).all()
        assert all("SEARCH" in step[-1] for step in plan)
        assert imports.provenance_of(connection, tid) == {first: {"name": "finess", "phone": "tableur"}}
        assert connection.execute(text("SELECT count(*) FROM provenance")).scalar() == 2
