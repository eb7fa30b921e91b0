"""Merging loses nothing, and undoing puts back what was there: tried on databases nobody arranged."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import closing
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, select

from reseau.config import load_config
from reseau.errors import NotFound, RefusedInput
from reseau.model.screens import ScreenPlace
from reseau.services import App, open_app
from reseau.services.actions import save_action
from reseau.services.backups import restore_backup, save_backup
from reseau.services.duplicates import distinct_pairs, say_distinct
from reseau.services.editing import (
    delete_row,
    deleted_rows,
    get_row,
    provenance_of,
    purge_row,
    restore_row,
    save_row,
)
from reseau.services.merging_structures import list_merges, merge, unmerge
from reseau.services.screen_places import get_place, save_place
from reseau.services.statements import statements_of
from reseau.services.territoires import create_territoire, update_territoire
from reseau.services.view import open_view
from reseau.store.tables import action_partners, aliases, metadata, relations, structures
from tests.unit.services.conftest import Importer


def everything(app: App) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table, but what is meant to grow: versions, and the record of the merge itself."""
    with app.store.read() as connection:
        return {
            table.name: [
                {key: value for key, value in row.items() if key not in {"version", "data_version"}}
                for row in connection.execute(select(table).order_by(*table.primary_key.columns)).mappings()
            ]
            for table in metadata.sorted_tables
            if table.name != "merges"
        }


def versions(app: App) -> dict[tuple[str, int], int]:
    with app.store.read() as connection:
        return {
            (table.name, key): number
            for table in metadata.sorted_tables
            if "version" in table.c
            for key, number in connection.execute(select(*table.primary_key.columns, table.c.version))
        }


def structure(app: App, tid: int, name: str, **values: Any) -> int:
    return save_row(app, tid, "structures", {"name": name, "types": ["cmp"], **values})


def relation(app: App, tid: int, from_id: int, to_id: int, **values: Any) -> int:
    return save_row(app, tid, "relations", {"from_id": from_id, "to_id": to_id, **values})


@pytest.fixture
def pair(app: App, tid: int) -> tuple[int, int]:
    return structure(app, tid, "CMP Nord", phone="0561000001"), structure(app, tid, "Centre médico-psy Nord")


# What undoing must bring back exactly, whatever was there.

TEXT = st.sampled_from(["", "a", "b", "12 rue A", "é'\"%;--"])
FIELDS = st.fixed_dictionaries(
    {
        "phone": st.sampled_from(["", "0561000001", "0561000002"]),
        "address": TEXT,
        "commune": st.sampled_from(["", "Essai", "Ailleurs"]),
        "description": TEXT,
        "internal_note": TEXT,
        "opening_hours": st.sampled_from(["", "Mo 09:00-12:00"]),
        "languages": st.sampled_from([[], ["ar"], ["ar", "en"]]),
        "free": st.sampled_from([None, True, False]),
        "closed": st.booleans(),
    }
)
PLACES = st.sampled_from([None, (1.6, 48.1), (1.7, 48.2)])
ENDS = st.tuples(st.integers(0, 3), st.integers(0, 3)).filter(lambda ends: ends[0] != ends[1])
TIES = st.lists(
    st.tuples(
        ENDS,
        st.sampled_from(["orientation", "convention"]),
        st.sampled_from(["aller", "retour", "reciproque"]),
        st.sampled_from(["a_contacter", "actif", "termine"]),
        st.booleans(),
    ),
    max_size=6,
)
HUNG = st.lists(st.tuples(st.integers(0, 3), st.sampled_from(["x", "X ", "y"]), st.booleans()), max_size=4)
HOSTED = st.lists(st.tuples(st.integers(0, 3), st.sampled_from([None, 0, 1, 2])), max_size=4)
SAID = st.lists(
    st.tuples(
        st.integers(0, 3),
        st.booleans(),
        st.sampled_from([None, (), ("droits",), ("manger", "droits")]),
        st.booleans(),
        st.sampled_from([{}, {"fr": "On vous aide."}, {"fr": "On vous reçoit.", "ar": "نستقبلكم."}]),
    ),
    max_size=4,
)
CHOICES = st.dictionaries(
    st.sampled_from(["name", "phone", "address", "lon", "opening_hours", "languages", "internal_note"]),
    st.sampled_from(["kept", "gone"]),
    max_size=3,
)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """One database for every example: each makes its own territory."""
    path = tmp_path_factory.mktemp("fusions") / "base.db"
    with closing(open_app(load_config({"RESEAU_DATABASE_URL": f"sqlite:///{path}"}))) as opened:
        yield opened


