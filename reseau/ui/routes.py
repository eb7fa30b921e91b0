"""Addresses served beside the application, for screens and their previews."""

from __future__ import annotations

from starlette.routing import BaseRoute

ROUTES: list[BaseRoute] = []
