"""Errors a person can act on. Each message is in French and says where, what and what to do."""


class ReseauError(Exception):
    """Base of every expected error: the message is shown to the person as it stands."""


class RefusedInput(ReseauError):
    """A file or a value that cannot be taken; nothing was written."""


class NotFound(ReseauError):
    """A territory, structure, quartier… that does not exist."""


class Conflict(ReseauError):
    """Somebody else changed the same record in the meantime."""


class Unavailable(ReseauError):
    """A remote service that does not answer; not the same as «no result»."""