def fill(app: App, tid: int, draw: Any) -> list[int]:
    """Four structures, and whatever may hang on them."""
    ids = []
    for rank in range(4):
        values = draw(FIELDS)
        if (place := draw(PLACES)) is not None:
            values |= {"lon": place[0], "lat": place[1], "position_precision": "adresse"}
        ids.append(structure(app, tid, f"Structure {rank % 2}", **values))
    _write(app, tid, ids, draw)
    for rank, name, told in draw(HUNG):
        save_row(app, tid, "contacts", {"structure_id": ids[rank], "name": name, "role": "r" if told else ""})
    for rank, text, _ in draw(HUNG):
        save_row(app, tid, "journal", {"structure_id": ids[rank], "on": date(2026, 11, 2), "text": text})
    for rank, host in draw(HOSTED):
        values = {"structure_id": ids[rank], "type_code": "cpam", "place": "Ici"}
        if host is not None and host != rank:
            values["host_id"] = ids[host]
        save_row(app, tid, "permanences", values)
    for rank, host in draw(HOSTED):
        partners = [(ids[key], "oriente") for key in {rank, host or 0}]
        values = {"title": f"Action {rank}", "host_id": None if host is None else ids[host]}
        save_action(app, tid, values, partners=partners)
    say_distinct(app, tid, ids[1], ids[2])
    for rank, hidden, needs, mobile, texts in draw(SAID):
        said = ScreenPlace(
            structure_id=ids[rank], hidden=hidden, needs=needs, show_mobile=mobile, texts=texts
        )
        save_place(app, tid, said, version=get_place(app, tid, ids[rank]).version)
    return ids


def _write(app: App, tid: int, ids: list[int], draw: Any) -> None:
    """What forms would refuse and files may bring: ties twice, ties put aside, other identifiers."""
    with app.store.write() as connection:
        for (start, end), purpose, direction, status, aside in draw(TIES):
            row = {"territoire_id": tid, "from_id": ids[start], "to_id": ids[end], "purpose": purpose,
                   "direction": direction, "status": status, "intensity": 2, "updated_at": date_time(),
                   "deleted_at": date_time() if aside else None}  # fmt: skip
            connection.execute(insert(relations).values(**row))
        for rank, name, _ in draw(HUNG):
            alias = {"territoire_id": tid, "uid": f"{name}--{rank}-{tid}", "structure_id": ids[rank]}
            found = select(aliases).where(aliases.c.territoire_id == tid, aliases.c.uid == alias["uid"])
            if connection.execute(found).first() is None:
                connection.execute(insert(aliases).values(**alias))


def date_time() -> datetime:
    return datetime(2026, 11, 1, 10, 0, 0)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
@given(data=st.data())
def test_a_merge_undone_leaves_no_trace(shared: App, data: st.DataObject) -> None:
    """Whatever the sheets say and whatever hangs on them; versions only grow."""
    tid = create_territoire(shared, f"Essai {uuid.uuid4()}", communes=["99101"]).id
    ids = fill(shared, tid, data.draw)
    update_territoire(shared, tid, pivot_uid=get_row(shared, "structures", ids[1])["uid"])
    before, seen = everything(shared), versions(shared)
    merge_id = merge(shared, tid, ids[0], ids[1], choices=data.draw(CHOICES), author="Ana")
    if data.draw(st.booleans()):
        again = merge(shared, tid, ids[0], ids[3])
        assert unmerge(shared, tid, again) == []
    during = everything(shared)
    left = unmerge(shared, tid, merge_id)
    assert during != before
    assert left == []
    assert everything(shared) == before
    assert all(versions(shared)[key] >= number for key, number in seen.items())


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_nothing_is_lost_by_a_merge(shared: App, data: st.DataObject) -> None:
    """As many ties, contacts and entries afterwards, some of them put aside; none hangs on nothing."""
    tid = create_territoire(shared, f"Essai {uuid.uuid4()}", communes=["99101"]).id
    ids = fill(shared, tid, data.draw)
    before = everything(shared)
    merge(shared, tid, ids[0], ids[1])
    after = everything(shared)
    for table in ("relations", "permanences", "contacts", "journal", "actions", "structures"):
        assert len(after[table]) == len(before[table])
    alive = {row["id"] for row in after["structures"] if row["deleted_at"] is None}
    for row in after["relations"]:
        if row["territoire_id"] == tid and row["deleted_at"] is None:
            assert {row["from_id"], row["to_id"]} <= alive
            assert row["from_id"] != row["to_id"]
    for table in ("contacts", "journal"):
        hung = [row for row in after[table] if row["territoire_id"] == tid and row["deleted_at"] is None]
        assert all(row["structure_id"] in alive for row in hung)
    open_view(shared, tid)


