"""What the server prepares for a map, beside plain `folium.Marker`, in the same run.

    python -m benchmarks.map

Size is what travels to the browser; time is what every filter change costs the server. Plain markers are
drawn here with harmless names and without the lock of `reseau.maps.lock`: that is how folium comes.
Figures compare rows of one run; they are not promises.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable

import branca.element
import folium
import jinja2
from streamlit_folium import _get_feature_group_string

from reseau.maps import lock
from reseau.maps.data import MapData, StructureMark
from reseau.maps.frame import Assets, base_map
from reseau.maps.layer import data_layer
from reseau.model.typology import load_typology

VOLUMES = (100, 1_000, 10_000)
SEED = 20261101


def make_marks(number: int) -> tuple[StructureMark, ...]:
    draw = random.Random(SEED)  # noqa: S311 -- places for a benchmark
    types = list(load_typology())
    marks = []
    for rank in range(number):
        kind = draw.choice(types)
        marks.append(
            StructureMark(
                id=rank,
                lon=1.4 + draw.gauss(0, 0.05),
                lat=43.6 + draw.gauss(0, 0.03),
                name=f"{kind.short_label} du quartier numéro {rank}",
                family=kind.family,
                types=(kind.short_label,),
            )
        )
    return tuple(marks)


def ours(marks: tuple[StructureMark, ...]) -> str:
    frame = base_map(None, "", "", assets=Assets())
    frame.get_root().render()
    return str(_get_feature_group_string(data_layer(MapData(structures=marks)), map=frame))


def plain(marks: tuple[StructureMark, ...]) -> str:
    frame = base_map(None, "", "", assets=Assets())
    group = folium.FeatureGroup()
    for mark in marks:
        folium.Marker([mark.lat, mark.lon], tooltip=f"{mark.name} – {mark.types[0]}").add_to(group)
    frame.get_root().render()
    return str(_get_feature_group_string(group, map=frame))


def row(
    name: str, marks: tuple[StructureMark, ...], build: Callable[[tuple[StructureMark, ...]], str]
) -> None:
    start = time.perf_counter()
    text = build(marks)
    spent = time.perf_counter() - start
    print(f"{len(marks):>9}  {name:<24} {spent:8.3f} s {len(text.encode()) / 1024:10.0f} Kio")


def main() -> None:
    print("structures  way                        server        sent")
    for number in VOLUMES:
        marks = make_marks(number)
        row("own layer, base64", marks, ours)
        branca.element.Template = jinja2.Template
        row("folium.Marker", marks, plain)
        lock.close_lock()
        row("folium.Marker, locked", marks, plain)


if __name__ == "__main__":
    main()
