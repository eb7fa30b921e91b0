"""House rules that neither ruff, mypy nor import-linter check, read from the source without running it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[1]
PACKAGE = PROJECT / "reseau"
MIGRATIONS = PACKAGE / "store" / "migrations"
MAX_LINES, MAX_STATEMENTS, MAX_PARAMETERS = 400, 50, 6
Function = ast.FunctionDef | ast.AsyncFunctionDef

# What looks like an address but leads nowhere: names of XML vocabularies, ways to say how one is written,
# examples, this machine.
ADDRESS = re.compile(r"https?://[^\s\"'`<>)]*")
NOWHERE = re.compile(
    r"http://www\.w3\.org/.*|https?://[….,]*"
    r"|https?://(?:[\w-]+\.)*(?:exemple\.fr|example|invalid|127\.0\.0\.1|localhost)[.,]?(?:[/:?#].*)?"
)


def _sources(folder: Path, pattern: str = "*.py") -> list[Path]:
    return sorted(path for path in folder.rglob(pattern) if "__pycache__" not in path.parts)


def _product() -> list[Path]:
    return [*_sources(PACKAGE), PROJECT / "app.py"]


def _product_assets() -> list[Path]:
    return [path for pattern in ("*.js", "*.css", "*.html", "*.svg") for path in _sources(PACKAGE, pattern)]


def _name(path: Path) -> str:
    return str(path.relative_to(PROJECT))


@cache
def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def _functions(path: Path) -> Iterator[Function]:
    for node in ast.walk(_tree(path)):
        if isinstance(node, Function):
            yield node


def _imports(path: Path) -> set[str]:
    """Full names of everything a file imports."""
    found: set[str] = set()
    for node in ast.walk(_tree(path)):
        if isinstance(node, ast.Import):
            found |= {item.name for item in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{item.name}" for item in node.names)}
    return found


def _dotted(node: ast.expr) -> str:
    """`a.b.c` as text, empty for anything else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute) and (left := _dotted(node.value)):
        return f"{left}.{node.attr}"
    return ""


def _calls(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield _dotted(node.func)


def _statements(function: Function) -> int:
    """Statements of a function, its docstring aside."""
    own = sum(isinstance(node, ast.stmt) for node in ast.walk(function)) - 1
    return own - (ast.get_docstring(function) is not None)


def _parameters(function: Function) -> list[str]:
    arguments = function.args
    names = [item.arg for item in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)]
    return [name for name in names if name not in {"self", "cls"}]


@pytest.mark.parametrize("path", [*_product(), *_product_assets()], ids=_name)
def test_a_file_is_read_in_one_sitting(path: Path) -> None:
    """A migration is the history of the tables: it is written once and never edited."""
    if MIGRATIONS in path.parents:
        assert "def upgrade" in path.read_text(encoding="utf-8") or path.name == "env.py"
        return
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MAX_LINES


def test_functions_are_small_and_take_few_parameters() -> None:
    """A long function hides two, a long signature a record."""
    too_big = [
        f"{_name(path)}:{function.lineno} {function.name}: {_statements(function)} statements, "
        f"{len(_parameters(function))} parameters"
        for path in _product()
        if MIGRATIONS not in path.parents
        for function in _functions(path)
        if _statements(function) > MAX_STATEMENTS or len(_parameters(function)) > MAX_PARAMETERS
    ]
    assert too_big == []


def test_what_is_public_is_documented() -> None:
    """A name without underscore is a promise to somebody in another file."""
    silent = [
        f"{_name(path)}:{node.lineno} {node.name}"
        for path in _product()
        if MIGRATIONS not in path.parents
        for node in _tree(path).body
        if isinstance(node, Function | ast.ClassDef)
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
    ]
    assert silent == []


def test_nothing_is_left_to_do_in_the_code() -> None:
    """What is not done is an issue or a limit told in the documentation, not a comment nobody reads."""
    mark = re.compile(r"\b(?:TODO|FIXME|XXX)\b")
    left = [
        f"{_name(path)}:{number}"
        for path in [*_product(), *_product_assets()]
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if mark.search(line)
    ]
    assert left == []


def test_no_text_becomes_code_or_markup() -> None:
    """The doors by which a partner's name would run: HTML from Python, unpickling, evaluation."""
    forbidden_calls = {"eval", "exec", "compile", "__import__"}
    forbidden_imports = {"pickle", "marshal", "shelve", "dill", "cloudpickle", "joblib"}
    found = []
    for path in _product():
        roots = {name.partition(".")[0] for name in _imports(path)}
        found += [f"{_name(path)} imports {name}" for name in roots & forbidden_imports]
        found += [f"{_name(path)} calls {name}" for name in _calls(_tree(path)) if name in forbidden_calls]
        if "streamlit.components.v1.html" in _imports(path):
            found.append(f"{_name(path)} imports components.v1.html")
        found += [
            f"{_name(path)} calls {name}"
            for name in _calls(_tree(path))
            if name.endswith(("components.v1.html", "components.html", "read_pickle", "to_pickle"))
        ]
        found += [
            f"{_name(path)}:{node.lineno} unsafe HTML"
            for node in ast.walk(_tree(path))
            if isinstance(node, ast.keyword) and node.arg in {"unsafe_allow_html", "unsafe_allow_javascript"}
        ]
    assert found == []