# What the kept sheet becomes.


def test_values_their_source_and_what_the_other_said(app: App, tid: int, load: Importer) -> None:
    """An empty field is filled, a filled one stays; where each comes from follows, the rest is remembered."""
    load("tableur", "identifiant;nom;type;téléphone;courriel\nT1;CMP Nord;CMP;;nord@exemple.fr\n")
    kept = structure(app, tid, "CMP du Nord", email="accueil@exemple.fr")
    gone = int(open_view(app, tid).structures.query("name == 'CMP Nord'").index[0])
    save_row(app, tid, "structures", {"phone": "0561000009"}, row_id=gone)
    merge(app, tid, kept, gone)
    row, known = get_row(app, "structures", kept), provenance_of(app, kept)
    assert (row["name"], row["email"], row["phone"]) == (
        "CMP du Nord",
        "accueil@exemple.fr",
        "05 61 00 00 09",
    )
    assert known["phone"][0] == "saisie"
    assert known["email"][0] == "saisie"
    said = {(item.field, item.source): item.value for item in statements_of(app, kept)}
    assert said["email", "tableur"] == "nord@exemple.fr"
    assert said["name", "tableur"] == "CMP Nord"


def test_a_choice_wins_over_the_rule(app: App, tid: int, pair: tuple[int, int]) -> None:
    kept, gone = pair
    merge(app, tid, kept, gone, choices={"name": "gone", "phone": "kept"})
    row = get_row(app, "structures", kept)
    assert (row["name"], row["phone"]) == ("Centre médico-psy Nord", "05 61 00 00 01")


def test_a_position_is_taken_whole(app: App, tid: int) -> None:
    """The longitude of one sheet with the latitude of the other would be a third place."""
    at = {"lon": 1.6, "lat": 48.1, "position_precision": "commune"}
    kept = structure(app, tid, "A", **at)
    gone = structure(app, tid, "B", lon=1.7, lat=48.2, position_precision="adresse")
    merge(app, tid, kept, gone)
    row = get_row(app, "structures", kept)
    assert (row["lon"], row["lat"], row["position_precision"]) == (1.7, 48.2, "adresse")


def test_a_capacity_is_taken_with_its_unit(app: App, tid: int) -> None:
    """Forty places and three professionals are not three places."""
    kept = save_row(app, tid, "structures", {"name": "Tenue", "types": ["cmp"]})
    told = {"name": "Part", "types": ["cmp"], "capacity": 3.0, "capacity_unit": "professionnels"}
    merge(app, tid, kept, save_row(app, tid, "structures", told))
    row = get_row(app, "structures", kept)
    assert (row["capacity"], row["capacity_unit"]) == (3, "professionnels")
    other = {"name": "Autre", "types": ["cmp"], "capacity": 40.0, "capacity_unit": "places"}
    merge(app, tid, kept, save_row(app, tid, "structures", other), choices={"capacity": "gone"})
    row = get_row(app, "structures", kept)
    assert (row["capacity"], row["capacity_unit"]) == (40, "places")


