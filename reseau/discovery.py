"""Plug-ins found by looking in a package: one module (or folder) each, loudly."""

from __future__ import annotations

import importlib
import pkgutil
from types import ModuleType
from typing import TypeVar

T = TypeVar("T")


def discover(package_name: str) -> list[ModuleType]:
    """Import every public submodule of a package, sorted by name.

    A module whose name starts with `_` is not a plug-in. An import error is never swallowed.
    """
    package = importlib.import_module(package_name)
    names = sorted(info.name for info in pkgutil.iter_modules(package.__path__) if info.name[0] != "_")
    return [importlib.import_module(f"{package_name}.{name}") for name in names]


def collect(package_name: str, attribute: str, kind: type[T]) -> dict[str, T]:
    """Gather one `attribute` of type `kind` per plug-in module, keyed by its `id`.

    Raises:
        TypeError: a module has no such attribute, or of another type.
        ValueError: two plug-ins share an id.
    """
    found: dict[str, T] = {}
    for module in discover(package_name):
        plugin = getattr(module, attribute, None)
        if not isinstance(plugin, kind):
            raise TypeError(f"{module.__name__}: no {attribute} of type {kind.__name__}")
        plugin_id = str(getattr(plugin, "id"))  # noqa: B009 -- T is not bound to a protocol
        if plugin_id in found:
            raise ValueError(f"{module.__name__}: id {plugin_id!r} is already taken")
        found[plugin_id] = plugin
    return found
