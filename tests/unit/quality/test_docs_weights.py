"""The guide tells every criterion with its weight."""

from __future__ import annotations

from reseau.config import PROJECT_DIR
from reseau.quality import CRITERIA


def test_every_weight_is_told() -> None:
    guide = (PROJECT_DIR / "docs" / "comprendre-les-chiffres.md").read_text(encoding="utf-8")
    section = guide.partition("## La qualité et la fraîcheur")[2]
    told = section.replace("\n", " ").split(",")
    for item in CRITERIA:
        assert any(f"({item.weight})" in part and item.short.split()[0] in part for part in told), item.id
