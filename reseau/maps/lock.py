"""Second lock: what folium has rendered once is never compiled again as a template.

branca wraps every rendered script in `Element(text)`, and `Element` compiles its text as an unsandboxed
Jinja template: data inside would run as code on the server. Replacing the class that `branca.element`
compiles with by one that gives its text back unchanged closes that door. The first lock is in
`reseau.maps.layer`: no text of a person reaches folium at all.
"""

from __future__ import annotations

import branca.element

PROBE = "{{ 6 * 7 }}{% raw %}"


class VerbatimTemplate:
    """Stands where branca compiles a rendered text: `render` answers the text itself."""

    def __init__(self, text: str) -> None:
        self._text = text

    def render(self, *_args: object, **_kwargs: object) -> str:
        """The text, unchanged."""
        return self._text


def close_lock() -> None:
    """Put the lock in place (idempotent) and check that it holds.

    Raises:
        RuntimeError: branca no longer goes through the class replaced here; no map may be drawn.
    """
    setattr(branca.element, "Template", VerbatimTemplate)  # noqa: B010 -- not the type branca declares
    if not is_closed():
        raise RuntimeError("branca compiles rendered text again: the lock of reseau.maps.lock is open")


def is_closed() -> bool:
    """Whether a text given to branca comes back as it is."""
    try:
        return bool(branca.element.Element(PROBE).render() == PROBE)
    except Exception:  # noqa: BLE001 -- a template error of any kind means that the text was compiled
        return False
