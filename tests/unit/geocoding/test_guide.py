"""The guide says the figures of the policy: one changed without the other fails here."""

from pathlib import Path

from reseau.geocoding import load_policy
from reseau.geocoding.batch import FEW, LINES
from reseau.model.vocabulary import POSITION_PRECISIONS

GUIDE = Path(__file__).resolve().parents[3] / "docs" / "adresses.md"
NUMBERS = {10: "dix", 100: "Cent"}


def french(score):
    return "jamais" if score is None else f"{score:.2f}".replace(".", ",")


def test_the_table_is_the_policy():
    policy = load_policy()
    rows = [
        f"| {rule.label} | {POSITION_PRECISIONS[rule.precision]} "
        f"| {french(rule.accept)} | {french(rule.review)} |"
        for rule in [*policy.kinds.values(), policy.other_kind]
    ]
    table = [line for line in GUIDE.read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    assert table[1:] == rows


def test_the_other_figures_are_the_policy_s():
    text = " ".join(GUIDE.read_text(encoding="utf-8").split())
    policy = load_policy()
    assert f"elle est proposée à partir de {french(policy.elsewhere_review)}." in text
    assert f"{NUMBERS[int(policy.tolerance_metres)]} mètres d'écart" in text
    assert not policy.unnamed_accept
    assert "Une fiche sans commune" in text
    assert f"Plus de {NUMBERS[FEW]} adresses partent ensemble, par lots de {LINES} ;" in text
