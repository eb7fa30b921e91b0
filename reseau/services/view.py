"""What a territory looks like now: every frame, computed once per change of its data."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

import pandas as pd

from reseau.gaps import Analysis, Claim, Direction, GapInputs, all_measures, analyse
from reseau.gaps.expected import expected_couples
from reseau.geo.assign import locate
from reseau.geo.correspondence import is_former
from reseau.geo.crs import metric_epsg
from reseau.geo.inhabitants import Inhabitants
from reseau.geo.points import service_points
from reseau.geo.travel import StraightLine, Travel
from reseau.graph.build import build_graph
from reseau.model.records import Territoire, TypeSetting, VerifiedAbsence
from reseau.model.reports import ImportReport
from reseau.model.typology import Typology, normalise
from reseau.services._kept_network import kept_network
from reseau.services._kept_reach import KeptReach
from reseau.services.app import App
from reseau.services.expectations import label_in_use
from reseau.services.importing import list_sources
from reseau.services.territoires import effective_types
from reseau.store import frames, territoires
from reseau.store import imports as imports_repository
from reseau.store.context_frames import context_frame, context_stamp

if TYPE_CHECKING:
    import geopandas as gpd

    from reseau.graph.build import Network
    from reseau.graph.layout import Layout

NEAR_METRES = 500.0
TYPE_COLUMNS = ("type_code", "gamme", "expected", "weight", "from_inhabitants")


@dataclass(kw_only=True)
class View:
    """Frames of one territory at one version of its data (columns: `reseau.model.columns`).

    Read-only by convention: work on copies.

    Attributes:
        quartiers: those to work with; `former_quartiers`: QPV of 2015 that QPV of 2024 replaced, kept aside.
        version: data version these frames were read at.
        reference: what is expected, as figures say it: «référence v3 du 12 novembre 2026».
        on: day for which permanences and gaps are computed.
        layout: positions of the network's picture, filled by `reseau.services.network`.
        read_layer: reads what surrounds the partners by kind (`iris`, `carreaux`, `communes`, `reperes`).
        stamp_layer: short text that changes when what `read_layer` reads does.
        keeping: what outlives an edit; its `reach` is the cache to give to `analyse`, for a scenario too.
        network: the walking network kept with the territory, in the metric system `epsg`; None without one.
        kept: see `memo`.
    """

    territoire_id: int
    version: int
    on: date
    territoire: Territoire
    typology: Typology
    type_settings: tuple[TypeSetting, ...]
    reference: str
    structures: gpd.GeoDataFrame
    quartiers: gpd.GeoDataFrame
    former_quartiers: gpd.GeoDataFrame
    relations: pd.DataFrame
    permanences: gpd.GeoDataFrame
    actions: pd.DataFrame
    contacts: pd.DataFrame
    journal: pd.DataFrame
    needs: pd.DataFrame
    absences: tuple[VerifiedAbsence, ...]
    imports: tuple[ImportReport, ...]
    read_layer: Callable[[str], gpd.GeoDataFrame]
    stamp_layer: Callable[[str], str]
    keeping: KeptReach = field(default_factory=KeptReach)
    network: Travel | None = None
    layout: Layout | None = None
    kept: dict[str, Any] = field(default_factory=dict)

    def memo(self, name: str, make: Callable[[], Any]) -> Any:
        """What a service computes from these frames, once: it goes when the data change."""
        if name not in self.kept:
            self.kept[name] = make()
        return self.kept[name]

    @cached_property
    def types(self) -> pd.DataFrame:
        """One row per type: `type_code`, `gamme`, `expected`, `weight`, `from_inhabitants`."""
        return pd.DataFrame(
            [[getattr(item, name) for name in TYPE_COLUMNS] for item in self.type_settings],
            columns=list(TYPE_COLUMNS),
        )

    @cached_property
    def expected_types(self) -> list[str]:
        """Codes of the types the territory expects, in the order of the typology."""
        return [item.type_code for item in self.type_settings if item.expected]

    @cached_property
    def epsg(self) -> int:
        """Metric coordinate system distances are measured in."""
        lon = lat = None
        if len(self.quartiers):
            west, south, east, north = self.quartiers.total_bounds
            lon, lat = (west + east) / 2, (south + north) / 2
        return metric_epsg(self.territoire.communes, lon=lon, lat=lat)

    @cached_property
    def points(self) -> gpd.GeoDataFrame:
        """Service points on `on` (columns `POINTS`)."""
        structures = self.structures.assign(insee=self.insee)
        return service_points(structures, self.hosted_permanences, on=self.on)

    @cached_property
    def commune_codes(self) -> dict[str, str]:
        """Name of a commune (`normalise`) → its INSEE code, as the quartiers or structures here say it.

        A name that two communes share is not there.
        """
        codes: dict[str, set[str]] = {}
        pairs = [
            *zip(self.structures["commune"], self.structures["insee"], strict=True),
            *(
                pair
                for names, known in zip(
                    self.quartiers["commune_names"], self.quartiers["communes"], strict=True
                )
                if len(names) == len(known)
                for pair in zip(names, known, strict=True)
            ),
        ]
        for name, code in pairs:
            if name and code:
                codes.setdefault(normalise(name), set()).add(code)
        return {name: next(iter(found)) for name, found in codes.items() if len(found) == 1}

    @cached_property
    def insee(self) -> pd.Series[Any]:
        """INSEE code of each structure; where a file gave a commune's name only, see `commune_codes`."""
        filled = [
            code or self.commune_codes.get(normalise(name), "")
            for code, name in zip(self.structures["insee"], self.structures["commune"], strict=True)
        ]
        return pd.Series(filled, index=self.structures.index, dtype=object)

    @cached_property
    def hosted_permanences(self) -> gpd.GeoDataFrame:
        """Permanences with the commune of their host as `insee` understands it."""
        hosts = self.permanences["host_id"].map(self.insee)
        return self.permanences.assign(insee=hosts.where(hosts.notna(), self.permanences["insee"]))

    @cached_property
    def gap_inputs(self) -> GapInputs:
        """What the states are computed from."""
        return GapInputs(
            quartiers=self.quartiers,
            points=self.points,
            relations=self.relations,
            pivot_ids=frozenset(self.structures.index[self.structures["is_pivot"]]),
            types=self.types,
            settings=self.territoire,
            claims=self.claims,
            absences=self.absences,
            structures=self.structures,
            permanences=self.permanences,
            population=self.inhabitants.points,
            people=self.inhabitants.quartiers,
            travel=self.travel,
            on=self.on,
        )

    @cached_property
    def inhabitants(self) -> Inhabitants:
        """Where the inhabitants of the quartiers are, from the best source loaded."""
        return self.keeping.inhabitants(
            self.quartiers, epsg=self.epsg, read_layer=self.read_layer, stamp_layer=self.stamp_layer
        )

    @cached_property
    def people(self) -> pd.DataFrame:
        """Quartiers with the number of inhabitants that figures use, and `estimated`, `spread`."""
        figures = self.inhabitants.quartiers
        return pd.DataFrame(self.quartiers.drop(columns=figures.columns, errors="ignore")).join(figures)

    @cached_property
    def travel(self) -> Travel:
        """How walks are measured: on the network kept with the territory, else in a straight line."""
        if self.network is not None and self.territoire.use_network:
            return self.network
        return StraightLine(self.territoire.detour_factor)

    @cached_property
    def analysis(self) -> Analysis:
        """One computation of the states, shared by all measures."""
        return analyse(self.gap_inputs, self.keeping.reach)

    @cached_property
    def gaps(self) -> pd.DataFrame:
        """State of every (quartier, type), expected or not (columns `GAPS`)."""
        return self.analysis.states

    @cached_property
    def fine_holes(self) -> dict[str, pd.Series[Any]]:
        """Finer measures by id: «oui», «non», «inconnu» per (quartier_id, type_code); None: not near."""
        return {
            key: measure.compute(self.analysis)
            for key, measure in all_measures().items()
            if measure.direction is Direction.CATEGORY and key != "etat"
        }

    @cached_property
    def expected_gaps(self) -> pd.DataFrame:
        """The same for what is expected: types the territory expects of quartiers of that size."""
        return self.gaps[self.expected_here]

    @cached_property
    def expected_here(self) -> pd.Series[bool]:
        """Whether each row of `gaps` is expected (see `reseau.gaps.expected`)."""
        people = self.inhabitants.quartiers["population"].astype(float)
        return pd.Series(expected_couples(self.gaps, self.types, people), index=self.gaps.index)

    @cached_property
    def located(self) -> pd.DataFrame:
        """Structures in or within 500 m of each quartier: structure_id, quartier_id, inside, metres."""
        return locate(self.structures, self.quartiers, crs=f"EPSG:{self.epsg}", near_m=NEAR_METRES)

    @cached_property
    def graph(self) -> Network:
        """Network of relations that are not ended."""
        return build_graph(self.structures, self.relations)

    @cached_property
    def claims(self) -> tuple[Claim, ...]:
        """Types that loaded sources claim to list completely, and where."""
        titles = {spec.id: spec.title for spec in list_sources()}
        return tuple(
            Claim(
                type_code=code,
                communes=frozenset(report.scope_communes),
                source=titles.get(report.source, report.source)
                + ("" if report.data_date else f" ({report.dated})"),
                data_date=date.fromisoformat(report.data_date) if report.data_date else None,
            )
            for report in reversed(self.imports)
            if not report.undone_on
            for code in report.claims
        )

    @cached_property
    def pivot_id(self) -> int | None:
        """Structure id of the team's own structure, None until it is chosen."""
        pivots = self.structures.index[self.structures["is_pivot"]]
        return int(pivots[0]) if len(pivots) else None


