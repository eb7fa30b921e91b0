"""What to do with an answer of the geocoder. Pure: no network here; the figures are in `policy.toml`.

After data-inclusion's practice: a geocode is kept above a score of 0.75, the street of a `municipality`
answer never is, and the commune is checked on its INSEE code rather than on the postcode.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from reseau.errors import RefusedInput
from reseau.geocoding.address import AddressQuery
from reseau.geocoding.answers import Answer, GeocodeResult
from reseau.model.communes import commune_of
from reseau.model.typology import normalise
from reseau.model.vocabulary import PLACED_PRECISIONS, POSITION_PRECISIONS

POLICY_FILE = Path(__file__).with_name("policy.toml")
SERVICE_KINDS = ("housenumber", "street", "locality", "municipality")
UNKNOWN_ADDRESS = "adresse inconnue du service national d'adresses"


class Verdict(StrEnum):
    """`accepte`: may be written; `a_verifier`: a person looks at it; `refuse`: nothing worth showing."""

    ACCEPTED = "accepte"
    REVIEW = "a_verifier"
    REFUSED = "refuse"


@dataclass(frozen=True, slots=True, kw_only=True)
class KindRule:
    """What a kind of place is worth.

    Attributes:
        label: in French.
        precision: key of `POSITION_PRECISIONS` the position would have.
        accept: least score to write it without a person, None for never.
        review: least score to propose it to a person, None for never.
    """

    label: str
    precision: str
    accept: float | None = None
    review: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """Every figure a decision depends on.

    Attributes:
        kinds: by kind of place of the service.
        other_kind: for a kind not listed.
        elsewhere_review: least score to propose an answer in another commune than the declared one.
        unnamed_accept: whether an address that names no commune may be accepted without a person.
        tolerance_metres: how far outside the boundary of its commune a position still counts as inside.
    """

    kinds: Mapping[str, KindRule]
    other_kind: KindRule
    elsewhere_review: float
    unnamed_accept: bool
    tolerance_metres: float

    def rule(self, kind: str) -> KindRule:
        """The rule of a kind of place."""
        return self.kinds.get(kind, self.other_kind)


@dataclass(frozen=True, slots=True)
class Decision:
    """Verdict on one answer.

    Attributes:
        precision: key of `POSITION_PRECISIONS` the position would have, empty when there is none.
        reason: French sentence, empty when accepted.
        inside: whether the position lies in the boundary of the declared commune, None when not checked.
    """

    verdict: Verdict
    precision: str = ""
    reason: str = ""
    inside: bool | None = None

    @property
    def boundary(self) -> str:
        """«dans la commune», «hors de la commune», or «non vérifié»: not checked is not right."""
        return {True: "dans la commune", False: "hors de la commune", None: "non vérifié"}[self.inside]


def decide(
    query: AddressQuery,
    result: GeocodeResult | None,
    *,
    inside: bool | None = None,
    policy: Policy | None = None,
) -> Decision:
    """Accept, keep for a person, or refuse an answer (None: the service knows no such address).

    Args:
        query: what was asked.
        result: the answer.
        inside: whether it lies in the boundary of the declared commune, None when no boundary is known.
        policy: figures, those of `policy.toml` by default.
    """
    if result is None:
        return Decision(Verdict.REFUSED, reason=UNKNOWN_ADDRESS)
    policy = policy or load_policy()
    rule = policy.rule(result.kind)
    same_commune = _same_commune(query, result)
    if rule.review is None:
        verdict, reason = Verdict.REFUSED, "seule la commune est reconnue, pas l'adresse"
    elif result.score < _review_score(policy, rule.review, same_commune):
        verdict, reason = Verdict.REFUSED, f"trop peu ressemblant (score {figure(result.score)})"
    else:
        reason = _doubt(policy, rule, result, (same_commune, inside))
        verdict = Verdict.REVIEW if reason else Verdict.ACCEPTED
    return Decision(verdict, rule.precision, reason, inside)


def decide_answer(query: AddressQuery, answer: Answer, *, inside: bool | None = None) -> Decision:
    """The same about everything the service said: its best candidate decides."""
    if answer.refusal:
        return Decision(Verdict.REFUSED, reason=answer.refusal)
    return decide(query, answer.best, inside=inside)


def _review_score(policy: Policy, usual: float, same_commune: bool | None) -> float:
    return max(usual, policy.elsewhere_review) if same_commune is False else usual


def _doubt(
    policy: Policy, rule: KindRule, result: GeocodeResult, commune: tuple[bool | None, bool | None]
) -> str:
    """Why a person must look, empty when nobody needs to. `commune`: same commune, inside its boundary."""
    same_commune, inside = commune
    if same_commune is False:
        return f"autre commune : {result.city or result.citycode or '?'}"
    if inside is False:
        return "position hors du contour de la commune"
    if rule.accept is None:
        return "genre de lieu non reconnu"
    if same_commune is None and not policy.unnamed_accept:
        return "commune non précisée dans l'adresse"
    if result.score < rule.accept:
        return f"ressemblance moyenne (score {figure(result.score)})"
    return ""


def _same_commune(query: AddressQuery, result: GeocodeResult) -> bool | None:
    """Whether the answer lies in the commune asked for; None when the query names no commune."""
    if query.citycode:
        return commune_of(query.citycode) == commune_of(result.citycode)
    if query.commune:
        return _commune_name(query.commune) == _commune_name(result.city)
    return None


def _commune_name(name: str) -> str:
    words = [word for word in normalise(name).split() if word != "cedex" and not word[0].isdigit()]
    words = [{"st": "saint", "ste": "sainte"}.get(word, word) for word in words]
    return " ".join(word for word in words if word not in ("arrondissement", "e", "er", "eme"))


def figure(score: float) -> str:
    """«0,62»: cut rather than rounded, so that what is under a threshold never reads as the threshold."""
    return f"{int(score * 100 + 1e-9) / 100:.2f}".replace(".", ",")


@cache
def load_policy(path: Path = POLICY_FILE) -> Policy:
    """The policy of a file.

    Raises:
        RefusedInput: the file is not a policy; every problem is in the message, one per line.
    """
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise RefusedInput(f"« {path.name} » ne peut pas être lu : vérifiez son écriture (TOML).") from error
    problems = _problems(raw)
    if problems:
        raise RefusedInput("\n".join(f"« {path.name} », {problem}" for problem in problems))
    return Policy(
        kinds={kind: KindRule(**rule) for kind, rule in raw["kinds"].items()},
        other_kind=KindRule(**raw["other_kind"]),
        elsewhere_review=float(raw["commune"]["elsewhere_review"]),
        unnamed_accept=raw["commune"]["unnamed_accept"],
        tolerance_metres=float(raw["boundary"]["tolerance_metres"]),
    )


def _problems(raw: Mapping[str, Any]) -> list[str]:
    """What is wrong with a policy, in French."""
    kinds = raw.get("kinds")
    rules = dict(kinds) if isinstance(kinds, dict) else {}
    found = [f"[kinds.{kind}] : il manque." for kind in SERVICE_KINDS if kind not in rules]
    if isinstance(rules.get("municipality"), dict) and rules["municipality"].get("precision") != "commune":
        found.append(
            "[kinds.municipality] : sa précision est « commune », une commune n'est pas une adresse."
        )
    found += _odd_keys("fichier", raw, {"kinds", "other_kind", "commune", "boundary"})
    for where, rule in [*((f"kinds.{kind}", rule) for kind, rule in rules.items()),
                        ("other_kind", raw.get("other_kind"))]:  # fmt: skip
        found += [f"[{where}] : {problem}" for problem in _rule_problems(rule)]
    commune, boundary = raw.get("commune"), raw.get("boundary")
    found += _odd_keys("commune", commune, {"elsewhere_review", "unnamed_accept"})
    found += _odd_keys("boundary", boundary, {"tolerance_metres"})
    if isinstance(commune, dict) and not _is_score(commune.get("elsewhere_review")):
        found.append("[commune] : elsewhere_review est un nombre entre 0 et 1.")
    if isinstance(commune, dict) and not isinstance(commune.get("unnamed_accept"), bool):
        found.append("[commune] : unnamed_accept vaut true ou false.")
    metres = boundary.get("tolerance_metres") if isinstance(boundary, dict) else None
    if isinstance(metres, bool) or not isinstance(metres, int | float) or not 0 <= metres <= 10_000:
        found.append("[boundary] : tolerance_metres est un nombre de mètres, de 0 à 10 000.")
    return found


def _odd_keys(where: str, given: Any, known: set[str]) -> list[str]:
    if not isinstance(given, dict):
        return [f"[{where}] : il manque."]
    absent = [f"{where} : « {key} » manque." for key in sorted(known - set(given))]
    return [*absent, *(f"{where} : « {key} » est inconnu." for key in sorted(set(given) - known))]


def _rule_problems(rule: Any) -> list[str]:
    if not isinstance(rule, dict) or not isinstance(rule.get("label"), str):
        return ["il manque, ou n'a pas de label."]
    found = [f"« {key} » est inconnu." for key in rule if key not in KindRule.__dataclass_fields__]
    precision, accept, review = rule.get("precision"), rule.get("accept"), rule.get("review")
    if precision not in POSITION_PRECISIONS:
        found.append("precision n'est pas une précision connue.")
    if not all(score is None or _is_score(score) for score in (accept, review)):
        return [*found, "accept et review sont des nombres entre 0 et 1."]
    if precision not in PLACED_PRECISIONS and (accept is not None or review is not None):
        found.append("le centre d'une commune n'est jamais une position : ni accept, ni review.")
    if accept is not None and (review is None or review > accept):
        found.append("review est au plus égal à accept.")
    return found


def _is_score(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1
