"""See `reseau.model.french`."""

from reseau.model.french import *  # noqa: F403
