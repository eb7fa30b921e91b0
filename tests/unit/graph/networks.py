"""Small networks for the tests of this room."""

from __future__ import annotations

import random

import pandas as pd

from reseau.graph.build import Network, build_graph
from reseau.model.typology import FAMILIES
from tests.frames import relations, structures


def network(edges: str, *, pivot: str = "", alone: str = "", families: str = "") -> Network:
    """Network written as «AB BC», each letter a structure (A is 1, B is 2…), named by its letter.

    A tie followed by `~` is dormant, by `?` to be made. `families`: «A:sante B:habitat».
    """
    kinds = dict(item.split(":") for item in families.split())
    letters = sorted({char for char in edges + alone if char.isupper()})
    rows = [
        {"id": number(char), "name": char, "is_pivot": char == pivot, "family": kinds.get(char, "autre")}
        for char in letters
    ]
    status = {"~": "en_sommeil", "?": "a_contacter", "": "actif"}
    made = [
        {"from_id": number(edge[0]), "to_id": number(edge[1]), "status": status[edge[2:]]}
        for edge in edges.split()
    ]
    return build_graph(structures(*rows), relations(*made))


def number(letter: str) -> int:
    """Id of a structure named by a letter."""
    return ord(letter) - ord("A") + 1


def random_frames(
    size: int, *, seed: int, ties: int | None = None, lone: int = 5
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Frames of a network around a pivot (id 0): every status and family, `lone` structures without ties."""
    draw = random.Random(seed)  # noqa: S311
    rows = [
        {"id": i, "name": f"Structure {i}", "is_pivot": i == 0, "family": draw.choice(list(FAMILIES))}
        for i in range(size)
    ]
    statuses = ["actif"] * 5 + ["en_sommeil", "a_contacter", "contact_pris", "termine"]
    made = []
    for rank in range(2 * size if ties is None else ties):
        last = rank + 1 if rank + 1 < size - lone else draw.randrange(size - lone)
        first = 0 if draw.random() < 0.3 else draw.randrange(size - lone)
        made.append(
            {
                "from_id": first,
                "to_id": last,
                "intensity": draw.randint(1, 5),
                "status": draw.choice(statuses),
            }
        )
    return structures(*rows), relations(*made)


def shuffled(frame: pd.DataFrame, *, seed: int) -> pd.DataFrame:
    """The same rows in another order."""
    return frame.sample(frac=1.0, random_state=seed)