def test_a_street_is_not_completed_by_the_town_of_another(app: App, tid: int) -> None:
    kept = structure(app, tid, "A", address="1 rue A", commune="Essai")
    gone = structure(app, tid, "B", address="2 rue B", commune="Ailleurs", postcode="99002", insee="99102")
    merge(app, tid, kept, gone)
    row = get_row(app, "structures", kept)
    assert (row["address"], row["commune"], row["postcode"], row["insee"]) == ("1 rue A", "Essai", "", "")


def test_both_internal_notes_stay(app: App, tid: int) -> None:
    kept = structure(app, tid, "A", internal_note="appeler Ana")
    gone = structure(app, tid, "B", internal_note="fermé le lundi")
    merge(app, tid, kept, gone)
    assert get_row(app, "structures", kept)["internal_note"] == "appeler Ana\nfermé le lundi"


# What hangs on the sheets.


def test_the_tie_where_most_was_done_stays(app: App, tid: int, pair: tuple[int, int]) -> None:
    """The other is put aside: a quartier that was covered must not become «à relier» by a merge."""
    kept, gone = pair
    third = structure(app, tid, "CCAS")
    weak = relation(app, tid, third, kept, status="a_contacter")
    strong = relation(app, tid, third, gone, status="actif", intensity=5)
    merge(app, tid, kept, gone)
    assert get_row(app, "relations", weak)["deleted_at"] is not None
    assert get_row(app, "relations", strong)["deleted_at"] is None
    assert get_row(app, "relations", strong)["to_id"] == kept


def test_ties_of_opposite_ways_are_not_double(app: App, tid: int, pair: tuple[int, int]) -> None:
    kept, gone = pair
    third = structure(app, tid, "CCAS")
    relation(app, tid, third, kept, direction="aller")
    relation(app, tid, third, gone, direction="retour")
    merge(app, tid, kept, gone)
    assert len(open_view(app, tid).relations) == 2


def test_a_tie_between_the_two_is_put_aside(app: App, tid: int, pair: tuple[int, int]) -> None:
    """Nothing is in relation with itself; the tie is not in the trash either, undoing brings it back."""
    kept, gone = pair
    tie = relation(app, tid, kept, gone)
    merge_id = merge(app, tid, kept, gone)
    assert len(open_view(app, tid).relations) == 0
    assert deleted_rows(app, tid) == []
    unmerge(app, tid, merge_id)
    assert list(open_view(app, tid).relations.index) == [tie]


def test_a_contact_known_twice_stays_once_unless_it_says_more(
    app: App, tid: int, pair: tuple[int, int]
) -> None:
    kept, gone = pair
    for structure_id, name, phone in (
        (kept, "Ana Diaz", "0561000001"),
        (gone, "ana diaz", ""),
        (kept, "Léo Roux", "0561000002"),
        (gone, "Léo Roux", "0561000003"),
    ):
        save_row(app, tid, "contacts", {"structure_id": structure_id, "name": name, "phone": phone})
    merge(app, tid, kept, gone)
    assert sorted(open_view(app, tid).contacts["phone"]) == [
        "05 61 00 00 01",
        "05 61 00 00 02",
        "05 61 00 00 03",
    ]


def test_partners_and_hosts_of_actions_follow(app: App, tid: int, pair: tuple[int, int]) -> None:
    """A structure takes part once in an action."""
    kept, gone = pair
    both = save_action(app, tid, {"title": "A"}, partners=[(kept, "porteur"), (gone, "oriente")])
    alone = save_action(app, tid, {"title": "B", "host_id": gone}, partners=[(gone, "accueille")])
    merge(app, tid, kept, gone)
    with app.store.read() as connection:
        rows = connection.execute(select(action_partners)).mappings().all()
    assert {(row["action_id"], row["structure_id"], row["role"]) for row in rows} == {
        (both, kept, "porteur"),
        (alone, kept, "accueille"),
    }
    assert get_row(app, "actions", alone)["host_id"] == kept


def test_the_pivot_follows(app: App, tid: int, pair: tuple[int, int]) -> None:
    kept, gone = pair
    update_territoire(app, tid, pivot_uid=get_row(app, "structures", gone)["uid"])
    merge(app, tid, kept, gone)
    assert open_view(app, tid).pivot_id == kept


