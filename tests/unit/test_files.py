"""A file is written whole or not at all."""

import pytest

from reseau.errors import RefusedInput
from reseau.files import replacing


def test_the_file_appears_whole(tmp_path):
    path = tmp_path / "essai.csv"
    path.write_text("ancien")
    with replacing(path) as temporary:
        temporary.write_text("nouveau")
        assert path.read_text() == "ancien"
    assert path.read_text() == "nouveau"
    assert list(tmp_path.iterdir()) == [path]


def test_a_failure_leaves_the_old_file_and_no_litter(tmp_path):
    path = tmp_path / "essai.csv"
    path.write_text("ancien")
    with pytest.raises(ZeroDivisionError), replacing(path) as temporary:
        1 / temporary.write_text("")
    assert path.read_text() == "ancien"
    assert list(tmp_path.iterdir()) == [path]


def test_a_missing_folder_is_said_in_french(tmp_path):
    path = tmp_path / "absent" / "essai.csv"
    with pytest.raises(RefusedInput, match="dossier existe"), replacing(path) as temporary:
        temporary.write_text("x")


def test_a_folder_in_the_place_of_the_file_is_said_in_french(tmp_path):
    path = tmp_path / "essai.csv"
    path.mkdir()
    with pytest.raises(RefusedInput, match="Impossible d'écrire"), replacing(path) as temporary:
        temporary.write_text("x")
    assert list(tmp_path.iterdir()) == [path]
