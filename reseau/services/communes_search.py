"""Communes by their name: among what the database knows, then a file a person gives, then a public service.

A name that several communes bear is never settled here: the person is told the codes there are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from reseau.errors import RefusedInput
from reseau.model.communes import CITIES, city_of, department_of, restore_insee
from reseau.model.context import Commune
from reseau.model.records import Quartier
from reseau.model.reports import Scope
from reseau.model.typology import normalise
from reseau.services.app import App
from reseau.services.territoires import tidy_name
from reseau.sources import ReadOptions, all_sources
from reseau.store import territoires
from reseau.store.rows import rows_of

FORMER = ("deleguee", "associee")
SHOWN = 8
_CODE = re.compile(r"(?:\d{4,5}|2[AB]\d{3})", re.IGNORECASE)
_HINTED = re.compile(r"(?P<name>\D.*?)[\s(]+(?P<hint>\d{5}|2[AB]\d{3}|\d{2,3}|2[AB])\s*\)?", re.IGNORECASE)
# No commune has such a code: it can only be a postcode.
_ONLY_POSTCODE = re.compile(r"\d{2}000|97\d00")
_SAINT = {"st": "saint", "ste": "sainte"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A commune that may be the one a person means."""

    code: str
    name: str
    postcodes: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """«93066 (département 93)»."""
        return f"{self.code} (département {department_of(self.code)})"


Ask = Callable[[str], Sequence[Candidate]]
"""Communes a public service finds for a name, most likely first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolved:
    """What words typed for communes mean.

    Attributes:
        codes: INSEE codes, in the order typed, each once.
        unknown: words no commune is known for.
        ambiguous: word → the communes it may mean.
        postcodes: postcode typed for a code → the communes known to have it, often none.
        names: name of a code, where it is known.
    """

    codes: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    ambiguous: Mapping[str, tuple[Candidate, ...]] = field(default_factory=dict)
    postcodes: Mapping[str, tuple[Candidate, ...]] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)

    @property
    def settled(self) -> bool:
        """Whether every word has its code."""
        return not (self.unknown or self.ambiguous or self.postcodes)

    @property
    def words(self) -> str:
        """«Toulouse (31555), 31069»."""
        return ", ".join(
            f"{self.names[code]} ({code})" if code in self.names else code for code in self.codes
        )


class Gazetteer:
    """Communes known here, by code, by name and by postcode.

    Attributes:
        whole: a reference was given, so that a code it only knows as a postcode is one.
    """

    def __init__(self) -> None:
        self.by_code: dict[str, Candidate] = {}
        self.by_postcode: dict[str, dict[str, Candidate]] = {}
        self.whole = False
        self._by_name: dict[str, dict[str, Candidate]] = {}
        self._former: dict[str, dict[str, Candidate]] = {}

    def add(self, commune: Commune) -> None:
        """Learn one commune; a former one is known by its name only, under the code in force."""
        key = commune_key(commune.name)
        if not key or restore_insee(commune.code) is None:
            return
        former = commune.kind in FORMER
        code = (commune.parent or commune.code) if former else commune.code
        found = Candidate(code=code, name=commune.name, postcodes=tuple(commune.postcodes))
        (self._former if former else self._by_name).setdefault(key, {}).setdefault(code, found)
        if not former:
            self.by_code.setdefault(code, found)
        for postcode in found.postcodes:
            self.by_postcode.setdefault(postcode, {}).setdefault(code, found)

    def add_pairs(self, codes: Sequence[str], names: Sequence[str]) -> None:
        """Learn the communes of a quartier, where each code has its name."""
        if len(codes) == len(names):
            for code, name in zip(codes, names, strict=True):
                self.add(Commune(code=code, name=name))

    def named(self, name: str) -> list[Candidate]:
        """Communes of that name; former ones only where no present one bears it."""
        key = commune_key(name)
        return list((self._by_name.get(key) or self._former.get(key) or {}).values())

    def name_of(self, code: str) -> str:
        """Name of a code, empty when it is not known."""
        return self.by_code[code].name if code in self.by_code else ""

    def is_postcode(self, code: str) -> bool:
        """Whether what looks like an INSEE code is a postcode."""
        if code in self.by_code:
            return False
        paris = code.startswith("75") and city_of(code) not in CITIES
        return paris or bool(_ONLY_POSTCODE.fullmatch(code)) or (self.whole and code in self.by_postcode)


def commune_key(name: str) -> str:
    """A commune's name without accents, case nor hyphens, «St» written out."""
    return " ".join(_SAINT.get(word, word) for word in normalise(name).split())