def test_an_answer_about_a_third_holds(app: App, tid: int, pair: tuple[int, int]) -> None:
    """«B is not C», then «A and B are one»: A is not C, nobody is asked again."""
    kept, gone = pair
    third = structure(app, tid, "CMP Sud")
    say_distinct(app, tid, gone, third)
    merge(app, tid, kept, gone)
    assert [(item.a_id, item.b_id) for item in distinct_pairs(app, tid)] == [(kept, third)]


# Both sources go on updating the sheet.


def test_importing_either_source_again_updates_the_kept_sheet(app: App, tid: int, load: Importer) -> None:
    """No third sheet appears, in whichever order the files come."""
    load("tableur", "identifiant;nom;type\nT1;CMP Nord;CMP\nT2;Centre médico-psychologique Nord;CMP\n")
    view = open_view(app, tid)
    ids = {row.uid: int(row.Index) for row in view.structures.itertuples()}
    kept, gone = ids["tableur--T1"], ids["tableur--T2"]
    merge(app, tid, kept, gone)
    load("tableur", "identifiant;nom;type;téléphone\nT2;CMP Nord;CMP;05 61 00 00 07\n", "deux.csv")
    assert list(open_view(app, tid).structures.index) == [kept]
    assert get_row(app, "structures", kept)["phone"] == "05 61 00 00 07"
    report = load("tableur", "identifiant;nom;type;téléphone\nT1;CMP Nord;CMP;05 61 00 00 08\n", "trois.csv")
    assert report.created == 0
    assert get_row(app, "structures", kept)["phone"] == "05 61 00 00 08"


def test_a_file_of_ties_may_name_the_sheet_that_went(app: App, tid: int, load: Importer) -> None:
    load("tableur", "identifiant;nom;type\nT1;CMP Nord;CMP\nT2;CMP du Nord;CMP\nT3;CCAS;CCAS\n")
    ids = {row.uid: int(row.Index) for row in open_view(app, tid).structures.itertuples()}
    ties = "de;vers;objet\nT3;T2;orientation\n"
    load("relations", ties, "liens.csv")
    merge(app, tid, ids["tableur--T1"], ids["tableur--T2"])
    report = load("relations", ties + "T2;T3;convention\n", "liens2.csv")
    assert (report.created, len(report.refused)) == (1, 0)
    assert set(open_view(app, tid).relations["to_id"]) | set(open_view(app, tid).relations["from_id"]) == {
        ids["tableur--T1"],
        ids["tableur--T3"],
    }


def test_a_file_means_the_tie_that_stayed(app: App, tid: int, load: Importer) -> None:
    """Not its double that the merge put aside, whichever of the two is older."""
    load("tableur", "identifiant;nom;type\nT1;CMP Nord;CMP\nT2;CMP du Nord;CMP\nT3;CCAS;CCAS\n")
    ids = {row.uid[-2:]: int(row.Index) for row in open_view(app, tid).structures.itertuples()}
    strong = relation(app, tid, ids["T3"], ids["T2"], status="actif")
    relation(app, tid, ids["T3"], ids["T1"], status="a_contacter")
    merge(app, tid, ids["T1"], ids["T2"])
    load("relations", "de;vers;objet;sens;note\nT3;T1;orientation;réciproque;vue\n", "liens.csv")
    assert get_row(app, "relations", strong)["note"] == "vue"


def test_merges_in_a_chain_lead_to_the_last(app: App, tid: int, load: Importer) -> None:
    """A into B, B into C: a file that names A means C; undone in the other order only."""
    load("tableur", "identifiant;nom;type\nA;Nord;CMP\nB;Nord bis;CMP\nC;Nord ter;CMP\n")
    ids = {row.uid[-1]: int(row.Index) for row in open_view(app, tid).structures.itertuples()}
    first = merge(app, tid, ids["B"], ids["A"])
    second = merge(app, tid, ids["C"], ids["B"])
    load("tableur", "identifiant;nom;type;téléphone\nA;Nord;CMP;05 61 00 00 07\n", "deux.csv")
    assert get_row(app, "structures", ids["C"])["phone"] == "05 61 00 00 07"
    with pytest.raises(RefusedInput, match="défaites d'abord"):
        unmerge(app, tid, first)
    unmerge(app, tid, second)
    unmerge(app, tid, first)
    assert sorted(open_view(app, tid).structures.index) == sorted(ids.values())


