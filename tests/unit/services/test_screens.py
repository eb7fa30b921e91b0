"""Screens kept with a territory: what is refused, what two people do at once, what comes back."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from reseau.errors import Conflict, NotFound, RefusedInput
from reseau.model.screens import SENSITIVE_MODES, SLIDES, SUBJECTS, DayPart, Screen, ScreenMessage
from reseau.services import App, screen_messages, screens
from reseau.services.backups import restore_backup, save_backup
from reseau.services.editing import delete_row
from reseau.services.territoires import create_territoire
from reseau.services.view import open_view
from reseau.sources import MAX_NAME
from reseau.store.tables import participations, territoires
from reseau.store.tables import screen_messages as messages_table
from reseau.store.tables import screens as table
from tests.unit.services.images import image
from tests.unit.services.towns import make_town

FULL: dict[str, Any] = {
    "languages": ("ar", "fr"),
    "language_order": "tour",
    "slides": ("carte", "besoins", "messages"),
    "needs": ("manger", "droits"),
    "sensitive": dict(zip(SUBJECTS, SENSITIVE_MODES, strict=True)),
    "day_parts": (
        DayPart(slide="carte", start="08:00", end="12:00", days=(0, 2)),
        DayPart(slide="besoin:manger", start="22:00", end="06:00"),
    ),
    "on_from": "08:00",
    "on_until": "19:30",
    "min_seconds": 20,
    "pace": 1.5,
    "walk_minutes": 15,
    "lon": -0.45,
    "lat": 46.31,
    "background": "#000000",
    "accent": "#ffe08a",
    "address": "http://192.168.1.10:8501",
    "link": "https://exemple.fr/quartier",
    "touch": True,
}


@pytest.fixture
def town(app: App, tid: int) -> tuple[str, str, int]:
    return make_town(app, tid)


def screen(town: tuple[str, str, int], name: str = "Accueil", **values: Any) -> Screen:
    return Screen(name=name, quartiers=town[:1], **values)


def version(app: App, tid: int) -> int:
    return open_view(app, tid).version


def test_what_is_kept_is_what_was_chosen(app: App, tid: int, town: Any) -> None:
    record = Screen(name="Salle d'attente", quartiers=town[:2], **FULL)
    saved = screens.save_screen(app, tid, record)
    assert saved.record == record
    assert screens.get_screen(app, tid, saved.id) == saved
    assert screens.list_screens(app, tid) == [saved]
    assert screens.find_screen(app, tid, "SALLE D ATTENTE") == saved
    assert screens.screen_by_key(app, saved.key) == (tid, saved)


def test_every_write_makes_bundles_be_made_again(app: App, tid: int, town: Any) -> None:
    versions = [version(app, tid)]
    saved = screens.save_screen(app, tid, screen(town))
    versions.append(version(app, tid))
    saved = screens.save_screen(
        app, tid, replace(saved.record, pace=2.0), screen_id=saved.id, version=saved.version
    )
    versions.append(version(app, tid))
    screens.set_logo(app, tid, saved.id, image())
    versions.append(version(app, tid))
    screens.duplicate_screen(app, tid, saved.id)
    versions.append(version(app, tid))
    screens.delete_screen(app, tid, saved.id, version=saved.version)
    versions.append(version(app, tid))
    assert len(set(versions)) == len(versions)


def test_the_key_cannot_be_guessed_nor_repeated(app: App, tid: int, town: Any) -> None:
    keys = {screens.save_screen(app, tid, screen(town, f"Écran {rank}")).key for rank in range(20)}
    assert len(keys) == 20
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{12,40}", key) for key in keys)
    with pytest.raises(NotFound):
        screens.screen_by_key(app, "x")


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"name": " \u200b "}, "donnez un nom"),
        ({"name": "n" * (MAX_NAME + 1)}, f"{MAX_NAME} caractères"),
        ({"name": "1 85 05 78 006 084 36"}, "sécurité sociale"),
        ({"name": "Appeler le 06 12 34 56 78"}, "numéro de mobile"),
        ({"quartiers": ()}, "au moins un quartier"),
        ({"quartiers": ("QN-ailleurs",)}, "inconnu (QN-ailleurs)"),
        ({"languages": ()}, "au moins une langue"),
        ({"languages": ("xx",)}, "inconnu (xx)"),
        ({"languages": ("../fr",)}, "inconnu"),
        ({"language_order": "hasard"}, "Ordre des langues"),
        ({"slides": ()}, "au moins une diapositive"),
        ({"slides": ("film",)}, "inconnu (film)"),
        ({"needs": ("dormir",)}, "inconnu (dormir)"),
        ({"sensitive": {"argent": "rien"}}, "Sujets sensibles"),
        ({"sensitive": {"vih": "tout"}}, "Sujets sensibles"),
        ({"day_parts": (DayPart(slide="film", start="08:00", end="09:00"),)}, "inconnu (film)"),
        ({"day_parts": (DayPart(slide="carte", start="8h", end="09:00"),)}, "« 8h » n'est pas une heure"),
        ({"day_parts": (DayPart(slide="carte", start="24:00", end="09:00"),)}, "n'est pas une heure"),
        ({"day_parts": (DayPart(slide="carte", start="09:00", end="09:00"),)}, "à la même heure"),
        ({"day_parts": (DayPart(slide="carte", start="08:00", end="09:00", days=(7,)),)}, "0 (lundi)"),
        ({"day_parts": (DayPart(slide="carte", start="08:00", end="09:00"),) * 51}, "50 au plus"),
        ({"on_from": "08:60"}, "Allumage"),
        ({"on_until": "25:00"}, "Allumage"),
        ({"min_seconds": 4}, "entre 5 et 120"),
        ({"pace": 0.4}, "entre 0,5 et 3"),
        ({"pace": math.nan}, "entre 0,5 et 3"),
        ({"walk_minutes": 61}, "entre 5 et 60"),
        ({"lon": 1.5}, "longitude et la latitude"),
        ({"lon": 48.2, "lat": 1.75}, "Position de l'écran"),
        ({"lon": -4.49, "lat": 48.39}, "Position de l'écran : ce point est très loin de vos quartiers"),
        ({"lon": math.inf, "lat": math.nan}, "ce ne sont pas des degrés"),
        ({"background": "rouge"}, "n'est pas une couleur"),
        ({"accent": "#808080"}, "contraste"),
        ({"address": "ftp://exemple.fr"}, "http:// ou https://"),
        ({"address": "http://exemple.fr/?a=1"}, "sans « ? »"),
        ({"address": "javascript:alert(1)"}, "http:// ou https://"),
        ({"link": "http://moi:secret@exemple.fr"}, "http:// ou https://"),
        ({"link": "https://exemple.fr/" + "a" * 200}, "160 caractères"),
        ({"link": "https://exemple.fr/?a=b@c.fr"}, "adresse électronique"),
    ],
)
def test_what_no_screen_could_show_is_refused_in_french(
    app: App, tid: int, town: Any, values: dict[str, Any], told: str
) -> None:
    with pytest.raises(RefusedInput, match=re.escape(told)):
        screens.save_screen(app, tid, replace(screen(town), **values))
    assert screens.list_screens(app, tid) == []


def test_every_problem_is_told_at_once(app: App, tid: int, town: Any) -> None:
    wrong = replace(screen(town), pace=9.0, needs=("dormir",), accent="#808080")
    with pytest.raises(RefusedInput) as refused:
        screens.validate(app, tid, wrong)
    assert len(str(refused.value).splitlines()) == 3


def test_what_a_person_types_is_tidied(app: App, tid: int, town: Any) -> None:
    typed = screen(
        town,
        "  Salle\n d'attente ",
        languages=("fr", "ar", "fr"),
        accent=" #0B3D6E ",
        address="http://ici:8501/ ",
    )
    kept = screens.validate(app, tid, typed)
    assert (kept.name, kept.languages) == ("Salle d'attente", ("fr", "ar"))
    assert (kept.accent, kept.address) == ("#0b3d6e", "http://ici:8501")


def test_dark_from_midnight_is_a_time(app: App, tid: int, town: Any) -> None:
    kept = screens.validate(app, tid, screen(town, on_from="07:00", on_until="24:00"))
    assert kept.on_until == "24:00"


def test_a_name_is_taken_once_in_a_territory(app: App, tid: int, town: Any) -> None:
    first = screens.save_screen(app, tid, screen(town, "Écran d'accueil"))
    with pytest.raises(RefusedInput, match="s'appelle déjà"):
        screens.save_screen(app, tid, screen(town, "ecran  d accueil"))
    other = screens.save_screen(app, tid, screen(town, "Autre"))
    with pytest.raises(RefusedInput, match="s'appelle déjà"):
        screens.save_screen(app, tid, first.record, screen_id=other.id)
    # Its own name is not somebody else's.
    screens.save_screen(app, tid, replace(first.record, name="ÉCRAN d'accueil"), screen_id=first.id)
    elsewhere = create_territoire(app, "Ailleurs", communes=["99102"]).id
    screens.save_screen(app, elsewhere, replace(first.record, quartiers=make_town(app, elsewhere)[:1]))


def test_two_people_do_not_overwrite_each_other(app: App, tid: int, town: Any) -> None:
    seen = screens.save_screen(app, tid, screen(town))
    screens.save_screen(app, tid, replace(seen.record, pace=2.0), screen_id=seen.id, version=seen.version)
    with pytest.raises(Conflict, match="Quelqu'un d'autre"):
        screens.save_screen(app, tid, replace(seen.record, pace=3.0), screen_id=seen.id, version=seen.version)
    with pytest.raises(Conflict):
        screens.delete_screen(app, tid, seen.id, version=seen.version)
    assert screens.get_screen(app, tid, seen.id).record.pace == 2.0


def test_a_screen_of_another_territory_is_out_of_reach(app: App, tid: int, town: Any) -> None:
    saved = screens.save_screen(app, tid, screen(town))
    other = create_territoire(app, "Ailleurs", communes=["99102"]).id
    quartiers = make_town(app, other)[:1]
    for gesture in (
        lambda: screens.get_screen(app, other, saved.id),
        lambda: screens.get_logo(app, other, saved.id),
        lambda: screens.set_logo(app, other, saved.id, None),
        lambda: screens.duplicate_screen(app, other, saved.id),
        lambda: screens.delete_screen(app, other, saved.id, version=saved.version),
        lambda: screens.save_screen(
            app, other, replace(saved.record, quartiers=quartiers), screen_id=saved.id
        ),
    ):
        with pytest.raises(NotFound):
            gesture()
    assert screens.get_screen(app, tid, saved.id) == saved


def test_a_copy_has_its_own_name_and_address(app: App, tid: int, town: Any) -> None:
    saved = screens.save_screen(app, tid, screen(town, "É" * MAX_NAME, **FULL))
    screens.set_logo(app, tid, saved.id, image())
    copies = [screens.duplicate_screen(app, tid, saved.id) for _ in range(3)]
    assert len({item.record.name for item in [saved, *copies]}) == 4
    assert len({item.key for item in [saved, *copies]}) == 4
    for copy in copies:
        assert len(copy.record.name) <= MAX_NAME
        assert replace(copy.record, name=saved.record.name) == saved.record
        assert screens.get_logo(app, tid, copy.id) == screens.get_logo(app, tid, saved.id)


def test_the_usual_screen_is_named_after_its_quartier(app: App, tid: int, town: Any) -> None:
    usual = screens.default_screen(app, tid, town[:1], ("fr", "ar"))
    assert (usual.name, usual.languages, usual.slides) == ("Écran Beauval", ("fr", "ar"), tuple(SLIDES))
    assert screens.list_screens(app, tid) == []
    screens.save_screen(app, tid, usual)
    assert screens.default_screen(app, tid, town[:1]).name == "Écran Beauval 2"
    with pytest.raises(RefusedInput, match="inconnu"):
        screens.default_screen(app, tid, ("QN-nulle-part",))
    with pytest.raises(RefusedInput, match="au moins un quartier"):
        screens.default_screen(app, tid, ())


def test_a_quartier_that_is_gone_is_told_at_the_next_save(app: App, tid: int, town: Any) -> None:
    saved = screens.save_screen(app, tid, screen(town))
    quartiers = open_view(app, tid).quartiers
    delete_row(app, tid, "quartiers", int(quartiers.index[quartiers["code"] == town[0]][0]))
    assert screens.get_screen(app, tid, saved.id) == saved
    with pytest.raises(RefusedInput, match="Quartiers : inconnu"):
        screens.save_screen(app, tid, saved.record, screen_id=saved.id)


def test_settings_of_a_later_version_are_passed_over(app: App, tid: int, town: Any) -> None:
    """A backup may bring back what another version wrote."""
    saved = screens.save_screen(app, tid, screen(town))
    with app.store.write() as connection:
        row = connection.execute(select(table.c.settings).where(table.c.id == saved.id)).scalar_one()
        changed = {**row, "musique": "jazz"}
        del changed["pace"]
        connection.execute(table.update().where(table.c.id == saved.id).values(settings=changed))
    assert screens.get_screen(app, tid, saved.id).record == saved.record


def test_a_backup_brings_everything_back_logo_included(app: App, tid: int, town: Any, tmp_path: Path) -> None:
    saved = screens.save_screen(app, tid, screen(town, **FULL))
    screens.set_logo(app, tid, saved.id, image())
    message = screen_messages.save_message(
        app, tid, ScreenMessage(texts={"fr": "Fermé", "ar": "مغلق"}, screen_id=saved.id)
    )
    before = screens.list_screens(app, tid), screens.get_logo(app, tid, saved.id)
    save_backup(app, tmp_path / "tout.zip")
    screens.delete_screen(app, tid, saved.id, version=saved.version)
    restore_backup(app, tmp_path / "tout.zip")
    assert (screens.list_screens(app, tid), screens.get_logo(app, tid, saved.id)) == before
    assert screen_messages.list_messages(app, tid) == [message]


def test_a_territory_goes_with_its_screens(app: App, tid: int, town: Any) -> None:
    saved = screens.save_screen(app, tid, screen(town))
    screen_messages.save_message(app, tid, ScreenMessage(texts={"fr": "Pour tous"}))
    screen_messages.save_message(app, tid, ScreenMessage(texts={"fr": "Pour lui"}, screen_id=saved.id))
    with app.store.write() as connection:
        connection.execute(territoires.delete().where(territoires.c.id == tid))
    with app.store.read() as connection:
        counts = [
            connection.execute(select(func.count()).select_from(one)).scalar_one()
            for one in (table, messages_table, participations)
        ]
    assert counts == [0, 0, 0]