def split_words(text: str) -> tuple[str, ...]:
    """Names and codes out of what a person typed; names hold spaces, so commas or lines part them."""
    words: list[str] = []
    for piece in filter(None, map(tidy_name, re.split(r"[,;\n]+", text))):
        parts = piece.split()
        words += parts if all(map(_CODE.fullmatch, parts)) else [piece]
    return tuple(dict.fromkeys(words))


def resolve_communes(
    app: App, words: Sequence[str], *, reference: Path | None = None, ask: Ask | None = None
) -> Resolved:
    """INSEE codes of communes given by name or code.

    Args:
        words: names or codes; «Saint-Denis (93)» tells a department.
        reference: a file of quartiers or of communes to look names up in.
        ask: a public service asked for the names found nowhere else; None: nothing leaves the machine.

    Raises:
        RefusedInput: the reference file names no commune.
        Unavailable: the service does not answer.
    """
    known = _known_here(app)
    if reference is not None:
        learn_from_file(known, reference)
    codes: dict[str, str] = {}
    unknown: list[str] = []
    ambiguous: dict[str, tuple[Candidate, ...]] = {}
    postcodes: dict[str, tuple[Candidate, ...]] = {}
    for word in split_words("\n".join(words)):
        code = restore_insee(re.sub(r"\s", "", word))
        if code is not None and known.is_postcode(code):
            postcodes[word] = tuple(known.by_postcode.get(code, {}).values())
        elif code is not None:
            codes[code] = known.name_of(code)
        else:
            found, sure = _candidates(word, known, ask)
            if sure:
                codes[found[0].code] = found[0].name
            elif found:
                ambiguous[word] = found
            else:
                unknown.append(word)
    return Resolved(
        codes=tuple(codes),
        unknown=tuple(unknown),
        ambiguous=ambiguous,
        postcodes=postcodes,
        names={code: name for code, name in codes.items() if name},
    )


def require_communes(
    app: App, words: Sequence[str], *, reference: Path | None = None, ask: Ask | None = None
) -> Resolved:
    """The same, where every word must have its code.

    Raises:
        RefusedInput: some have none or several, each said with what to do; or the reference names no commune.
        Unavailable: the service does not answer.
    """
    found = resolve_communes(app, words, reference=reference, ask=ask)
    if not found.settled:
        raise RefusedInput("\n".join(problems_of(found)))
    return found


def problems_of(found: Resolved) -> list[str]:
    """One French sentence for each word that has no code of its own."""
    sentences = [_postcode_words(word, communes) for word, communes in found.postcodes.items()]
    sentences += [_choice_words(word, candidates) for word, candidates in found.ambiguous.items()]
    sentences += [
        f"« {word} » : aucune commune de ce nom n'est connue ici. Vérifiez l'orthographe, écrivez son code "
        "commune INSEE (cinq caractères, 31555 pour Toulouse), donnez un fichier qui la nomme (contours des "
        "quartiers prioritaires, liste des communes), ou faites chercher son nom en ligne."
        for word in found.unknown
    ]
    return sentences


def ask_online(name: str) -> list[Candidate]:
    """Communes the national service (geo.api.gouv.fr) finds for a name; the name is sent there.

    Raises:
        RefusedInput: nothing to look for.
        Unavailable: it does not answer.
    """
    from reseau.downloads.communes_api import search_communes

    return [
        Candidate(code=item.code, name=item.name, postcodes=item.postcodes) for item in search_communes(name)
    ]


