"""A what-if beside making the change for real and reading everything again, in the same run.

    python -m benchmarks.scenarios

Both must give the same states, to the last figure. Figures compare rows of one run; they are not promises.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from pandas.testing import assert_frame_equal
from shapely import box

from reseau.config import load_config
from reseau.model.typology import load_typology
from reseau.services import App, editing, open_app
from reseau.services.importing import FileToImport, import_file
from reseau.services.scenarios import compare_scenario
from reseau.services.territoires import create_territoire, update_territoire
from reseau.services.view import open_view

VOLUMES = ((15, 1_000), (15, 10_000))
RUNS = 7
WEST, SOUTH, SIDE = 1.30, 43.50, 0.25


def fill(app: App, n_quartiers: int, n_structures: int) -> int:
    """An invented territory: quartiers of about 600 m, partners of every type, relations of the pivot."""
    draw = np.random.default_rng(20261122)
    tid = create_territoire(app, "Banc d'essai", communes=["31555"]).id
    for rank in range(n_quartiers):
        west, south = WEST + SIDE * draw.random(), SOUTH + SIDE * draw.random()
        shape = box(west, south, west + 0.008, south + 0.006)
        values = {"name": f"Quartier {rank}", "wkb": shape.wkb, "communes": ["31555"], "population": 3000,
                  "commune_names": ["Ici"], "kind": "qpv"}  # fmt: skip
        editing.save_row(app, tid, "quartiers", values)
    types = [item.code for item in load_typology()]
    at = draw.random((n_structures, 2)) * SIDE + (WEST, SOUTH)
    lines = [f"Structure {rank};{draw.choice(types)};31555;{lon};{lat}" for rank, (lon, lat) in enumerate(at)]
    ids = _import(app, tid, lines)
    for other in ids[1:200]:
        editing.save_row(app, tid, "relations", {"from_id": ids[0], "to_id": other, "status": "actif"})
    update_territoire(app, tid, pivot_uid=editing.get_row(app, "structures", ids[0])["uid"])
    return tid


def _import(app: App, tid: int, lines: list[str]) -> list[int]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "partenaires.csv"
        path.write_text("\n".join(["nom;type;code insee;longitude;latitude", *lines]), encoding="utf-8")
        report = import_file(app, tid, "tableur", FileToImport(path=path))
    if report.created != len(lines):
        raise RuntimeError(f"{report.created} of {len(lines)} rows")
    return [int(key) for key in open_view(app, tid).structures.index]


@contextmanager
def territory(n_quartiers: int, n_structures: int) -> Iterator[tuple[App, int]]:
    with tempfile.TemporaryDirectory() as folder:
        address = f"sqlite:///{Path(folder) / 'banc.db'}"
        with closing(open_app(load_config({"RESEAU_DATABASE_URL": address}))) as app:
            yield app, fill(app, n_quartiers, n_structures)


def timed(work: Callable[[int], Any]) -> tuple[float, float]:
    """Median of several runs, by the clock and by the processor, milliseconds.

    The rank of the run is given so that each asks something else.
    """
    runs = []
    for rank in range(RUNS):
        clock, processor = time.perf_counter(), time.process_time()
        work(rank)
        runs.append((time.perf_counter() - clock, time.process_time() - processor))
    clock_ms, processor_ms = (float(value) * 1000 for value in np.median(runs, axis=0))
    return clock_ms, processor_ms


def scenario(app: App, tid: int, rank: int) -> list[dict[str, Any]]:
    """A structure closes, a permanence opens elsewhere, a relation becomes active: other ones at each run."""
    ids = open_view(app, tid).structures.index
    return [
        {"kind": "close", "structure_id": int(ids[300 + rank])},
        {"kind": "permanence", "type": "cmp", "host_id": int(ids[400 + rank]), "hours": "mardi 14h-17h"},
        {"kind": "relation", "structure_id": int(ids[500 + rank])},
    ]


def read_everything(app: App, tid: int) -> None:
    """What a change written in the database costs: frames, points, states, network."""
    app.views.clear()
    app.reaches.clear()
    view = open_view(app, tid)
    view.gaps, view.graph  # noqa: B018 -- computed when asked


def check(app: App, tid: int) -> None:
    """The what-if says what the change, once made, gives."""
    closing_one = scenario(app, tid, 0)[:1]
    then = compare_scenario(app, tid, closing_one).after.states
    key = closing_one[0]["structure_id"]
    editing.save_row(app, tid, "structures", {"closed": True}, row_id=key)
    assert_frame_equal(then, open_view(app, tid).gaps)
    editing.save_row(app, tid, "structures", {"closed": False}, row_id=key)


def main() -> None:
    for n_quartiers, n_structures in VOLUMES:
        with territory(n_quartiers, n_structures) as (app, tid):
            check(app, tid)
            open_view(app, tid).gaps  # noqa: B018 -- today's figures are there before anybody asks «et si»
            rows = {
                "et si, trois changements": timed(
                    lambda rank: compare_scenario(app, tid, scenario(app, tid, rank))
                ),
                "et si, redemandé": timed(lambda _rank: compare_scenario(app, tid, scenario(app, tid, 0))),
                "tout relire et recalculer": timed(lambda _rank: read_everything(app, tid)),
            }
            print(
                f"\n{n_quartiers} quartiers × {n_structures} structures × {len(load_typology().types)} types"
            )
            for label, (clock, processor) in rows.items():
                print(f"  {label:<28}{clock:9.1f} ms{processor:9.1f} ms de processeur")


if __name__ == "__main__":
    main()
