"""Structures, quartiers and permanences as one GeoJSON file."""

from reseau.exports._features import GeoJsonExport
from reseau.exports._tables import PARTENAIRES, PERMANENCES, QUARTIERS

EXPORT = GeoJsonExport(
    id="geojson",
    label="Carte : structures, quartiers et permanences (GeoJSON)",
    layers=(("structure", PARTENAIRES), ("quartier", QUARTIERS), ("permanence", PERMANENCES)),
)