def learn_from_file(known: Gazetteer, path: Path) -> None:
    """Learn the communes a file of quartiers or of communes names.

    Raises:
        RefusedInput: neither source can read it, or it names none.
    """
    sources = [all_sources()[name] for name in ("qpv", "communes") if name in all_sources()]
    refusals: list[str] = []
    for source in sorted(sources, key=lambda item: not item.recognises(path)):
        try:
            parsed = source.read(path, Scope(), ReadOptions())
        except RefusedInput as error:
            refusals.append(str(error))
            continue
        for located in parsed.records:
            if isinstance(located.record, Quartier):
                known.add_pairs(located.record.communes, located.record.commune_names)
            elif isinstance(located.record, Commune):
                known.add(located.record)
        known.whole = True
        return
    raise RefusedInput(
        f"« {path.name} » ne peut pas servir à chercher des communes : donnez un fichier de quartiers "
        f"prioritaires ou de communes. {refusals[0] if refusals else ''}".strip()
    )


def _known_here(app: App) -> Gazetteer:
    """Communes of the quartiers and of the lists of communes of every territory."""
    known = Gazetteer()
    with app.store.read() as connection:
        for territoire_id, _ in territoires.list_territoires(connection):
            for row in rows_of(connection, "quartiers", territoire_id):
                known.add_pairs(row["communes"], row["commune_names"])
            for row in rows_of(connection, "communes", territoire_id):
                about = {name: row[name] for name in ("code", "name", "kind", "parent")}
                known.add(Commune(**about, postcodes=tuple(row["postcodes"])))
    return known


def _candidates(word: str, known: Gazetteer, ask: Ask | None) -> tuple[tuple[Candidate, ...], bool]:
    """Communes a name may mean, and whether there is surely only one."""
    name, hint = _name_and_hint(word)
    named = known.named(name)
    found = _hinted(named, hint)
    if found or ask is None:
        return found or tuple(named), len(found) == 1
    answers = ask(name)
    found = _hinted([item for item in answers if commune_key(item.name) == commune_key(name)], hint)
    return found or tuple(answers[:SHOWN]), len(found) == 1


def _name_and_hint(word: str) -> tuple[str, str]:
    """«Saint-Denis (93)» → the name, and what is written after it."""
    found = _HINTED.fullmatch(word)
    return (found["name"], found["hint"].upper()) if found else (word, "")


def _hinted(candidates: Iterable[Candidate], hint: str) -> tuple[Candidate, ...]:
    """Those a department, a code or a postcode written after the name leaves."""
    candidates = tuple(candidates)
    exact = tuple(item for item in candidates if hint and (item.code == hint or hint in item.postcodes))
    department = department_of(hint) if len(hint) == 5 else hint
    return exact or tuple(item for item in candidates if not hint or department_of(item.code) == department)


def _choice_words(word: str, candidates: Sequence[Candidate]) -> str:
    wanted, hint = _name_and_hint(word)
    alike = all(commune_key(item.name) == commune_key(wanted) for item in candidates)
    said = [item.words if alike else f"{item.name} {item.words}" for item in candidates[:SHOWN]]
    if not alike:
        what = "aucune commune ne porte ce nom ; les plus proches"
    elif len(candidates) == 1 or hint:
        what = "ce nom est connu ailleurs"
    else:
        what = "plusieurs communes portent ce nom"
    return (
        f"« {word} » : {what} : {', '.join(said)}. Écrivez le code de la vôtre, ou son nom suivi du "
        "département entre parenthèses."
    )


def _postcode_words(word: str, communes: Sequence[Candidate]) -> str:
    of = ", ".join(f"{item.name} {item.words}" for item in communes[:SHOWN])
    return (
        f"« {word} » est un code postal{f' : {of}' if of else ''}, pas un code commune INSEE (31555 pour "
        "Toulouse). Écrivez le nom de la commune, ou son code INSEE."
    )
