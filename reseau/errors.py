"""Errors a person can act on. Each message is in French and says where, what and what to do."""

import errno

_REASONS = {
    errno.ENOSPC: "le disque est plein",
    errno.EACCES: "vous n'en avez pas le droit",
    errno.EPERM: "vous n'en avez pas le droit",
    errno.EROFS: "ce disque ne peut qu'être lu",
    errno.ENOENT: "le dossier n'existe pas",
    errno.EISDIR: "c'est un dossier",
    errno.ENOTDIR: "un fichier est là où il faudrait un dossier",
    errno.EEXIST: "un fichier est là où il faudrait un dossier",
    errno.ENAMETOOLONG: "le nom est trop long",
    errno.EIO: "le disque ne répond pas bien",
    errno.EBUSY: "le fichier est ouvert ailleurs",
}


def why(error: OSError) -> str:
    """What the system says of a file, in French (Windows and Linux say it in their own language)."""
    return _REASONS.get(error.errno or 0, "le système le refuse")


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
