"""Places of OpenStreetMap alone, with their licence in the file: they are never mixed with the directory."""

from reseau.exports._features import GeoJsonExport
from reseau.exports._tables import REPERES
from reseau.model.context import OSM_ATTRIBUTION

EXPORT = GeoJsonExport(
    id="reperes",
    label="Repères d'OpenStreetMap (GeoJSON)",
    layers=(("repere", REPERES),),
    licence=f"{OSM_ATTRIBUTION} 1.0",
)
