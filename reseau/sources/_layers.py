"""Open the layers of a file of boundaries: GeoJSON, GeoPackage or a ZIP of these and of shapefiles.

What a file is is read in its first bytes, never in its name: a driver of GDAL is only given what it is for,
so that no file can make another driver read elsewhere on the disk or on the network.
"""

from __future__ import annotations

import io
import json
import math
import re
import tempfile
import warnings
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PureWindowsPath
from typing import Any

import numpy as np
import shapely
from pyproj import CRS
from pyproj.exceptions import CRSError

from reseau.errors import RefusedInput
from reseau.sources import _files
from reseau.sources._geopackage import require_plain_tables
from reseau.sources._json_stream import members
from reseau.sources._text import clean_cell

# Characters of a GeoJSON that is read at once: the messages about what is wrong in it are better so.
MAX_WHOLE = 20_000_000
_SQLITE = b"SQLite format 3\x00"
_GEOPACKAGE_IDS = (b"GPKG", b"GP10", b"GP11")
_SHAPEFILE = b"\x00\x00\x27\x0a"
_SHAPEFILE_PARTS = (".shp", ".shx", ".dbf", ".prj")
_LEAD_AND_TAIL = re.compile(rb"[\xc2-\xf4][\x80-\xbf]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """One table of boundaries.

    Attributes:
        crs: coordinate system declared, None when the file does not say.
        columns: attribute names, in order.
        rows: attributes as text (empty where missing), one mapping per feature.
        geometries: object array, None where a geometry is missing or unreadable.
        title: how the file itself calls the layer; the file may have been renamed since.
    """

    name: str
    crs: CRS | None
    columns: tuple[str, ...]
    rows: tuple[Mapping[str, str], ...]
    geometries: np.ndarray
    title: str = ""


def read_layers(path: Path) -> list[Layer]:
    """Every layer of a file, whatever its format.

    Raises:
        RefusedInput: not a file of boundaries, or one that cannot be opened.
    """
    _files.require_file(path)
    with path.open("rb") as file:
        head = file.read(128)
    if zipfile.is_zipfile(path):
        return _read_archive(path)
    if head.startswith(_SQLITE):
        return _read_geopackage(path, head, path.name)
    if head.startswith(_SHAPEFILE):
        raise RefusedInput(
            f"« {path.name} » est une partie d'un shapefile : mettez ses fichiers (.shp, .shx, .dbf, .prj) "
            "dans une archive ZIP et importez l'archive."
        )
    text, _ = _files.decode(_files.read_bytes(path), path.name)
    return [read_geojson(text, path.name)]


def read_geojson(text: str, name: str) -> Layer:
    """The layer of a GeoJSON text.

    Raises:
        RefusedInput: not JSON, or not a collection of features.
    """
    if not text.lstrip().startswith("{"):
        raise RefusedInput(
            f"« {name} » n'est pas un fichier de contours : il faut un GeoJSON, un GeoPackage (.gpkg) "
            "ou une archive ZIP de shapefile."
        )
    if len(text) > MAX_WHOLE:
        return _read_large(text, name)
    try:
        document = json.loads(text)
    except json.JSONDecodeError as error:
        raise RefusedInput(
            f"Le GeoJSON « {name} » est abîmé ou coupé (ligne {error.lineno}, colonne {error.colno}) : "
            "téléchargez-le de nouveau."
        ) from error
    except RecursionError as error:
        raise RefusedInput(
            f"Le GeoJSON « {name} » est trop imbriqué pour être lu : téléchargez-le de nouveau."
        ) from error
    except ValueError as error:
        # Python refuses whole numbers of thousands of digits.
        raise RefusedInput(f"Le GeoJSON « {name} » contient un nombre démesuré : corrigez-le.") from error
    features = document.get("features") if document.get("type") == "FeatureCollection" else None
    if not isinstance(features, list) or not features:
        raise _no_collection(name)
    layer = _layer_of(list(map(_feature, features)), _geojson_crs(document.get("crs")), name)
    return replace(layer, title=as_text(document.get("name")))


def _read_large(text: str, name: str) -> Layer:
    """One feature at a time: a document of numbers takes twenty times its size once it is read whole."""
    about: dict[str, Any] = {}
    read: list[tuple[dict[str, str], Any]] = []
    try:
        for key, value in members(io.BytesIO(text.encode("utf-8", "replace")), "features"):
            if key == "features":
                read.append(_feature(value))
            else:
                about[key] = value
    except (RecursionError, ValueError) as error:
        raise RefusedInput(
            f"Le GeoJSON « {name} » est abîmé, coupé ou démesuré après le contour n° {len(read)} : "
            "téléchargez-le de nouveau."
        ) from error
    if not read or about.get("type") != "FeatureCollection":
        raise _no_collection(name)
    layer = _layer_of(read, _geojson_crs(about.get("crs")), name)
    return replace(layer, title=as_text(about.get("name")))


def _no_collection(name: str) -> RefusedInput:
    return RefusedInput(
        f"« {name} » est un fichier JSON sans contours (« FeatureCollection » absente ou vide) : "
        "choisissez le GeoJSON des contours."
    )


def _feature(item: Any) -> tuple[dict[str, str], Any]:
    """Attributes and geometry of a feature, none of them where it is no feature."""
    feature = item if isinstance(item, dict) else {}
    properties = feature.get("properties")
    row = properties if isinstance(properties, dict) else {}
    cells = {str(column): as_text(value) for column, value in row.items()}
    return cells, geojson_geometry(feature.get("geometry"))


def _layer_of(read: list[tuple[dict[str, str], Any]], crs: CRS | None, name: str) -> Layer:
    rows = tuple(row for row, _ in read)
    columns = tuple(dict.fromkeys(column for row in rows for column in row))
    geometries = np.empty(len(read), dtype=object)
    geometries[:] = [geometry for _, geometry in read]
    return Layer(name=name, crs=crs, columns=columns, rows=rows, geometries=geometries)


def geojson_geometry(geometry: Any) -> Any:
    """Shape of a GeoJSON geometry, None where it is missing or unreadable."""
    if not isinstance(geometry, dict):
        return None
    return shapely.from_geojson(json.dumps(geometry), on_invalid="ignore")


def _geojson_crs(member: Any) -> CRS | None:
    properties = member.get("properties") if isinstance(member, dict) else None
    return _crs(properties.get("name")) if isinstance(properties, dict) else None


def _crs(text: Any) -> CRS | None:
    if not isinstance(text, str) or not text:
        return None
    try:
        return CRS.from_user_input(text)
    except CRSError:
        return None


def _read_geopackage(path: Path, head: bytes, name: str) -> list[Layer]:
    if head[68:72] not in _GEOPACKAGE_IDS:
        raise RefusedInput(
            f"« {name} » est une base de données, mais pas un GeoPackage : prenez celui des contours."
        )
    require_plain_tables(path, name)
    import pyogrio

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            names = [str(layer) for layer, geometry_type in pyogrio.list_layers(path) if geometry_type]
    except pyogrio.errors.DataSourceError as error:
        raise _unreadable(name) from error
    return [_read_with_gdal(path, layer=layer, name=layer, encoding=None, shown=name) for layer in names]


def _read_with_gdal(path: Path, *, layer: str | None, name: str, encoding: str | None, shown: str) -> Layer:
    # A second to load, for the files that are not GeoJSON only.
    import pyogrio

    try:
        # GDAL warns of what is repaired afterwards (direction of rings, for example).
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            info = pyogrio.read_info(path, layer=layer, encoding=encoding)
            frame = pyogrio.read_dataframe(path, layer=layer, encoding=encoding, on_invalid="ignore")
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, ValueError, RuntimeError) as error:
        raise _unreadable(shown) from error
    attributes = frame.drop(columns="geometry", errors="ignore")
    columns = tuple(str(column) for column in attributes.columns)
    rows = tuple(
        dict(zip(columns, map(as_text, values), strict=True))
        for values in attributes.itertuples(index=False, name=None)
    )
    geometries = np.empty(len(rows), dtype=object)
    if "geometry" in frame:
        geometries[:] = [geometry or None for geometry in frame["geometry"]]
    return Layer(name=name, crs=_crs(info["crs"]), columns=columns, rows=rows, geometries=geometries)


def _unreadable(name: str) -> RefusedInput:
    return RefusedInput(f"Le fichier « {name} » est abîmé ou incomplet : téléchargez-le de nouveau.")


def _read_archive(path: Path) -> list[Layer]:
    try:
        layers = _archive_layers(path)
    except RefusedInput as error:
        raise RefusedInput(f"Archive « {path.name} » : {error}") from error
    if not layers:
        raise RefusedInput(
            f"L'archive « {path.name} » ne contient aucun contour (.shp, .gpkg ou .geojson) : "
            "choisissez l'archive des contours."
        )
    return layers


def _archive_layers(path: Path) -> list[Layer]:
    layers: list[Layer] = []
    with _files.open_archive(path) as archive, tempfile.TemporaryDirectory() as folder:
        for number, filename in enumerate(sorted(_files.members_of(archive))):
            inside = PureWindowsPath(filename)
            target = Path(folder) / str(number)
            match inside.suffix.lower():
                case ".geojson" | ".json":
                    if archive.getinfo(filename).file_size > _files.MAX_FILE_BYTES:
                        raise RefusedInput(
                            f"« {inside.name} » est trop gros une fois ouvert : prenez un extrait de votre "
                            "territoire."
                        )
                    text, _ = _files.decode(_files.read_member(archive, filename), inside.name)
                    # Archives often hold a description in JSON beside the boundaries.
                    if inside.suffix.lower() == ".geojson" or '"FeatureCollection"' in text:
                        layers.append(read_geojson(text, inside.name))
                case ".gpkg":
                    target.write_bytes(_files.read_member(archive, filename))
                    layers += _read_geopackage(target, target.open("rb").read(128), inside.name)
                case ".shp":
                    layers.append(_read_shapefile(archive, inside, target))
    return layers


def _read_shapefile(archive: zipfile.ZipFile, shp: PureWindowsPath, target: Path) -> Layer:
    target.mkdir()
    wanted = str(shp.with_suffix("")).lower()
    for filename in archive.namelist():
        part = PureWindowsPath(filename)
        if part.suffix.lower() in _SHAPEFILE_PARTS and str(part.with_suffix("")).lower() == wanted:
            (target / f"layer{part.suffix.lower()}").write_bytes(_files.read_member(archive, filename))
    missing = [suffix for suffix in (".shx", ".dbf") if not (target / f"layer{suffix}").exists()]
    if missing:
        raise RefusedInput(f"Le shapefile « {shp.name} » est incomplet : il manque {' et '.join(missing)}.")
    encoding = guess_dbf_encoding((target / "layer.dbf").read_bytes())
    return _read_with_gdal(target / "layer.shp", layer=None, name=shp.stem, encoding=encoding, shown=shp.name)


def guess_dbf_encoding(table: bytes) -> str:
    """UTF-8 or cp1252, from the bytes of a dBase table: its own declaration is often wrong or absent.

    Fixed-width fields may cut a UTF-8 character in two, so most accents must fit, not all.
    """
    high = sum(byte >= 0x80 for byte in table)
    paired = sum(len(match) for match in _LEAD_AND_TAIL.findall(table))
    return "UTF-8" if paired * 2 > high or not high else "cp1252"


def as_text(value: Any) -> str:
    """An attribute as a person would type it: nothing for a missing value, no `.0` after a whole number.

    Text loses what no database nor screen takes: control characters, marks that reverse the reading.
    """
    if value is None or value != value:  # noqa: PLR0124 -- NaN and NaT differ from themselves
        return ""
    if isinstance(value, float) and math.isfinite(value) and value.is_integer():
        return str(int(value))
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    return clean_cell(str(value))
