"""Which metric coordinate system to measure in, by territory; never Web Mercator (EPSG:3857)."""

from __future__ import annotations

from collections.abc import Iterable

WGS84 = 4326
MAINLAND = 2154

# INSEE prefix → EPSG. Officially the legal systems of each territory (décret 2019-165).
_BY_PREFIX = {
    "971": 5490,
    "972": 5490,
    "973": 2972,
    "974": 2975,
    "975": 4467,
    "976": 4471,
    "977": 5490,
    "978": 5490,
    "986": 8903,
    "987": 3297,
    "988": 3163,
}
# West, south, east, north in degrees → EPSG. Boxes do not overlap.
_BY_BOX = (
    ((-6.5, 40.5, 11.0, 52.0), MAINLAND),
    ((-64.0, 14.0, -60.0, 18.8), 5490),
    ((-55.5, 1.5, -51.0, 6.5), 2972),
    ((54.5, -22.0, 56.5, -20.0), 2975),
    ((44.5, -13.5, 46.0, -12.0), 4471),
    ((-57.5, 46.0, -55.5, 48.0), 4467),
    ((-155.5, -28.5, -134.0, -7.0), 3297),
    ((-179.0, -15.0, -175.5, -12.5), 8903),
    ((156.0, -24.0, 175.0, -14.0), 3163),
)


def epsg_for_commune(insee: str) -> int | None:
    """Metric EPSG code of the territory of a commune, None for a department that does not exist."""
    code = insee.strip().upper()
    if code[:3] in _BY_PREFIX:
        return _BY_PREFIX[code[:3]]
    department = code[:2]
    if department in {"2A", "2B"} or (department.isdecimal() and 1 <= int(department) <= 95):
        return MAINLAND
    return None


def epsg_at(lon: float, lat: float) -> int | None:
    """Metric EPSG code of the French territory around a WGS84 point (degrees), None outside them."""
    for (west, south, east, north), epsg in _BY_BOX:
        if west <= lon <= east and south <= lat <= north:
            return epsg
    return None


def metric_epsg(communes: Iterable[str] = (), *, lon: float | None = None, lat: float | None = None) -> int:
    """EPSG code of the metric system to measure in.

    The first commune whose department exists decides, then the WGS84 position (degrees), then the
    mainland system: a fictional department is measured where it is drawn.
    """
    for insee in communes:
        if epsg := epsg_for_commune(insee):
            return epsg
    if lon is not None and lat is not None:
        return epsg_at(lon, lat) or MAINLAND
    return MAINLAND
