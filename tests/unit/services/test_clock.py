"""«Open now» is said in the time of the territory, not in that of the server."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from reseau.services.clock import local_now


@pytest.mark.parametrize(("communes", "hours"), [(["97411"], 4), (["97302"], -3), ([], None)])
def test_overseas_territories_have_their_own_time(communes: list[str], hours: int | None) -> None:
    utc = datetime.now(UTC).replace(tzinfo=None)
    expected = (
        {utc + timedelta(hours=hours)} if hours else {utc + timedelta(hours=1), utc + timedelta(hours=2)}
    )
    assert min(abs(local_now(communes) - moment) for moment in expected) < timedelta(minutes=2)
