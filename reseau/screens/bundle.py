"""The bundle: a folder (or a zip) that any browser opens, made of one content, the player and fonts.

Nothing else is in it than what is built here: the content is the only thing that comes from the directory.
"""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from reseau.errors import RefusedInput
from reseau.files import replacing
from reseau.screens import _folder
from reseau.screens._files import player_files, starters
from reseau.screens.content import Content
from reseau.screens.fonts import font_licences, fonts_css
from reseau.screens.texts import load_language

PLACEHOLDER = b"<!--CONTENU-->"
MADE_BY = "reseau-ecran"
"""In `version.json`: says that a folder is a bundle, and may be replaced by one."""

# A text may hold «</script>»: these would end the element that holds the document.
_ESCAPED = {ord(char): f"\\u{ord(char):04x}" for char in "<>&\u2028\u2029"}
# Packed already.
_PACKED = {".woff2", ".png"}
_LONG_AGO = (1980, 1, 1, 0, 0, 0)


def scripts_of(content: Content) -> list[str]:
    """Scripts a content is written in (see `reseau.screens.texts.SCRIPTS`), each once."""
    found = (load_language(language["code"]).script for language in content["languages"])
    return list(dict.fromkeys(found))


def player_key() -> str:
    """Fingerprint of the player."""
    return _fingerprint(player_files())


def bundle_files(
    content: Content, *, fonts: Mapping[str, bytes], beside: Mapping[str, bytes] | None = None
) -> dict[str, bytes]:
    """Every file of the bundle, by its path in it (`/` between folders).

    Args:
        fonts: of the scripts of the content (`reseau.screens.fonts.font_files`).
        beside: what goes along with it (sheets to print), in a folder of its own.

    Raises:
        ReseauError: the player is not whole, or a font is not installed.
    """
    player, scripts = player_files(), scripts_of(content)
    page = player.get("index.html", b"")
    if page.count(PLACEHOLDER) != 1:
        raise RefusedInput(
            "Le lecteur de l'écran est incomplet (index.html). Installez de nouveau cette version de Réseau."
        )
    document = to_json(content)
    made_for = _fingerprint(player)
    element = f'<script type="application/json" id="contenu" data-player="{made_for}">'.encode()
    files = {
        **(beside or {}),
        **player,
        **starters(),
        **fonts,
        "index.html": page.replace(PLACEHOLDER, element + document + b"</script>"),
        "fonts.css": fonts_css(scripts).encode(),
        "contenu.json": document,
        "LICENCES.txt": _licences(content, scripts).encode("utf-8", "replace"),
    }
    return {**files, "version.json": _version(content, player=made_for, names=files)}


def _version(content: Content, *, player: str, names: Iterable[str]) -> bytes:
    """What a screen reads to know whether something newer is there, and what the bundle is made of."""
    said = {key: content[key] for key in ("version", "made_at", "schema")}
    return to_json({**said, "player": player, "made_by": MADE_BY, "files": sorted([*names, "version.json"])})


def to_json(document: object) -> bytes:
    """A document as JSON that may stand inside a page.

    Raises:
        ValueError: it holds what JSON has not (an infinite number).
    """
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    # Half of a surrogate pair, out of a damaged file, has no bytes.
    return text.translate(_ESCAPED).encode("utf-8", "replace")


def write_folder(files: Mapping[str, bytes], path: Path) -> int:
    """Write a bundle in a folder, in place of the bundle that was there, and return its bytes.

    A failure or a power cut leaves the old bundle whole, or the new one.

    Raises:
        RefusedInput: there is something else than a bundle there, or it cannot be written.
    """
    _folder.replace_folder(files, path, made_by=MADE_BY)
    return sum(map(len, files.values()))


def write_zip(files: Mapping[str, bytes], path: Path) -> int:
    """Write a bundle as a zip of one folder named after it, and return its bytes.

    The same files make the same zip.

    Raises:
        RefusedInput: it cannot be written.
    """
    with replacing(path) as temporary, zipfile.ZipFile(temporary, "x") as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(f"{path.stem}/{name}", _LONG_AGO)
            entry.create_system = 3  # else rights would be those of the system that makes it
            entry.external_attr = (0o755 if name.endswith(".sh") else 0o644) << 16
            packed = Path(name).suffix in _PACKED
            entry.compress_type = zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED
            archive.writestr(entry, files[name])
    return path.stat().st_size


def _fingerprint(files: Mapping[str, bytes]) -> str:
    digest = hashlib.sha256()
    for name in sorted(files):
        digest.update(f"{name} {len(files[name])}\n".encode())
        digest.update(files[name])
    return digest.hexdigest()[:16]


def _licences(content: Content, scripts: list[str]) -> str:
    lines = ["CE QUE CONTIENT CE DOSSIER, ET SOUS QUELLES LICENCES", ""]
    lines += [
        "Lecteur et pictogrammes : Réseau, licence Apache 2.0.",
        "",
    ]
    credit = content["map"]["credit"] if content["map"] else ""
    said = [*content["sources"], *([f"Plan : {credit}"] if credit else [])]
    lines += ["Données", *(f"- {' '.join(line.split())}" for line in said), ""] if said else []
    for name, licence in font_licences(scripts).items():
        lines += [f"Police {name} (réduite aux caractères utiles)", "", licence, ""]
    # Plain text for any editor, Windows' included.
    return "\r\n".join("\r\n".join(lines).splitlines()) + "\r\n"
