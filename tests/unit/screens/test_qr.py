"""A code is scanned by a stranger's telephone: it leads where it says, or it is not there."""

from __future__ import annotations

import re

import pytest
import segno

from reseau.screens.qr import MAX_LENGTH, QUIET, qr_path, web_address

ADDRESS = "https://www.exemple.fr/nos-services/accueil?q=1"


def test_the_path_draws_the_code() -> None:
    """Filled module by module, it is the matrix of the encoder, its quiet zone around."""
    path, size = qr_path(ADDRESS)
    dark = set()
    for x, y, width in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\3z", path):
        dark |= {(int(x) + step, int(y)) for step in range(int(width))}
    matrix = segno.make(ADDRESS, error="l", micro=False, boost_error=False).matrix
    assert dark == {
        (x + QUIET, y + QUIET) for y, row in enumerate(matrix) for x, cell in enumerate(row) if cell
    }
    assert size == len(matrix) + 2 * QUIET
    assert re.fullmatch(r"(M\d+ \d+h\d+v1h-\d+z)+", path), "the path holds drawing orders and nothing else"


@pytest.mark.parametrize(
    "address",
    ["", "exemple.fr", "javascript:alert(1)", "file:///etc/passwd", "ftp://exemple.fr", "https://", "https:///x",
     "https://moi:secret@exemple.fr", "https://exemple.fr/<script>", 'https://exemple.fr/"x',
     "https://exemple.fr/a b", "https://exemple.fr:99999", "https://[", "https://exemple..fr", "https://exemple.fr\n",
     "tel:0612345678"],
)  # fmt: skip
def test_what_is_not_a_plain_web_address_has_no_code(address: str) -> None:
    assert web_address(address, local=True) == ""
    assert qr_path(address) == ("", 0)


@pytest.mark.parametrize(
    "address", ["http://serveur:8501", "http://10.0.0.2:8501", "http://localhost", "http://[::1]:80"]
)
def test_a_machine_of_the_local_network_is_for_the_screen_only(address: str) -> None:
    assert web_address(address, local=True) == address
    assert web_address(address) == ""


def test_an_address_too_long_to_be_scanned_has_no_code() -> None:
    assert qr_path("https://exemple.fr/" + "a" * MAX_LENGTH) == ("", 0)
    assert qr_path("https://exemple.fr/" + "a" * (MAX_LENGTH - 19))[1] > 0
