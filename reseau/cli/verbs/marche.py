"""`marche`: how walks are measured, and loading the streets of an OpenStreetMap extract."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from reseau.cli._base import Answer, Command, decimal, number, progress, tell
from reseau.services import App, territoires

if TYPE_CHECKING:
    from reseau.services.walking import NetworkInfo


def arguments(parser: argparse.ArgumentParser) -> None:
    """What it expects."""
    parser.add_argument(
        "--charger", metavar="FICHIER", help="garder les rues d'un extrait d'OpenStreetMap (.osm, .osm.pbf)"
    )
    parser.add_argument("--oublier", action="store_true", help="oublier le réseau gardé")
    parser.add_argument(
        "--reseau", choices=("oui", "non"), help="compter par les rues (oui) ou en ligne droite (non)"
    )
    parser.add_argument("--vitesse", type=decimal, metavar="KMH", help="vitesse de marche, en km/h")
    parser.set_defaults(misused=parser.error)


def run(app: App, args: argparse.Namespace) -> Answer:
    """Change what is asked, then say what is used."""
    from reseau.services import walking
    from reseau.services.view import open_view

    place = territoires.find_territoire(app, args.territoire)
    changes = _changes(args)
    if args.charger is not None:
        loaded = walking.load_network(app, place.id, Path(args.charger), on_progress=progress)
        for note in loaded.notes:
            tell(note)
    if args.oublier and not walking.drop_network(app, place.id):
        tell("Ce territoire n'a pas de réseau piéton : il n'y avait rien à oublier.")
    if changes:
        territoires.update_territoire(app, place.id, **changes)
    info = walking.network_info(app, place.id)
    if info is not None and info.problem:
        tell(info.problem)
    view = open_view(app, place.id)
    return {
        "territoire": place.record.name,
        "mesure": view.travel.label,
        "vitesse_kmh": view.territoire.walking_kmh,
        "detour": view.territoire.detour_factor,
        "reseau": None if info is None else _network(info),
    }


def _network(info: NetworkInfo) -> dict[str, object]:
    return {
        "fichier": info.title,
        "date": info.data_date.isoformat() if info.data_date else None,
        "utilise": info.in_use,
        "lisible": not info.problem,
        "km": number(info.km, 1),
        "part_habitants": number(info.people_share, 3),
        "structures_placees": info.structures,
        "structures_sur_le_reseau": info.on_network,
        "mention": info.attribution,
    }


def _changes(args: argparse.Namespace) -> dict[str, object]:
    """Settings to change, checked before a long reading: nothing is done by halves."""
    low, high, label = territoires.BOUNDS["walking_kmh"]
    if args.charger is not None and args.oublier:
        args.misused("choisissez entre --charger et --oublier")
    if args.vitesse is not None and not low <= args.vitesse <= high:
        args.misused(f"{label.lower()} doit être comprise entre {low:g} et {high:g} km/h")
    speed = {} if args.vitesse is None else {"walking_kmh": args.vitesse}
    return speed | ({"use_network": args.reseau == "oui"} if args.reseau else {})


def lines(answer: Answer) -> list[str]:
    """What is used, then the network in three lines."""
    assert isinstance(answer, dict)  # noqa: S101 -- what `run` made
    found = [
        f"territoire : {answer['territoire']}",
        f"trajets à pied : {answer['mesure']}, à {_french(answer['vitesse_kmh'])} km/h",
    ]
    network = answer["reseau"]
    if network is None:
        return [*found, "réseau piéton : aucun (marche --charger EXTRAIT pour compter par les rues)"]
    people = network["part_habitants"]
    share = "part inconnue" if people is None else f"{_french(round(people * 100, 1))} %"
    return [
        *found,
        f"réseau piéton : {network['fichier']}, {_french(network['km'])} km de rues, "
        f"{'utilisé' if network['utilise'] else 'gardé, non utilisé'}",
        f"à 250 m d'une rue au plus : {share} des habitants, "
        f"{network['structures_sur_le_reseau']} structures sur {network['structures_placees']} ; pour les "
        f"autres, ligne droite × {_french(answer['detour'])}",
        network["mention"],
    ]


def _french(value: float) -> str:
    return f"{value:g}".replace(".", ",")


COMMAND = Command(
    id="marche",
    help="comment les trajets à pied sont comptés ; charger un réseau de rues",
    order=35,
    arguments=arguments,
    run=run,
    lines=lines,
)
