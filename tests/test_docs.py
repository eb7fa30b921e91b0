"""The documentation says what the software does: nothing plugged in is left untold, no link is dead."""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from reseau.cli import main
from reseau.cli.parser import build_parser
from reseau.config import load_config
from reseau.exports import all_exports
from reseau.exports._public import PUBLIC
from reseau.gaps import all_measures
from reseau.model.records import Territoire
from reseau.model.typology import load_typology, normalise
from reseau.model.vocabulary import STATE_LABELS, STATE_SIGNS, State
from reseau.services.catalogue import page_about, page_files
from reseau.services.screen_languages import list_languages
from reseau.sources import all_sources
from reseau.sources._tabular import TabularSource

PROJECT = Path(__file__).resolve().parents[1]
DOCS = PROJECT / "docs"
PAGES = sorted(
    [*DOCS.rglob("*.md"), *(PROJECT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md"))]
)
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
MAX_PICTURE_BYTES = 300_000


def text_of(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def name_of(path: Path) -> str:
    return str(path.relative_to(PROJECT))


def commands(parser: argparse.ArgumentParser, prefix: str = "") -> Iterator[tuple[str, argparse.Action]]:
    """(full verb, option or positional) of everything a person may type."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for verb, child in action.choices.items():
                yield from commands(child, f"{prefix} {verb}".strip())
        else:
            yield prefix, action


def slug(heading: str) -> str:
    """Anchor of a heading, as GitHub and its kin make it."""
    bare = re.sub(r"[^\w\- ]", "", heading.strip().lower().replace("`", ""))
    return bare.replace(" ", "-")


def anchors(path: Path) -> set[str]:
    prose = FENCE.sub("", path.read_text(encoding="utf-8"))
    return {slug(line.lstrip("#")) for line in prose.splitlines() if line.startswith("#")}


def test_every_verb_has_a_section() -> None:
    guide = text_of("ligne-de-commande.md")
    verbs = {verb for verb, _ in commands(build_parser()) if verb and verb != "territoire"}
    assert verbs
    assert verbs - {line[3:] for line in guide.splitlines() if line.startswith("## ")} == set()


def test_every_option_is_told() -> None:
    guide = text_of("ligne-de-commande.md")
    options = {option for _, action in commands(build_parser()) for option in action.option_strings}
    assert "--si-vide" in options
    assert [option for option in sorted(options) if f"`{option}" not in guide] == []


def test_everything_plugged_in_is_named_where_it_is_explained() -> None:
    """A source, an export, a measure or a page that is added is told, or this fails."""
    missing = [
        f"{plugin} in {page}"
        for page, plugins in (
            ("importer.md", all_sources()),
            ("sources.md", all_sources()),
            ("exports.md", all_exports()),
            ("comprendre-les-chiffres.md", all_measures()),
            ("ligne-de-commande.md", all_sources()),
            ("ligne-de-commande.md", all_exports()),
        )
        for plugin in plugins
        if f"`{plugin}`" not in text_of(page)
    ]
    assert missing == []


def test_every_page_has_a_section_and_no_section_is_about_nothing() -> None:
    titles = [page_about(path)["TITLE"] for path in page_files()]
    sections = [line[3:] for line in text_of("pages.md").splitlines() if line.startswith("## ")]
    assert sections == titles


def test_columns_of_tables_are_those_of_the_sources() -> None:
    """Each table's list of columns, with the ones it cannot do without in bold."""
    guide = text_of("importer.md").replace("\n", " ")
    for source_id, source in all_sources().items():
        if not isinstance(source, TabularSource):
            continue
        told = re.search(rf"- `{source_id}` : (.+?\.) (?=- `|\*\*Le type)", re.sub(r" +", " ", guide))
        assert told, source_id
        for column in source.columns:
            shown = f"**{column.header}**" if column.needed else column.header
            assert shown in told[1], (source_id, column.header)


def test_claims_of_completeness_are_all_told() -> None:
    """What lets a state be «absent» is public: the list of types is exactly the source's."""
    section = text_of("sources.md").partition("## Ce que chaque source dit recenser")[2].partition("\n## ")[0]
    told = re.findall(r"^\| `([\w-]+)` \|", section, re.MULTILINE)
    claimed = [code for source in all_sources().values() for code in source.spec.claims]
    assert told == claimed
    assert set(claimed) <= {item.code for item in load_typology()}


def test_publishers_and_licences_are_told() -> None:
    page = text_of("sources.md")
    for source in all_sources().values():
        assert source.spec.address in page
        if source.spec.address:
            assert source.spec.publisher in page
            assert source.spec.licence in page


def test_states_are_told_with_their_signs() -> None:
    page = text_of("comprendre-les-chiffres.md")
    for state in State:
        assert f"| {STATE_SIGNS[state]} | {STATE_LABELS[state]} | `{state.value}` |" in page


def test_figures_in_the_guide_are_the_defaults() -> None:
    """A threshold changed in the code must be changed where it is explained."""
    page = text_of("comprendre-les-chiffres.md")
    settings = Territoire(name="")
    assert f"| {settings.minutes_proximite} minutes |" in page
    assert f"| {settings.minutes_intermediaire} minutes |" in page
    assert settings.near_share == 0.5
    assert "la moitié des habitants" in page
    factor, speed = (
        f"{value:g}".replace(".", ",") for value in (settings.detour_factor, settings.walking_kmh)
    )
    assert f"Ligne droite × {factor}, à {speed} km/h" in page


def test_every_environment_variable_is_told() -> None:
    source = (PROJECT / "reseau" / "config.py").read_text(encoding="utf-8")
    names = set(re.findall(r"\bRESEAU_[A-Z_]+\b", source))
    assert len(names) >= 4
    page = text_of("installer.md")
    assert [name for name in sorted(names) if f"`{name}`" not in page] == []
    config = load_config({})
    assert f"`{config.geocoder_domain}`" in page
    assert config.tiles_attribution in page


def test_private_tables_and_fields_are_told() -> None:
    """Whoever publishes must be able to trust the page: no table is public without being in its list."""
    page = text_of("exports.md").partition("## Pour l'équipe")[2]
    names = {
        "structures": "structures", "quartiers": "quartiers", "relations": "relations",
        "permanences": "permanences", "actions": "actions", "gaps": "lacunes",
        "reperes": "repères",
    }  # fmt: skip
    assert set(names) == set(PUBLIC)
    assert all(f"| {label} |" in page for label in names.values())
    for export in all_exports().values():
        row = next(
            line for line in text_of("exports.md").splitlines() if line.startswith(f"| `{export.id}` |")
        )
        assert row.rstrip(" |").rpartition("|")[2].strip().strip("*") == (
            "oui" if export.can_be_public else "non"
        )


def _documents(markdown: str) -> list[str]:
    """JSON answers shown in a page, with their ellipses taken out."""
    found = []
    for block in re.findall(r"^```\n(.*?)^```", markdown, re.MULTILINE | re.DOTALL):
        for answer in re.split(r"^\$ .*$", block, flags=re.MULTILINE):
            if answer.strip()[:1] in {"{", "["}:
                found.append(re.sub(r",\s*…|…", "", answer))
    return found


def test_answers_shown_are_json() -> None:
    documents = _documents(text_of("ligne-de-commande.md"))
    assert len(documents) >= 8
    assert all(json.loads(document) is not None for document in documents)


@pytest.mark.parametrize(
    ("arguments", "verb"),
    [
        (["demo"], "demo"),
        (["territoire", "lister"], "territoire lister"),
        (["importer", "tableur", "data/partners/demo-partenaires.csv"], "importer"),
        (["lacunes"], "lacunes"),
        (["exporter", "csv", "{folder}/partenaires.csv"], "exporter"),
        (["sauvegarder", "{folder}/sauvegarde.zip"], "sauvegarder"),
        (["restaurer", "{folder}/sauvegarde.zip"], "restaurer"),
        (["ecran", "--quartier", "QN99101M", "--sortie", "{folder}/ecran"], "ecran"),
        (["list"], "list"),
        (["territoire", "creer", "Autre", "--communes", "31555"], "territoire creer"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_keys_promised_are_those_given(
    arguments: list[str], verb: str, demonstration: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A script written from the guide works: same keys, same order, at the first level and the second."""
    section = text_of("ligne-de-commande.md").partition(f"\n## {verb}\n")[2].partition("\n## ")[0]
    promised = json.loads(_documents(section)[0])
    typed = [word.replace("{folder}", str(demonstration.parent)) for word in arguments]
    if verb == "demo":
        typed.append("--si-vide")
    assert main([*typed, "--json"]) == 0
    given = json.loads(capsys.readouterr().out)
    assert type(given) is type(promised)
    first, told = (given[0], promised[0]) if isinstance(given, list) else (given, promised)
    assert list(first) == list(told)


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A database with the demonstration and its backup, named in the environment."""
    database = tmp_path_factory.mktemp("docs") / "guide.db"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RESEAU_DATABASE_URL", f"sqlite:///{database}")
        patch.chdir(PROJECT)
        assert main(["demo"]) == 0
        assert main(["sauvegarder", str(database.parent / "sauvegarde.zip")]) == 0
        yield database


def test_languages_of_screens_are_told_with_their_state() -> None:
    """A team chooses its languages from this list: one that nobody has read again must not look as if."""
    told = re.findall(
        r"^\| `(\w+)` \| (.+) \| (relue|non relue) \|$", text_of("traduire-l-ecran.md"), re.MULTILINE
    )
    languages = list_languages()
    assert told == [(item.code, item.name, "relue" if item.reviewed else "non relue") for item in languages]


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_links_lead_somewhere(page: Path) -> None:
    """Files, pictures and headings of this repository; addresses of the outside world are not asked."""
    dead = []
    for target in LINK.findall(FENCE.sub("", page.read_text(encoding="utf-8"))):
        if re.match(r"[a-z]+:", target):
            continue
        file, _, anchor = target.partition("#")
        path = (page.parent / file).resolve() if file else page
        if not path.exists() or (anchor and anchor not in anchors(path)):
            dead.append(target)
    assert dead == []


def test_every_page_of_the_guide_is_in_its_contents() -> None:
    contents = text_of("index.md")
    pages = [path.name for path in DOCS.glob("*.md") if path.name != "index.md"]
    assert [name for name in pages if f"({name})" not in contents] == []


def test_decisions_are_numbered_and_short() -> None:
    decisions = sorted((DOCS / "decisions").glob("*.md"))
    numbers = [int(path.name[:3]) for path in decisions]
    assert numbers == list(range(1, len(numbers) + 1))
    for path in decisions:
        text = path.read_text(encoding="utf-8")
        assert all(f"**{part}.**" in text for part in ("Context", "Choice", "Consequence")), path.name
        assert len(text.splitlines()) <= 16, path.name


def test_acronyms_are_spelled_out_once_in_each_page_of_the_guide() -> None:
    """A newcomer reads one page: what it abbreviates must be said there."""
    spelled = {
        "INSEE": "institut national de la statistique",
        "RGPD": "reglement general sur la protection",
        "PASS": "permanence d acces aux soins",
        "PAEJ": "point d accueil et d ecoute",
        "CPAM": "caisse primaire",
        "CJC": "consultation jeunes",
        "PMI": "protection maternelle",
        "ANCT": "agence nationale de la cohesion",
    }
    bare = []
    for page in DOCS.glob("*.md"):
        text = FENCE.sub("", page.read_text(encoding="utf-8"))
        prose = re.sub(r"`[^`]*`", "", text)
        bare += [
            f"{page.name}: {acronym}"
            for acronym, words in spelled.items()
            if re.search(rf"\b{acronym}\b", prose) and words not in normalise(prose)
        ]
    assert bare == []


def test_pictures_are_light() -> None:
    """The guide is read on slow connections too."""
    pictures = sorted((DOCS / "images").glob("*.png"))
    assert pictures
    assert [path.name for path in pictures if path.stat().st_size > MAX_PICTURE_BYTES] == []
    told = "".join(path.read_text(encoding="utf-8") for path in PAGES)
    assert [path.name for path in pictures if path.name not in told] == []


def test_the_readme_gives_the_two_commands() -> None:
    """From a fresh machine to the application: nothing else is to be known."""
    readme = (PROJECT / "README.md").read_text(encoding="utf-8")
    targets = re.findall(r"^([a-z]+):", (PROJECT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert {"app", "test"} <= set(targets)
    assert "make app" in readme
    assert "make test" in readme
    told = set(
        re.findall(
            r"(?:`|^|\$ )make ([a-z]+)\b", "".join(path.read_text(encoding="utf-8") for path in PAGES), re.M
        )
    )
    assert told <= set(targets)
