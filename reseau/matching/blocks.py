"""Which pairs are worth comparing: never every one with every other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from reseau.matching.prepare import Sheets
from reseau.matching.words import Name

RADIUS_M = 250.0
# A town centre gathers fewer than this within 250 m; more is a file whose positions are not positions.
MAX_BLOCK = 400
# In a crowd, each is compared with the next ones in the order of names, and those that share a rare word.
WINDOW = 12
RARE = 20

Ints = NDArray[np.int64]


@dataclass(slots=True)
class Candidates:
    """Positions (in `Sheets`) of the pairs to compare, first < second, each pair once.

    Attributes:
        crowded: how many structures were only compared with those of a like name.
    """

    first: Ints
    second: Ints
    crowded: int = 0


@dataclass(slots=True)
class _Gathered:
    n: int
    order: Ints
    words: list[set[str]]
    keys: list[Ints] = field(default_factory=list)
    crowd: set[int] = field(default_factory=set)

    def add(self, first: Ints, second: Ints) -> None:
        low, high = np.minimum(first, second), np.maximum(first, second)
        self.keys.append(low[low != high] * self.n + high[low != high])

    def add_block(self, members: Iterable[int]) -> None:
        """Every pair of a block, or only neighbours by name where it is too large."""
        block = np.unique(np.fromiter(members, dtype=np.int64))
        if len(block) < 2:
            return
        if len(block) > MAX_BLOCK:
            self.add_crowd(block)
            return
        first, second = np.triu_indices(len(block), k=1)
        self.add(block[first], block[second])

    def add_crowd(self, block: Ints) -> None:
        self.crowd.update(block.tolist())
        ranked = block[np.argsort(self.order[block], kind="stable")]
        for step in range(1, WINDOW + 1):
            self.add(ranked[:-step], ranked[step:])
        sharing: defaultdict[str, list[int]] = defaultdict(list)
        for rank in block.tolist():
            for word in self.words[rank]:
                sharing[word].append(rank)
        for members in sharing.values():
            if len(members) <= RARE:
                self.add_block(members)


def candidates(sheets: Sheets) -> Candidates:
    """Pairs with the same identifier, within 250 m, at the same number or address of one commune, or with a
    rare word in common in one commune where one of the two has no precise position.
    """
    gathered = _Gathered(len(sheets), _name_order(sheets), [_telling(name) for name in sheets.names])
    for values in sheets.identifiers.values():
        for block in _blocks(values):
            gathered.add_block(block)
    _near(sheets, gathered)
    for block in _blocks(_address_keys(sheets)):
        gathered.add_block(block)
    _rare_words(sheets, gathered)
    keys = np.unique(np.concatenate([np.empty(0, dtype=np.int64), *gathered.keys]))
    size = max(1, len(sheets))
    return Candidates(keys // size, keys % size, len(gathered.crowd))


def _name_order(sheets: Sheets) -> Ints:
    """Rank of each in the order of its words sorted: «CMP Nord» stands beside «Nord, CMP»."""
    keys = [(sorted(name.own) or sorted(name.words), rank) for rank, name in enumerate(sheets.names)]
    order = np.empty(len(keys), dtype=np.int64)
    order[sorted(range(len(keys)), key=keys.__getitem__)] = np.arange(len(keys))
    return order


def _blocks(values: Iterable[Hashable]) -> Iterator[list[int]]:
    found: defaultdict[Hashable, list[int]] = defaultdict(list)
    for rank, value in enumerate(values):
        if value:
            found[value].append(rank)
    return (block for block in found.values() if len(block) > 1)


def _address_keys(sheets: Sheets) -> list[Hashable]:
    """Commune and house number, else commune and street."""
    return [
        (commune, address.first or address.street) if commune and (address.first or address.street) else None
        for commune, address in zip(sheets.commune, sheets.addresses, strict=True)
    ]


def _near(sheets: Sheets, gathered: _Gathered) -> None:
    placed = np.flatnonzero(sheets.placed)
    if len(placed) < 2:
        return
    tree = cKDTree(sheets.xy[placed])
    neighbours = tree.query_ball_point(sheets.xy[placed], RADIUS_M, return_length=True)
    crowded = neighbours > MAX_BLOCK
    for block in _clusters(sheets.xy[placed[crowded]]):
        gathered.add_crowd(placed[crowded][block])
    if crowded.any() and not crowded.all():
        # Those at the edge of a crowd have few neighbours themselves: they are compared with all of them.
        edge = placed[~crowded]
        pairs = cKDTree(sheets.xy[edge]).query_ball_point(sheets.xy[placed[crowded]], RADIUS_M)
        counts = np.fromiter(map(len, pairs), dtype=np.int64)
        others = np.concatenate([np.empty(0, dtype=np.int64), *(np.array(p, dtype=np.int64) for p in pairs)])
        gathered.add(np.repeat(placed[crowded], counts), edge[others])
    quiet = placed[~crowded]
    if len(quiet) > 1:
        found = cKDTree(sheets.xy[quiet]).query_pairs(RADIUS_M, output_type="ndarray")
        gathered.add(quiet[found[:, 0]], quiet[found[:, 1]])


def _clusters(xy: NDArray[np.float64]) -> Iterator[Ints]:
    """Crowded points by squares of the radius, and by the same squares moved by half of it."""
    for shift in (0.0, RADIUS_M / 2):
        cells = np.floor((xy + shift) / RADIUS_M).astype(np.int64)
        _, member = np.unique(cells, axis=0, return_inverse=True)
        for number in range(int(member.max(initial=-1)) + 1):
            yield np.flatnonzero(member.ravel() == number)


def _rare_words(sheets: Sheets, gathered: _Gathered) -> None:
    """Same commune and a word that few names there have, where a position does not tell."""
    found: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for rank, (commune, words) in enumerate(zip(sheets.commune, gathered.words, strict=True)):
        for word in words if commune else ():
            found[commune, word].append(rank)
    vague = ~(sheets.placed & sheets.exact)
    for members in found.values():
        if len(members) > RARE:
            continue
        block = np.array(members, dtype=np.int64)
        first, second = np.triu_indices(len(block), k=1)
        told = vague[block[first]] | vague[block[second]]
        gathered.add(block[first][told], block[second][told])


def _telling(name: Name) -> set[str]:
    """Its own words cut short, so that an ending does not hide a likeness; the kind of place without them."""
    own = {word[:5] for word in name.own if len(word) > 2}
    return own or set(name.kinds) or {word[:5] for word in name.words if len(word) > 2}
