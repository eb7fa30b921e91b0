"""What a user can ask for, one verb per function, shared by the interface and the command line."""

from reseau.services.app import App, open_app

__all__ = ["App", "open_app"]
