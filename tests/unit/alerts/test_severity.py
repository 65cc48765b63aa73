"""How grave an alert is, and why."""

import msgspec
import pytest

from tests.support.builders import HOMS, JORDAN, RULES
from worker.alerts.severity import severity
from worker.triggers.model import FAMILIES, Number

QUAKE = Number(kind="magnitude", min=7.8, max=7.8, approximate=False, quote="magnitude 7.8")
KILLED = Number(kind="killed", min=12, max=None, approximate=False, quote="at least 12 killed")
CROSSING = msgspec.structs.replace(JORDAN, name="Nasib", precision="point")


def test_every_trigger_has_a_severity() -> None:
    assert RULES.scale.triggers.keys() == FAMILIES.keys()


@pytest.mark.parametrize(
    ("given", "grave"),
    [
        pytest.param(("border_closure", "active", "reported", (JORDAN,), ()), "severe", id="a whole border"),
        pytest.param(("border_closure", "active", "reported", (CROSSING,), ()), "moderate", id="one crossing"),
        pytest.param(("air_strike", "active", "reported", (HOMS,), (KILLED,)), "extreme", id="many dead"),
        pytest.param(("air_strike", "ended", "reported", (HOMS,), (KILLED,)), "minor", id="over"),
        pytest.param(("earthquake_volcano", "active", "reported", (HOMS,), (QUAKE,)), "extreme", id="a great quake"),
        pytest.param(("coup", "active", "denied", (), ()), "minor", id="denied"),
        pytest.param(("coup", "threatened", "reported", (), ()), "severe", id="threatened"),
    ],
)
def test_severity_follows_the_table_and_says_why(given: tuple, grave: str) -> None:  # type: ignore[type-arg]
    found, reasons = severity(RULES.scale, *given)
    assert found == grave
    assert reasons[0].startswith(f"{given[0]} is ")
