"""The walking network of a territory, built once and kept in memory until another one is loaded."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from reseau.errors import RefusedInput
from reseau.geo.network import Building, WalkNetwork, build_network
from reseau.geo.network_travel import NetworkTravel
from reseau.geo.travel import StraightLine
from reseau.services.app import App
from reseau.store import networks


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptNetwork:
    """A network as it was read and built.

    Attributes:
        epsg: metric CRS it was built in.
        built: None when what is kept cannot be read; `problem` then says so, in French.
    """

    head: networks.NetworkHead
    epsg: int
    built: tuple[WalkNetwork, Building] | None
    problem: str = ""

    def travel(self, detour_factor: float) -> NetworkTravel | None:
        """Lengths walked on it; the factor is for what it cannot measure."""
        if self.built is None:
            return None
        return NetworkTravel(
            network=self.built[0], estimate=StraightLine(detour_factor), data_date=self.head.data_date
        )


def kept_network(app: App, territoire_id: int, epsg: int) -> KeptNetwork | None:
    """The network kept with a territory, None when it has none. A damaged one does not stop anything."""
    with app.store.read() as connection:
        head = networks.network_head(connection, territoire_id)
        known = app.networks.get(territoire_id)
        if head is None or (known is not None and (known.head, known.epsg) == (head, epsg)):
            return known if head else None
        try:
            streets = networks.get_streets(connection, territoire_id)
        except RefusedInput as error:
            found = KeptNetwork(head=head, epsg=epsg, built=None, problem=str(error))
        else:
            if streets is None:
                return None
            built = build_network(streets.lonlat, streets.edges.astype(np.intp), epsg=epsg)
            found = KeptNetwork(head=head, epsg=epsg, built=built)
    app.networks[territoire_id] = found
    return found