def test_lines_of_one_file_that_were_merged_are_not_refused(app: App, tid: int, load: Importer) -> None:
    """The file still lists both, and later all three: none of its lines is a mistake of the person."""
    text = "identifiant;nom;type\nA;Nord;CMP\nB;Nord bis;CMP\nC;Nord ter;CMP\n"
    load("tableur", text)
    ids = {row.uid[-1]: int(row.Index) for row in open_view(app, tid).structures.itertuples()}
    for gone in "AB":
        merge(app, tid, ids["C"] if gone == "B" else ids["B"], ids[gone])
        report = load("tableur", text + "\n" * (gone == "B"), f"{gone}.csv")
        assert (report.created, report.updated, len(report.refused)) == (0, 0, 0)


HEAD = "finess;etalab;00;2026-05-12\n"


def register_line(number: str, name: str) -> str:
    """One establishment of the commune 99101, as the register's extraction writes it."""
    cells = ["structureet", number, "310000000", name, name, *[""] * 7, "101", "99", "ESSAI", "99101 ESSAI"]
    return ";".join([*cells, "", "", "156", "CMP", *[""] * 12]) + "\n"


ONE, TWO = register_line("990000001", "CMP UN"), register_line("990000002", "CMP DEUX")


def test_an_identifier_taken_over_is_not_a_line_written_twice(app: App, tid: int, load: Importer) -> None:
    """The sheet that goes was known to the register by a number of its own: both lines mean one sheet now."""
    load("tableur", "identifiant;nom;type;finess\nT1;CMP deux;CMP;990000002\n", "t.csv")
    load("finess", HEAD + ONE + TWO)
    ids = {row.uid: int(row.Index) for row in open_view(app, tid).structures.itertuples()}
    assert set(ids) == {"tableur--T1", "finess--990000001"}
    merge(app, tid, ids["finess--990000001"], ids["tableur--T1"])
    report = load("finess", HEAD + TWO + ONE, "f2.csv")
    assert (report.created, len(report.refused)) == (0, 0)
    assert get_row(app, "structures", ids["finess--990000001"])["name"] == "CMP UN"


def test_a_sheet_that_another_source_knows_by_a_merge_stays_open(app: App, tid: int, load: Importer) -> None:
    """The register no longer lists it, the team's table does: nobody said it is closed."""
    load("finess", HEAD + ONE + TWO)
    load("tableur", "identifiant;nom;type\nT1;CMP deux;CMP\n", "t.csv")
    ids = {row.uid: int(row.Index) for row in open_view(app, tid).structures.itertuples()}
    merge(app, tid, ids["finess--990000002"], ids["tableur--T1"])
    load("finess", HEAD + ONE, "f2.csv")
    assert get_row(app, "structures", ids["finess--990000002"])["closed"] is False


# Undoing after life went on.


def test_what_was_changed_since_stays_and_is_said(app: App, tid: int, pair: tuple[int, int]) -> None:
    kept, gone = pair
    save_row(app, tid, "structures", {"email": "b@exemple.fr", "website": "https://exemple.fr"}, row_id=gone)
    merge_id = merge(app, tid, kept, gone)
    save_row(app, tid, "structures", {"email": "c@exemple.fr"}, row_id=kept)
    tie = relation(app, tid, kept, structure(app, tid, "CCAS"))
    left = unmerge(app, tid, merge_id)
    row = get_row(app, "structures", kept)
    assert (row["email"], row["website"]) == ("c@exemple.fr", "")
    assert [(item.table, item.key, item.columns) for item in left] == [
        ("structures", {"id": kept}, ("email",))
    ]
    assert get_row(app, "relations", tie)["from_id"] == kept
    assert provenance_of(app, kept)["email"][0] == "saisie"


def test_a_note_written_since_on_a_moved_tie_goes_back_with_it(
    app: App, tid: int, pair: tuple[int, int]
) -> None:
    kept, gone = pair
    tie = relation(app, tid, structure(app, tid, "CCAS"), gone)
    merge_id = merge(app, tid, kept, gone)
    save_row(app, tid, "relations", {"note": "revue en novembre"}, row_id=tie)
    assert unmerge(app, tid, merge_id) == []
    row = get_row(app, "relations", tie)
    assert (row["to_id"], row["note"]) == (gone, "revue en novembre")


