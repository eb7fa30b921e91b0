"""What every export promises."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from reseau.errors import RefusedInput
from reseau.files import replacing

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

    from reseau.model.typology import Typology


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportBundle:
    """Everything an export may write.

    Attributes:
        territory: name of the territory.
        structures, quartiers, relations, permanences, actions, gaps, contacts, journal: frames with the
            columns of `reseau.model.columns` (EPSG:4326); a public bundle has fewer columns and rows.
        contacts, journal, needs: None where they may not leave.
        reperes: places of OpenStreetMap; only the export of that name writes them, None for the others.
        generated_on: day written in the file.
        public: True once `public_view` has filtered it.
        sources: one French line per source (title, publisher, licence, date), and how gaps are measured.
    """

    territory: str
    structures: gpd.GeoDataFrame
    quartiers: gpd.GeoDataFrame
    relations: pd.DataFrame
    permanences: gpd.GeoDataFrame
    actions: pd.DataFrame
    gaps: pd.DataFrame
    contacts: pd.DataFrame | None
    journal: pd.DataFrame | None
    generated_on: date
    public: bool
    sources: tuple[str, ...]
    typology: Typology
    reperes: gpd.GeoDataFrame | None = None
    needs: pd.DataFrame | None = None


@dataclass(frozen=True, kw_only=True)
class Export(ABC):
    """One file format. Instances are stateless and named `EXPORT` in their module.

    Attributes:
        id: name on the command line.
        label: French name shown in menus.
        extension: with the dot.
        mime: media type.
        can_be_public: False where the format holds nothing public.
    """

    id: str
    label: str
    extension: str
    mime: str
    can_be_public: bool = True

    def write(self, bundle: ExportBundle, path: Path) -> int:
        """Write a file, whole or not at all, and return the number of rows (features, nodes and edges).

        Raises:
            RefusedInput: nothing public in this format, or the file cannot be written there.
        """
        if bundle.public and not self.can_be_public:
            raise RefusedInput(
                f"« {self.label} » ne contient que des informations internes à l'équipe : "
                "il n'y a pas de version publique."
            )
        with replacing(path) as temporary:
            return self._write(bundle, temporary)

    @abstractmethod
    def _write(self, bundle: ExportBundle, path: Path) -> int:
        """Write to a fresh file and return the number of rows."""
