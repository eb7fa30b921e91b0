"""`ecran`: write the folder of a waiting-room screen, to be put on a stick or a web server."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from reseau.cli._base import Answer, Command, progress
from reseau.errors import RefusedInput
from reseau.services import App, territoires

if TYPE_CHECKING:
    from reseau.model.screens import Screen
    from reseau.services.screens import SavedScreen

FOLDER = "feuilles"
ONLY_KEPT = (
    "--adresse ne va qu'avec --ecran : un écran qui n'est pas enregistré n'a pas d'adresse où se mettre à "
    "jour. Enregistrez-le d'abord (page Écrans et affiches)."
)


def arguments(parser: argparse.ArgumentParser) -> None:
    """What it expects."""
    parser.add_argument(
        "--quartier", action="append", default=[], metavar="CODE", help="quartier de l'écran (se répète)"
    )
    parser.add_argument("--langues", metavar="CODE,CODE", help="dans cet ordre, par défaut fr")
    parser.add_argument("--sortie", required=True, metavar="DOSSIER", help="dossier à écrire")
    parser.add_argument("--ecran", metavar="NOM", help="un écran enregistré, avec ses réglages")
    parser.add_argument("--zip", metavar="FICHIER", help="le même dossier en un seul fichier")
    parser.add_argument("--feuilles", action="store_true", help="ajoute affiche, feuille et livret, en PDF")
    parser.add_argument("--point", metavar="LON,LAT", help="où l'écran est accroché")
    parser.add_argument("--adresse", metavar="URL", help="où l'écran cherche un contenu plus récent")


def run(app: App, args: argparse.Namespace) -> Answer:
    """Write the folder."""
    from reseau.services import screen_bundles

    folder, packed = Path(args.sortie), Path(args.zip) if args.zip else None
    if packed is not None and packed.resolve().is_relative_to(folder.resolve()):
        raise RefusedInput("--zip : choisissez un fichier en dehors du dossier de --sortie.")
    place = territoires.find_territoire(app, args.territoire)
    screen = _screen(app, place.id, args)
    report = screen_bundles.write_bundle(
        app,
        place.id,
        screen,
        folder,
        zip_path=packed,
        beside=_sheets(app, place.id, screen) if args.feuilles else None,
    )
    return {
        "dossier": str(report.folder),
        "fichiers": report.files,
        "octets": report.bytes,
        "diapositives": report.slides,
    }


def _screen(app: App, territoire_id: int, args: argparse.Namespace) -> SavedScreen | Screen:
    """The screen asked for: one that is kept, with what is typed in place of its settings, or the usual."""
    from reseau.services import screens

    languages = tuple(filter(None, (code.strip() for code in (args.langues or "").split(","))))
    if args.ecran is None:
        if not args.quartier:
            raise RefusedInput("Donnez --quartier CODE, ou --ecran NOM pour un écran enregistré.")
        if args.adresse is not None:
            raise RefusedInput(ONLY_KEPT)
        usual = screens.default_screen(app, territoire_id, args.quartier, languages or ("fr",))
        return screens.validate(app, territoire_id, _placed(usual, args.point))
    saved = screens.find_screen(app, territoire_id, args.ecran)
    record = replace(
        _placed(saved.record, args.point),
        quartiers=tuple(args.quartier) or saved.record.quartiers,
        languages=languages or saved.record.languages,
        address=saved.record.address if args.adresse is None else args.adresse,
    )
    return replace(saved, record=screens.validate(app, territoire_id, record))


def _placed(record: Screen, point: str | None) -> Screen:
    """The screen where it is typed to be."""
    if point is None:
        return record
    from reseau.services.siting_places import read_point

    at = read_point(point)
    return replace(record, lon=at.lon, lat=at.lat)


def _sheets(app: App, territoire_id: int, screen: SavedScreen | Screen) -> dict[str, bytes]:
    """Poster, hand-out and booklet in each language of the screen, by their path in the folder."""
    from reseau.services.screen_sheets import KINDS, sheet
    from reseau.services.screens import SavedScreen

    record = screen.record if isinstance(screen, SavedScreen) else screen
    made = {}
    for language in record.languages:
        for kind, words in KINDS.items():
            progress(0.0, f"{words} : {language}…")
            name = f"{FOLDER}/{kind}-{language}.pdf"
            made[name] = sheet(app, territoire_id, screen, language=language, kind=kind)
    return made


def lines(answer: Answer) -> list[str]:
    """Where it is, what it weighs, and what to do with it."""
    if not isinstance(answer, dict):
        return []
    weight = f"{answer['octets'] / 1e6:.1f}".replace(".", ",")
    return [
        f"Écran écrit dans « {answer['dossier']} » : {answer['diapositives']} diapositives, "
        f"{answer['fichiers']} fichiers, {weight} Mo.",
        "Ouvrez index.html dans un navigateur, ou lancez demarrer-ecran (voir LISEZMOI.txt).",
    ]


COMMAND = Command(
    id="ecran",
    help="écrire le dossier d'un écran de salle d'attente",
    order=75,
    arguments=arguments,
    run=run,
    lines=lines,
)
