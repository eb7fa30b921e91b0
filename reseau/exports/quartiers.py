"""Boundaries alone, in the schema the `qpv` source reads back."""

from reseau.exports._features import GeoJsonExport
from reseau.exports._tables import QUARTIERS

EXPORT = GeoJsonExport(
    id="quartiers",
    label="Contours des quartiers (GeoJSON)",
    layers=(("quartier", QUARTIERS),),
)
