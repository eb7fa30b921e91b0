"""National directories weigh 250 MB: read object by object, and refused whole when a download was cut."""

import io
import json
import tracemalloc

import pytest

from reseau.errors import RefusedInput
from reseau.sources import _json_objects
from reseau.sources._json_objects import json_objects

KEYS = ("service", "features")
ROWS = [{"id": "a", "plage": [{"jour": "lundi"}]}, {"id": "b]}", "plage": []}, {"id": "é"}]
LISTED = json.dumps(ROWS).encode()


def read(content: bytes) -> list[dict]:
    return [row for _, row in json_objects(io.BytesIO(content), "fichier.json", keys=KEYS)]


@pytest.mark.parametrize(
    "content",
    [
        LISTED,
        b"\xef\xbb\xbf \n" + LISTED,
        b'{"service" : ' + LISTED + b"}",
        b'{"date": "2026-01-01", "total": {"n": 3}, "features": ' + LISTED + b', "autre": [1, 2]}',
        json.dumps(ROWS, indent=2).encode(),
        json.dumps({"service": ROWS}, indent=1, ensure_ascii=False).encode(),
        b"\n".join(json.dumps(row).encode() for row in ROWS),
        b"\r\n".join(json.dumps(row).encode() for row in ROWS) + b"\n\n",
    ],
    ids=["liste", "marque", "clé", "clé au milieu", "indentée", "objet indenté", "lignes", "lignes Windows"],
)
def test_shapes(content: bytes):
    assert read(content) == ROWS


def test_one_object_alone_is_one_line():
    assert read(b'{"id": "a"}') == [{"id": "a"}]


def test_numbers_start_at_one():
    assert [number for number, _ in json_objects(io.BytesIO(LISTED), "f", keys=KEYS)] == [1, 2, 3]


@pytest.mark.parametrize("cut", [len(LISTED) - 1, len(LISTED) // 2, 30])
def test_a_cut_document_is_refused(cut: int):
    """Half a directory would make the other half look absent."""
    with pytest.raises(RefusedInput, match=r"fichier\.json"):
        read(LISTED[:cut])
    with pytest.raises(RefusedInput, match=r"fichier\.json"):
        read(b'{"service": ' + LISTED[:cut])


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"nom;type\n",
        b'"texte"',
        b"[1, 2]",
        b'{"service": [[1]]}',
        b'{"a": 1}\n{"b": ',
        b"[" * 100_000,
        b'[{"a": ' + b"[" * 100_000,
        b'[{"a": ' + b"9" * 10_000 + b"}]",
        '[{"a": "é"}]'.encode("latin-1"),
    ],
    ids=["vide", "csv", "texte", "nombres", "listes", "ligne", "crochets", "profond", "nombre", "latin"],
)
def test_what_is_not_a_list_of_objects_is_refused(content: bytes):
    with pytest.raises(RefusedInput, match=r"fichier\.json"):
        read(content)


def test_a_line_has_an_end(monkeypatch: pytest.MonkeyPatch):
    """A document of one line without end would be held whole."""
    monkeypatch.setattr(_json_objects, "_MAX_LINE", 60)
    lines = b'{"a": 1}\n{"a": 2}\n{"a": "' + b"x" * 100 + b'"}\n'
    with pytest.raises(RefusedInput, match="après la fiche 2"):
        list(json_objects(io.BytesIO(lines), "f.json", keys=()))


def test_a_large_document_never_sits_in_memory():
    row = json.dumps({"id": "x" * 2_000}).encode()
    content = b'{"service": [' + b",".join([row] * 20_000) + b"]}"
    stream = io.BytesIO(content)
    tracemalloc.start()
    assert sum(1 for _ in json_objects(stream, "fichier.json", keys=KEYS)) == 20_000
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < len(content) / 2