def test_html_written_by_pages_is_constant() -> None:
    """`st.html` shows markup: only style sheets of the project, read once at import, go through it."""
    found = []
    for path in _sources(PACKAGE / "ui"):
        constants = {
            target.id
            for node in _tree(path).body
            if isinstance(node, ast.Assign) and ".css" in ast.unparse(node.value)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        for node in ast.walk(_tree(path)):
            if isinstance(node, ast.Call) and _dotted(node.func) in {"st.html", "streamlit.html"}:
                names = {part.id for part in ast.walk(node.args[0]) if isinstance(part, ast.Name)}
                found.append((f"{_name(path)}:{node.lineno}", bool(names) and names <= constants))
    assert found
    assert [place for place, constant in found if not constant] == []


def test_scripts_write_text_as_text() -> None:
    """In our own scripts a text from data reaches the page by `textContent`, never as markup or code."""
    doors = re.compile(
        r"insertAdjacentHTML|outerHTML|document\.write|\beval\(|new Function\(|\.innerHTML\s*=(?!\s*['\"]{2})"
    )
    found = [
        f"{_name(path)}:{number}: {line.strip()[:80]}"
        for path in _sources(PACKAGE, "*.js")
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if doors.search(line)
    ]
    assert found == []


def test_streamlit_stays_in_the_interface() -> None:
    """The command line and the services must work where Streamlit is not installed."""
    users = {
        path
        for path in _product()
        if any(name.partition(".")[0] in {"streamlit", "streamlit_folium"} for name in _imports(path))
    }
    assert users
    assert {path for path in users if PACKAGE / "ui" not in path.parents} <= {PROJECT / "app.py"}


def _intrudes(name: str, importer: str) -> bool:
    """Whether a full name goes through a `_module` of a package that the importer is not in."""
    parts = name.split(".")
    rooms = [".".join(parts[:at]) for at, part in enumerate(parts) if re.match("_[^_]", part)]
    return parts[0] == "reseau" and any(not f"{importer}.".startswith(f"{room}.") for room in rooms)


def test_a_room_is_entered_by_its_public_modules() -> None:
    """A `_module` belongs to its package: another one imports what a public module of it gives."""
    found = [
        f"{_name(path)} imports {name}"
        for path in _product()
        for name in sorted(_imports(path))
        if _intrudes(name, ".".join(path.relative_to(PROJECT).with_suffix("").parts))
    ]
    assert found == []


def test_the_browser_is_sent_nowhere() -> None:
    """Nothing shown asks a remote address: no CDN, no remote font, no call home.

    Tiles and geocoder have their addresses in `reseau/config.py`, where a team changes or empties them.
    """
    found = [
        f"{_name(path)}: {url}"
        for folder in (PACKAGE / "ui", PACKAGE / "maps")
        for pattern in ("*.py", "*.js", "*.css", "*.html", "*.svg")
        for path in _sources(folder, pattern)
        for url in ADDRESS.findall(path.read_text(encoding="utf-8"))
        if not NOWHERE.fullmatch(url)
    ]
    assert found == []


def test_addresses_of_services_are_in_one_place() -> None:
    """Whoever wants to know what the software may speak to reads one file (and the sources' own cards)."""
    found = [
        f"{_name(path)}: {url}"
        for path in _product()
        if path != PACKAGE / "config.py"
        for node in ast.walk(_tree(path))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        for url in ADDRESS.findall(node.value)
        if not NOWHERE.fullmatch(url)
    ]
    assert found == []


def _asserts(tree: ast.AST, helpers: dict[str, Function], seen: frozenset[str] = frozenset()) -> bool:
    """Whether a piece of test can fail: itself, or through a function of the same file that it calls."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Assert | ast.Raise):
            return True
        if not isinstance(node, ast.Call):
            continue
        name = _dotted(node.func)
        last = name.rpartition(".")[2]
        if name in {"pytest.raises", "pytest.warns", "pytest.fail", "expect"} or "assert" in last:
            return True
        # A browser's waits fail when what they wait for does not come.
        if isinstance(node.func, ast.Attribute) and node.func.attr.startswith("wait_for"):
            return True
        if name in helpers and name not in seen and _asserts(helpers[name], helpers, seen | {name}):
            return True
    return False


@pytest.mark.parametrize("path", _sources(PROJECT / "tests", "test_*.py"), ids=_name)
def test_every_test_can_fail(path: Path) -> None:
    """A test without an assertion only says that nothing crashed."""
    functions = {item.name: item for item in _functions(path)}
    tests = [item for name, item in functions.items() if name.startswith("test")]
    assert tests, "a test file without a test"
    assert [item.name for item in tests if not _asserts(item, functions)] == []
