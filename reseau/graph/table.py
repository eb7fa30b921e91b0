"""What the picture of the network says, as tables with French headings."""

from __future__ import annotations

import pandas as pd

from reseau.graph.build import Network
from reseau.graph.measures import NetworkMeasures
from reseau.model.typology import FAMILIES
from reseau.model.vocabulary import (
    DIRECTIONS,
    INTENSITIES,
    RELATION_PURPOSES,
    RELATION_STATUS_LABELS,
)

_STATUS_LABELS = {str(status): label for status, label in RELATION_STATUS_LABELS.items()}
_PUBLIC_HEADINGS = {
    "from_name": "De",
    "direction": "Sens",
    "to_name": "Vers",
    "purpose": "Pour quoi",
    "intensity": "Intensité",
    "status": "État",
    "confirmed": "Confirmée par l'autre",
    "started_on": "Depuis le",
    "last_contact_on": "Dernier contact",
    "renewal_on": "À renouveler le",
}
_PEOPLE_HEADINGS = {"referent_from": "Référent de ce côté", "referent_to": "Référent en face"}


def relations_table(graph: Network, relations: pd.DataFrame, *, people: bool = False) -> pd.DataFrame:
    """The relations drawn in `graph`, one row each, none other.

    Args:
        graph: made by `build_graph` (or `ego_graph`) from `relations`.
        relations: `columns.RELATIONS`, index = relation id.
        people: also give the *référents*, who are people: editors only.

    Returns:
        Index = relation id; French headings; sorted by names; unknown cells are None or NaT.
    """
    drawn = sorted({number for _, _, data in graph.edges(data=True) for number in data["relation_ids"]})
    headings = _PUBLIC_HEADINGS | (_PEOPLE_HEADINGS if people else {})
    frame = relations.loc[drawn, list(headings)].copy()
    frame["direction"] = frame["direction"].map(DIRECTIONS)
    frame["purpose"] = frame["purpose"].map(RELATION_PURPOSES)
    frame["status"] = frame["status"].map(_STATUS_LABELS)
    frame["intensity"] = frame["intensity"].map(lambda step: f"{int(step)} – {INTENSITIES[int(step)]}")
    frame["confirmed"] = frame["confirmed"].map(_yes_no)
    frame = frame.rename_axis("id").reset_index().sort_values(["from_name", "to_name", "id"])
    return frame.set_index("id").rename(columns=headings)


def structures_table(measures: NetworkMeasures) -> pd.DataFrame:
    """Per structure: ties, bridge role, distance, what hangs on it. Index = structure id, most tied first.

    «Rôle de pont»: percentage of the pairs of other structures whose shortest way passes through it.
    «Distance» is NA when not connected to the pivot, or when there is no pivot.
    """
    table = measures.table
    names = table["name"]
    frame = pd.DataFrame(
        {
            "Structure": names,
            "Famille": table["family"].map(_family_label),
            "Liens": table["degree"],
            "dont en sommeil": table["n_dormant"],
            "Contacts à prendre ou en cours": table["n_planned"],
            "Rôle de pont (%)": (100 * table["betweenness"]).round(1),
            "Distance à votre structure": table["distance"],
            "Reliées par elle seule": table["cut_off"].map(lambda ids: ", ".join(sorted(names[list(ids)]))),
        }
    )
    frame = frame.rename_axis("id").reset_index()
    return frame.sort_values(["Liens", "Structure", "id"], ascending=[False, True, True]).set_index("id")


def _family_label(code: str) -> str:
    return FAMILIES[code].label if code in FAMILIES else code


def _yes_no(value: object) -> str | None:
    if value is None or pd.isna(value):  # type: ignore[call-overload]
        return None
    return "oui" if value else "non"