def open_view(app: App, territoire_id: int) -> View:
    """The view of a territory, from memory when nothing changed since (nor the day).

    Raises:
        NotFound: no such territory.
    """
    today = date.today()
    with app.store.read() as connection:
        version = territoires.data_version(connection, territoire_id)
    with app.lock:
        known = app.views.get(territoire_id)
        if known is not None and (known.version, known.on) == (version, today):
            return known
        view = _read(app, territoire_id, today)
        view.network = _network(app, view)
        app.views[territoire_id] = view
        return view


def _read(app: App, territoire_id: int, today: date) -> View:
    with app.store.read() as connection:
        version = territoires.data_version(connection, territoire_id)
        record = territoires.get_territoire(connection, territoire_id)
        structures = frames.structures_frame(
            connection, territoire_id, typology=app.typology, pivot_uid=record.pivot_uid
        )
        quartiers = frames.quartiers_frame(connection, territoire_id)
        former = is_former(quartiers)
        present = set(quartiers.loc[~former, "code"])
        return View(
            territoire_id=territoire_id,
            version=version,
            on=today,
            territoire=record,
            typology=app.typology,
            type_settings=tuple(effective_types(app, territoire_id)),
            reference=label_in_use(connection, territoire_id),
            structures=structures,
            quartiers=quartiers[~former],
            former_quartiers=quartiers[former],
            relations=frames.relations_frame(connection, territoire_id, structures),
            permanences=frames.permanences_frame(connection, territoire_id, structures),
            actions=frames.actions_frame(connection, territoire_id, structures),
            contacts=frames.people_frame(connection, "contacts", territoire_id, structures),
            journal=frames.people_frame(connection, "journal", territoire_id, structures),
            needs=frames.needs_frame(connection, territoire_id, quartiers),
            absences=tuple(
                item
                for item in territoires.list_absences(connection, territoire_id)
                if item.quartier_code in present
            ),
            imports=tuple(imports_repository.list_imports(connection, territoire_id)),
            read_layer=partial(_layer, app, territoire_id),
            stamp_layer=partial(_stamp, app, territoire_id),
            keeping=app.reaches.setdefault(territoire_id, KeptReach()),
        )


def _network(app: App, view: View) -> Travel | None:
    kept = kept_network(app, view.territoire_id, view.epsg)
    return kept.travel(view.territoire.detour_factor) if kept else None


def _layer(app: App, territoire_id: int, kind: str) -> gpd.GeoDataFrame:
    with app.store.read() as connection:
        return context_frame(connection, kind, territoire_id)


def _stamp(app: App, territoire_id: int, kind: str) -> str:
    with app.store.read() as connection:
        return context_stamp(connection, kind, territoire_id)
