"""What the demonstration territory must show: its quartiers, its network, the five states."""

from __future__ import annotations

from collections import Counter

import networkx as nx
import pytest
import shapely

from tests.demo_files import (
    PIVOT,
    TO_METRES,
    establishments,
    finess_lines,
    known_structures,
    quartiers,
    several,
    shape_of,
    table,
    type_code,
    typology,
)

# --- quartiers -------------------------------------------------------------------------------------------


def test_six_qpv_and_a_wider_quartier_vecu():
    kinds = Counter(f["properties"]["genre"] for f in quartiers().values())
    assert kinds == {"qpv": 6, "vecu": 1}
    vecu, covered = shape_of("QV-gare-deux-rives"), shape_of("QN99103M")
    assert vecu.area > 2 * covered.area
    assert shapely.intersection(vecu, covered).area > 0.8 * covered.area


def test_quartiers_across_communes_in_parts_and_with_a_hole():
    properties = [f["properties"] for f in quartiers().values()]
    assert [p["lib_qp"] for p in properties if "," in p["insee_com"]] == ["Les Tilleuls"]
    assert all(p["insee_com"].count(",") == p["lib_com"].count(",") for p in properties)
    parts = [code for code in quartiers() if shapely.get_num_geometries(shape_of(code)) > 1]
    holed = [
        code
        for code in quartiers()
        if any(shapely.get_num_interior_rings(p) for p in shapely.get_parts(shape_of(code)))
    ]
    assert (parts, holed) == (["QN99103M"], ["QN99104M"])


def test_boundaries_are_valid_and_plausible():
    qpv = [code for code in quartiers() if code.startswith("QN")]
    assert all(shape_of(code).is_valid for code in quartiers())
    assert all(0.15e6 <= shape_of(code).area <= 0.9e6 for code in qpv)
    assert all(15 <= shapely.get_num_coordinates(shape_of(code)) <= 60 for code in quartiers())
    for one in qpv:
        assert not any(shape_of(one).intersects(shape_of(other)) for other in qpv if other != one)


def test_one_population_is_unknown_and_the_others_said_invented():
    for feature in quartiers().values():
        known = feature["properties"]["pop"] is not None
        assert feature["properties"]["pop_source"] == (
            "chiffre inventé pour la démonstration" if known else ""
        )
    assert [c for c, f in quartiers().items() if f["properties"]["pop"] is None] == ["QN99105M"]


# --- what the network and the table must show --------------------------------------------------------------


def network() -> nx.Graph:
    graph = nx.Graph()
    graph.add_nodes_from(known_structures())
    graph.add_edges_from((r["de"], r["vers"]) for r in table("relations"))
    return graph


def test_two_separate_networks_a_bridge_and_isolates():
    graph = network()
    parts = [part for part in nx.connected_components(graph) if PIVOT not in part]
    assert len([part for part in parts if len(part) > 1]) == 2
    assert len([part for part in parts if len(part) == 1]) >= 5
    assert "evs-passerelle" in set(nx.articulation_points(graph))
    graph.remove_node("evs-passerelle")
    assert not nx.has_path(graph, PIVOT, "mairie-saint-loubin")


def points_of(code: str) -> list[tuple[str, tuple[float, float] | None, str, list[str]]]:
    """(who, position in metres, commune, quartiers it comes to) of each open point of a type."""
    positions: dict[str, tuple[float, float]] = {}
    found = []
    for row in table("partenaires"):
        if row["latitude"] and not row["précision de la position"].startswith("au centre"):
            positions[row["identifiant"]] = TO_METRES.transform(
                float(row["longitude"]), float(row["latitude"])
            )
        if row["fermée"] != "oui" and code in map(type_code, several(row["type"])):
            at_home = not row["modes d'accueil"] or "sur place" in row["modes d'accueil"]
            position = positions.get(row["identifiant"]) if at_home else None
            served = several(row["quartiers desservis"])
            found.append((row["identifiant"], position, row["code insee"], served))
    for line in finess_lines():
        if line[0] == "geolocalisation":
            positions[f"finess--{line[1]}"] = (float(line[2]), float(line[3]))
    for e in establishments():
        if e[18] in typology()[code]["finess"].split():
            found.append((f"finess--{e[1]}", positions.get(f"finess--{e[1]}"), f"99{e[12]}", []))
    for row in table("permanences"):
        if type_code(row["type"]) == code and row["accueillie par"] and not row["jusqu'au"]:
            found.append((row["structure"], positions[row["accueillie par"]], "99101", []))
    return found


def state(quartier: str, code: str) -> str:
    """State by the plain definition: straight line × 1.3 at 4.5 km/h, half of the surface reached."""
    points = points_of(code)
    if not points:
        return "absent" if typology()[code]["finess"] else "non_renseigne"
    area = shape_of(quartier)
    minutes = {"proximite": 15, "intermediaire": 30, "territoire": 0}[typology()[code]["gamme"]]
    reach = minutes / 60 * 4500 / 1.3
    covered, near = shapely.Polygon(), []
    for who, position, commune, served in points:
        anywhere = quartier in served or (not minutes and commune in {"99101", "99102", "99103"})
        disc = area if anywhere else shapely.Polygon()
        if position and not anywhere:
            disc = shapely.intersection(shapely.Point(position).buffer(reach), area)
        if disc.area:
            near.append(who)
            covered = shapely.union(covered, disc)
    if covered.area < 0.5 * area.area:
        return "eloigne"
    ends = [{r["de"], r["vers"]} for r in table("relations") if r["statut"] == "active"]
    return "couvert" if any(w == PIVOT or {w, PIVOT} in ends for w in near) else "a_relier"


@pytest.mark.parametrize(
    ("quartier", "code", "expected"),
    [
        ("QN99103M", "centre-social", "couvert"),
        ("QN99103M", "msp", "couvert"),
        ("QN99106M", "centre-social", "couvert"),
        ("QN99102M", "cmp", "couvert"),  # by the permanence only
        ("QN99101M", "caf", "a_relier"),
        ("QN99102M", "medecin", "a_relier"),
        ("QN99101M", "france-services", "a_relier"),  # the bus comes there
        ("QN99101M", "cmp", "eloigne"),
        ("QN99101M", "medecin", "eloigne"),  # the only practice has closed
        ("QN99101M", "csapa", "eloigne"),  # the permanence has ended
        ("QN99106M", "cegidd", "eloigne"),  # known, but in another commune
        ("QN99103M", "caarud", "absent"),
        ("QN99103M", "cjc", "non_renseigne"),
        ("QN99104M", "mda-ado", "non_renseigne"),
    ],
)
def test_the_stories_the_demonstration_tells(quartier, code, expected):
    assert state(quartier, code) == expected


@pytest.mark.parametrize("quartier", ["QN99101M", "QN99102M", "QN99103M", "QN99104M", "QN99105M", "QN99106M"])
def test_the_five_states_show_in_every_quartier(quartier):
    """A table of one colour teaches nothing: no state takes more than two thirds of a column."""
    states = Counter(state(quartier, code) for code, row in typology().items() if row["attendu"] == "oui")
    assert set(states) == {"couvert", "a_relier", "eloigne", "absent", "non_renseigne"}
    assert max(states.values()) <= 2 / 3 * sum(states.values())