def test_a_contact_erased_since_stays_erased(app: App, tid: int, pair: tuple[int, int]) -> None:
    """Personal data erased for good must not come back, not even from the record of a merge."""
    kept, gone = pair
    contact = save_row(
        app, tid, "contacts", {"structure_id": gone, "name": "Ana Diaz", "phone": "0600000000"}
    )
    merge_id = merge(app, tid, kept, gone)
    delete_row(app, tid, "contacts", contact)
    purge_row(app, tid, "contacts", contact)
    with app.store.read() as connection:
        record = str(connection.execute(select(metadata.tables["merges"].c.undo)).scalar_one())
    assert "Ana" not in record
    assert "0600000000" not in record
    unmerge(app, tid, merge_id)
    with pytest.raises(NotFound):
        get_row(app, "contacts", contact)


def test_a_merged_sheet_is_not_in_the_trash(app: App, tid: int, pair: tuple[int, int]) -> None:
    """It is not deleted: only undoing the merge brings it back."""
    kept, gone = pair
    merge_id = merge(app, tid, kept, gone, author="Ana")
    assert deleted_rows(app, tid) == []
    with pytest.raises(RefusedInput, match="défaites la fusion"):
        restore_row(app, tid, "structures", gone)
    assert [(item.id, item.author, item.undone_on) for item in list_merges(app, tid)] == [
        (merge_id, "Ana", None)
    ]
    unmerge(app, tid, merge_id)
    assert list_merges(app, tid)[0].undone_on is not None


def test_a_merged_sheet_stands_by_itself_when_the_other_is_erased(
    app: App, tid: int, pair: tuple[int, int]
) -> None:
    """Otherwise it would be nowhere: neither in the directory, nor in the trash, nor in the merges."""
    kept, gone = pair
    merge(app, tid, kept, gone)
    delete_row(app, tid, "structures", kept)
    purge_row(app, tid, "structures", kept)
    assert [row["id"] for _, row in deleted_rows(app, tid)] == [gone]
    restore_row(app, tid, "structures", gone)
    assert list(open_view(app, tid).structures.index) == [gone]


@pytest.mark.parametrize("choices", [{"nom": "gone"}, {"name": "les deux"}, {"lon": "kept", "lat": "gone"}])
def test_a_choice_that_is_none_is_refused(
    app: App, tid: int, pair: tuple[int, int], choices: dict[str, str]
) -> None:
    before = everything(app)
    with pytest.raises(RefusedInput):
        merge(app, tid, *pair, choices=choices)
    assert everything(app) == before


def test_what_cannot_be_merged(app: App, tid: int, pair: tuple[int, int]) -> None:
    kept, gone = pair
    elsewhere = create_territoire(app, "Ailleurs", communes=["99102"]).id
    with pytest.raises(RefusedInput, match="deux fois"):
        merge(app, tid, kept, kept)
    with pytest.raises(NotFound):
        merge(app, elsewhere, kept, gone)
    merge_id = merge(app, tid, kept, gone)
    with pytest.raises(RefusedInput, match="déjà fusionnée"):
        merge(app, tid, kept, gone)
    with pytest.raises(NotFound):
        unmerge(app, elsewhere, merge_id)
    unmerge(app, tid, merge_id)
    with pytest.raises(RefusedInput, match="déjà défaite"):
        unmerge(app, tid, merge_id)
    delete_row(app, tid, "structures", gone)
    with pytest.raises(RefusedInput, match="corbeille"):
        merge(app, tid, kept, gone)


def test_a_version_seen_before_never_means_another_content(app: App, tid: int, pair: tuple[int, int]) -> None:
    """Somebody who had the sheet on screen before a merge and its undoing is told that it moved."""
    kept, gone = pair
    seen = get_row(app, "structures", kept)["version"]
    save_row(app, tid, "structures", {"email": "b@exemple.fr"}, row_id=gone)
    unmerge(app, tid, merge(app, tid, kept, gone))
    with app.store.read() as connection:
        query = select(structures.c.version).where(structures.c.id == kept)
        assert connection.execute(query).scalar_one() > seen


