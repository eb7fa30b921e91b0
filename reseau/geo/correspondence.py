"""Quartiers of 2015 and of 2024: which area went where. By area only: codes and names were given anew."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from reseau.model.communes import commune_of

COLUMNS = ("old_code", "new_code", "area_m2", "share_of_old", "share_of_new")
# Published boundaries are rounded to some ten metres: two neighbours overlap along their common side. What is
# less than this share of both is such a sliver.
SLIVER_SHARE = 0.03
FORMER, PRESENT = 2015, 2024


def by_area(
    old: gpd.GeoDataFrame, new: gpd.GeoDataFrame, *, epsg: int, sliver_share: float = SLIVER_SHARE
) -> pd.DataFrame:
    """What each quartier of one generation shares with those of another, by area.

    Args:
        old, new: frames with `code` and polygons, any declared CRS.
        epsg: metric system in which areas are measured.
        sliver_share: a common part that is less than this share (0–1) of both is left out.

    Returns:
        Frame `COLUMNS`: one row per pair that overlaps; `area_m2` of the common part, `share_of_old` and
        `share_of_new` (0–1) of the areas of the two. Sorted by new code, then largest common part first.
        `attrs["slivers"]`: how many common parts were left out.
    """
    before = old.geometry.to_crs(epsg=epsg).to_numpy()
    after = new.geometry.to_crs(epsg=epsg).to_numpy()
    places_new, places_old = shapely.STRtree(before).query(after, predicate="intersects")
    area = shapely.area(shapely.intersection(before[places_old], after[places_new]))
    frame = pd.DataFrame(
        {
            "old_code": old["code"].to_numpy(dtype=object)[places_old],
            "new_code": new["code"].to_numpy(dtype=object)[places_new],
            "area_m2": area,
            "share_of_old": _share(area, shapely.area(before)[places_old]),
            "share_of_new": _share(area, shapely.area(after)[places_new]),
        },
        columns=list(COLUMNS),
    )
    overlaps = frame["area_m2"] > 0
    large = frame[["share_of_old", "share_of_new"]].max(axis=1) >= sliver_share
    kept = frame[overlaps & large].sort_values(
        ["new_code", "area_m2", "old_code"], ascending=[True, False, True], ignore_index=True
    )
    kept.attrs["slivers"] = int((overlaps & ~large).sum())
    return kept


def is_former(quartiers: pd.DataFrame) -> pd.Series[bool]:
    """Whether each quartier is of a generation that another one, loaded for the same commune, replaced.

    A QPV of 2015 is former where one of its communes has a QPV of 2024 in the frame. Overseas the list of
    2024 came a year later: where only 2015 is loaded, it is the one to work with.

    Args:
        quartiers: QUARTIERS frame (`generation`, `communes`).
    """
    replaced = {
        commune_of(code)
        for codes in quartiers.loc[quartiers["generation"].eq(PRESENT), "communes"]
        for code in codes
    }
    shared = [not replaced.isdisjoint(map(commune_of, codes)) for codes in quartiers["communes"]]
    return quartiers["generation"].eq(FORMER) & pd.Series(shared, index=quartiers.index, dtype=bool)


def carried(pairs: pd.DataFrame, populations: pd.Series[float]) -> pd.DataFrame:
    """Population of former quartiers laid on the new ones, in proportion of area.

    It supposes that people live evenly over each former quartier, which is rarely true: an estimate.

    Args:
        pairs: as `by_area` gives.
        populations: inhabitants by former code; NaN when unknown or secret.

    Returns:
        Frame indexed by new code: `population` (NaN as soon as one former part is unknown), `covered` (share
        of its area, 0–1, that former quartiers cover), `old_codes` (tuple, largest part first).
    """
    known = pairs["old_code"].map(populations).to_numpy(dtype=float)
    parts = pairs.assign(people=known * pairs["share_of_old"].to_numpy(dtype=float))
    grouped = parts.groupby("new_code", sort=True)
    return pd.DataFrame(
        {
            "population": grouped["people"].apply(lambda people: float(np.sum(people.to_numpy()))),
            "covered": grouped["share_of_new"].sum().clip(upper=1.0),
            "old_codes": grouped["old_code"].apply(tuple),
        }
    )


def _share(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    return np.asarray(np.divide(part, whole, out=np.zeros_like(part), where=whole > 0))
