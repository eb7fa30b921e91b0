"""Changes as records and as JSON: nothing is lost on the way, nothing wrong gets in."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reseau.errors import RefusedInput
from reseau.model.vocabulary import LANGUAGES
from reseau.plan.changes import (
    KINDS,
    MAX_CHANGES,
    ChangeSettings,
    CloseStructure,
    EndPermanence,
    MoveStructure,
    OpenPermanence,
    OpenStructure,
    SetRelation,
    read_changes,
    to_json,
)

TYPES = ("cmp", "pmi", "caf")
BOUNDS = {
    "minutes_proximite": (1, 180, "Le seuil de proximité"),
    "minutes_intermediaire": (1, 180, "Le seuil intermédiaire"),
    "walking_kmh": (1.0, 8.0, "La vitesse de marche"),
    "near_share": (0.01, 1.0, "La part d'habitants"),
}
HOSTILE = ("{{7*7}}", "<img src=x onerror=alert(1)>", "=1+1", "مركز", '"\\', "$x$ :material/bug_report:")
CLOSE = {"kind": "close", "structure_id": 3}

ids = st.integers(min_value=1, max_value=2**53 - 1)
# What is not printable is taken out when it is read.
texts = (
    st.text(max_size=60)
    .map(lambda text: "".join(char for char in " ".join(text.split()) if char.isprintable()))
    .map(lambda text: " ".join(text.split()))
)
lons = st.floats(-180, 180).map(lambda value: round(value, 6))
lats = st.floats(-90, 90).map(lambda value: round(value, 6))
maybe = st.one_of(st.none(), st.booleans())
changes = st.one_of(
    st.builds(CloseStructure, structure_id=ids, label=texts),
    st.builds(EndPermanence, permanence_id=ids, label=texts),
    st.builds(
        OpenPermanence, type_code=st.sampled_from(TYPES), host_id=ids, holder_id=st.one_of(st.none(), ids),
        hours=texts, label=texts, free=maybe, no_appointment=maybe,
        languages=st.lists(st.sampled_from(list(LANGUAGES)), unique=True).map(tuple),
    ),
    st.builds(OpenPermanence, type_code=st.sampled_from(TYPES), lon=lons, lat=lats, label=texts),
    st.builds(
        OpenStructure, type_code=st.sampled_from(TYPES), lon=lons, lat=lats, label=texts, linked=st.booleans()
    ),
    st.builds(SetRelation, structure_id=ids, status=st.sampled_from(["actif", "en_sommeil"]), label=texts),
    st.builds(MoveStructure, structure_id=ids, lon=lons, lat=lats, label=texts),
    st.builds(ChangeSettings, minutes_proximite=st.integers(1, 180), near_share=st.floats(0.01, 1.0)),
)  # fmt: skip


def read(*raw: Any) -> tuple[Any, ...]:
    return read_changes(list(raw), types=TYPES, bounds=BOUNDS)


@given(st.lists(changes, max_size=6))
def test_a_scenario_is_the_same_once_written_as_json_and_read_again(made):
    """It lives in a JSON column, in a session and in a backup: none may change it."""
    written = json.loads(json.dumps([to_json(change) for change in made], allow_nan=False))
    assert read(*written) == tuple(made)


def test_every_kind_is_tried_above():
    assert {type(change) for change in map(_example, KINDS)} == set(KINDS.values())


def _example(kind: str) -> Any:
    cells = {
        "permanence": {"type": "cmp", "host_id": 1},
        "close": {"structure_id": 1},
        "relation": {"structure_id": 1},
        "structure": {"type": "cmp", "lon": 2.0, "lat": 47.0},
        "move": {"structure_id": 1, "lon": 2.0, "lat": 47.0},
        "end_permanence": {"permanence_id": 1},
        "settings": {"walking_kmh": 3.0},
    }
    return read({"kind": kind, **cells[kind]})[0]


@pytest.mark.parametrize("text", HOSTILE)
def test_text_of_people_is_kept_as_text(text):
    (change,) = read({"kind": "permanence", "type": "cmp", "host_id": 1, "label": text, "hours": text})
    assert (change.label, change.hours) == (text, text)


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        ("texte", "ce n'est pas un changement"),
        ({"kind": "explose"}, "genre inconnu"),
        ({"kind": ["close"]}, "genre inconnu"),
        ({"kind": "close"}, "il manque : structure"),
        ({"kind": "close", "structure_id": True}, "un identifiant"),
        ({"kind": "close", "structure_id": "3"}, "un identifiant"),
        ({"kind": "close", "structure_id": -3}, "un identifiant"),
        ({"kind": "close", "structure_id": 10**30}, "un identifiant"),
        ({**CLOSE, "commande": "rm"}, "champ inconnu (commande)"),
        ({**CLOSE, "label": "x" * 301}, "300 caractères"),
        ({"kind": "permanence", "type": "cmp"}, "dites où"),
        ({"kind": "permanence", "type": "chose", "host_id": 1}, "type inconnu (chose)"),
        ({"kind": "permanence", "host_id": 1}, "il manque : type"),
        ({"kind": "permanence", "type": "cmp", "lon": 2.0}, "la longitude et la latitude"),
        ({"kind": "permanence", "type": "cmp", "lon": 2.0, "lat": float("nan")}, "un nombre"),
        ({"kind": "permanence", "type": "cmp", "lon": 2.0, "lat": 97}, "entre -90 et 90"),
        ({"kind": "permanence", "type": "cmp", "host_id": 1, "languages": "ar"}, "liste de langues"),
        ({"kind": "permanence", "type": "cmp", "host_id": 1, "languages": ["xx"]}, "pas dans la liste"),
        ({"kind": "permanence", "type": "cmp", "host_id": 1, "languages": [["ar"]]}, "pas dans la liste"),
        ({"kind": "permanence", "type": "cmp", "host_id": 1, "free": "oui"}, "oui ou non"),
        ({"kind": "structure", "type": "cmp"}, "il manque : longitude"),
        ({"kind": "relation", "structure_id": 1, "status": "termine"}, "« actif » ou « en_sommeil »"),
        ({"kind": "settings"}, "aucun réglage"),
        ({"kind": "settings", "walking_kmh": 40.0}, "La vitesse de marche doit être entre 1 et 8"),
        ({"kind": "settings", "near_share": 0.0}, "entre 0,01 et 1."),
        ({"kind": "settings", "minutes_proximite": 7.5}, "nombre entier"),
    ],
)
def test_what_is_wrong_is_said_in_french(raw, words):
    with pytest.raises(RefusedInput, match=r"^Changement 1") as refused:
        read(raw)
    assert words in str(refused.value)


def test_every_problem_is_told_at_once_with_its_rank():
    with pytest.raises(RefusedInput) as refused:
        read(CLOSE, {"kind": "close"}, {"kind": "settings"})
    told = str(refused.value).splitlines()
    assert [line.partition(" :")[0] for line in told] == ["Changement 2", "Changement 3"]


@pytest.mark.parametrize("raw", [None, 3, "[]", {"kind": "close"}])
def test_a_scenario_is_a_list(raw):
    with pytest.raises(RefusedInput, match="une liste"):
        read_changes(raw, types=TYPES, bounds=BOUNDS)


def test_a_list_without_end_is_refused():
    with pytest.raises(RefusedInput, match=f"{MAX_CHANGES} changements au plus"):
        read(*[CLOSE] * (MAX_CHANGES + 1))


def test_unknown_is_not_no():
    """`null` and a missing key are both «not known»."""
    (change,) = read({"kind": "permanence", "type": "cmp", "host_id": 1, "free": None})
    assert change.free is None
    assert "free" not in to_json(change)
