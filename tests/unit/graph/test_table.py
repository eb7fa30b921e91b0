"""The tables say what the picture says."""

from __future__ import annotations

from datetime import date

import pandas as pd

from reseau.graph.build import build_graph
from reseau.graph.ego import ego_graph
from reseau.graph.measures import NetworkMeasures
from reseau.graph.table import relations_table, structures_table
from tests.frames import relations, structures
from tests.unit.graph.networks import network, number, random_frames

PLACES = structures({"name": "Zèbre"}, {"name": "<b>Abri</b>"}, {"name": "Cap"})
TIES = relations(
    {"id": 5, "from_id": 1, "to_id": 2, "from_name": "Zèbre", "to_name": "<b>Abri</b>", "intensity": 5,
     "purpose": "convention", "direction": "aller", "status": "en_sommeil", "confirmed": True,
     "renewal_on": date(2027, 1, 31), "referent_from": "Une personne"},
    {"id": 6, "from_id": 2, "to_id": 3, "from_name": "<b>Abri</b>", "to_name": "Cap", "confirmed": None},
    {"id": 7, "from_id": 2, "to_id": 3, "from_name": "<b>Abri</b>", "to_name": "Cap", "status": "termine"},
)  # fmt: skip


def test_one_row_per_relation_drawn_in_plain_words():
    table = relations_table(build_graph(PLACES, TIES), TIES)
    assert table.index.tolist() == [6, 5], "sorted by name; the ended one is not drawn, so not listed"
    row = table.loc[5]
    assert row["De"] == "Zèbre"
    assert row["Vers"] == "<b>Abri</b>", "text as it was given"
    assert row["Sens"] == "vers"
    assert row["Intensité"] == "5 – convention"
    assert row["État"] == "en sommeil"
    assert row["Confirmée par l'autre"] == "oui"
    assert row["À renouveler le"] == date(2027, 1, 31)
    assert pd.isna(table.loc[6, "Confirmée par l'autre"]), "unknown is not «non»"


def test_people_are_only_named_when_asked():
    graph = build_graph(PLACES, TIES)
    assert "Une personne" not in relations_table(graph, TIES).to_csv()
    assert relations_table(graph, TIES, people=True).loc[5, "Référent de ce côté"] == "Une personne"


def test_table_of_an_ego_view_holds_its_ties_only():
    graph = build_graph(PLACES, TIES)
    assert relations_table(ego_graph(graph, 1), TIES).index.tolist() == [5]


def test_every_edge_is_in_the_table_and_nothing_else():
    places, made = random_frames(40, seed=1)
    graph = build_graph(places, made)
    listed = made.loc[relations_table(graph, made).index, ["from_id", "to_id"]]
    pairs = {tuple(sorted(pair)) for pair in listed.itertuples(index=False, name=None)}
    assert pairs == {tuple(sorted(edge)) for edge in graph.edges}


def test_empty_network_keeps_its_headings():
    table = relations_table(build_graph(PLACES, relations()), relations())
    assert table.empty
    assert "Intensité" in table.columns


def test_structures_table():
    kinds = "A:sante B:habitat"
    table = structures_table(NetworkMeasures(network("AB BC BD~ BE?", pivot="A", families=kinds)))
    assert table.index[0] == number("B"), "most tied first"
    row = table.loc[number("B")]
    assert row["Famille"] == "Habitat et hébergement"
    assert (row["Liens"], row["dont en sommeil"], row["Contacts à prendre ou en cours"]) == (3, 1, 1)
    assert row["Rôle de pont (%)"] == 50.0, "3 of the 6 pairs of others: A–C, A–D, C–D"
    assert row["Reliées par elle seule"] == "C, D"
    assert pd.isna(table.loc[number("E"), "Distance à votre structure"])
