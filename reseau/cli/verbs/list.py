"""`list`: everything that is plugged in."""

from __future__ import annotations

import argparse

from reseau.cli._base import Answer, Command
from reseau.services import App


def run(_app: App, _args: argparse.Namespace) -> Answer:
    """Sources, measures, exports and pages."""
    from reseau.services import catalogue

    return dict(catalogue.list_plugins())


COMMAND = Command(id="list", help="sources, mesures, exports et pages", order=90, run=run, here=False)
