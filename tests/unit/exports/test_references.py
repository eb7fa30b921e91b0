"""How a structure is named in a file, so that an import finds it again."""

import pytest

from reseau.exports._references import References
from tests.unit.exports.bundles import bundle


def _references(**names):
    full = bundle()
    for structure_id, name in names.items():
        full.structures.at[int(structure_id[1:]), "name"] = name
    return References(full)


def test_a_clear_name_is_written_as_it_is():
    assert References(bundle()).name(11, "+Sans rien") == "+Sans rien"


@pytest.mark.parametrize("name", ["CMP | annexe", "CMP\nannexe", "CMP\x00"])
def test_a_name_that_would_not_read_back_gives_way_to_the_uid(name):
    assert _references(_9=name).name(9, name) == "finess--010000024"


def test_two_structures_of_one_name_are_told_apart():
    references = _references(_9="CMP", _11="CMP")
    assert references.name(9, "CMP") == "finess--010000024"
    assert references.name(11, "CMP") == "tableur--sans-rien"


def test_nobody_is_nobody():
    assert References(bundle()).name(None, "") is None


def test_every_type_label_reads_back_to_its_type():
    full = bundle()
    references = References(full)
    for item in full.typology:
        label = references.type_label(item.code)
        assert full.typology.recognise_all(f"{label} | CMP")[0][0] == item.code
        assert full.typology.recognise_all(label) == ((item.code,), ())
    assert references.type_label("inconnu") == "inconnu"
