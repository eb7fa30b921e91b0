"""Source `contacts`: see `source.toml`."""

from reseau.sources.contacts.parser import Contacts

SOURCE = Contacts()

__all__ = ["SOURCE"]