def test_a_merge_can_be_undone_after_a_backup_was_restored(tmp_path: Path) -> None:
    """Its record is JSON like the rest: another database reads it."""
    urls = [f"sqlite:///{tmp_path / name}" for name in ("un.db", "deux.db")]
    with closing(open_app(load_config({"RESEAU_DATABASE_URL": urls[0]}))) as first:
        tid = create_territoire(first, "Essai", communes=["99101"]).id
        kept, gone = structure(first, tid, "A"), structure(first, tid, "B", phone="0561000001")
        before = everything(first)
        merge_id = merge(first, tid, kept, gone)
        save_backup(first, tmp_path / "s.zip")
    with closing(open_app(load_config({"RESEAU_DATABASE_URL": urls[1]}))) as second:
        restore_backup(second, tmp_path / "s.zip")
        unmerge(second, tid, merge_id)
        assert everything(second) == before


@pytest.mark.parametrize(
    ("own", "other", "after"),
    [
        # The one that stays says nothing: it takes all the other's.
        (
            {},
            {"texts": {"fr": "Autre."}, "needs": ("droits",)},
            {"texts": {"fr": "Autre."}, "needs": ("droits",)},
        ),
        # What it says is its own, as a whole: two sentences of one text must not be from two people.
        (
            {"texts": {"fr": "Ici."}},
            {"texts": {"fr": "Autre.", "ar": "آخر"}, "needs": ("droits",)},
            {"texts": {"fr": "Ici."}, "needs": ("droits",)},
        ),
        # No need at all is an answer.
        ({"needs": ()}, {"needs": ("droits",)}, {"needs": ()}),
        # A place somebody hid never appears by a merge.
        ({"texts": {"fr": "Ici."}}, {"hidden": True}, {"texts": {"fr": "Ici."}, "hidden": True}),
        ({"hidden": True}, {}, {"hidden": True}),
        # A mobile number is public for the one it is of.
        ({}, {"show_mobile": True, "hidden": True}, {"hidden": True}),
        ({"show_mobile": True}, {"hidden": True}, {"show_mobile": True, "hidden": True}),
    ],
)
def test_words_of_the_screens_follow(
    app: App, tid: int, own: dict[str, Any], other: dict[str, Any], after: dict[str, Any]
) -> None:
    kept = structure(app, tid, "CMP Nord", phone="06 39 98 00 01")
    gone = structure(app, tid, "Centre médico-psy Nord", phone="06 39 98 00 02")
    for row_id, said in ((kept, own), (gone, other)):
        save_place(app, tid, ScreenPlace(structure_id=row_id, **said), version=0)
    before = [get_place(app, tid, row_id).record for row_id in (kept, gone)]
    merge_id = merge(app, tid, kept, gone)
    assert get_place(app, tid, kept).record == ScreenPlace(structure_id=kept, **after)
    assert get_place(app, tid, gone).version == 0
    unmerge(app, tid, merge_id)
    assert [get_place(app, tid, row_id).record for row_id in (kept, gone)] == before


def test_a_mobile_number_that_came_along_stays_public(app: App, tid: int) -> None:
    kept, gone = structure(app, tid, "CMP Nord"), structure(app, tid, "CMP", phone="06 39 98 00 02")
    save_place(app, tid, ScreenPlace(structure_id=gone, show_mobile=True), version=0)
    merge(app, tid, kept, gone)
    assert get_place(app, tid, kept).record.show_mobile


def test_words_that_came_along_leave_even_after_another_merge_was_undone(app: App, tid: int) -> None:
    """The second merge and its undoing changed those words and put them back: they are still the other's."""
    kept, gone, third = (structure(app, tid, name) for name in ("CMP Nord", "CMP", "CMP du Nord"))
    save_place(app, tid, ScreenPlace(structure_id=gone, texts={"fr": "On vous écoute."}), version=0)
    save_place(app, tid, ScreenPlace(structure_id=third, hidden=True), version=0)
    before = everything(app)
    merge_id = merge(app, tid, kept, gone)
    assert unmerge(app, tid, merge(app, tid, kept, third)) == []
    assert unmerge(app, tid, merge_id) == []
    assert everything(app) == before
