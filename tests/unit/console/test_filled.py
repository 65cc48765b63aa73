"""A form that is filled with a subscription asks for just what that has."""

from datetime import UTC, datetime

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from worker.alerts.model import SEVERITIES
from worker.console import forms
from worker.console.filled import filled
from worker.console.rendering import FAMILY_NAMES
from worker.subscriptions.area import Near
from worker.subscriptions.match import COUNTRIES
from worker.subscriptions.model import Filter, Subscription, Terms
from worker.subscriptions.quiet import Quiet
from worker.triggers.model import FAMILIES, PHASES, VERACITIES


def some(values: list[str], least: int = 0) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(values), unique=True, min_size=least, max_size=5).map(tuple)


def floats(least: float, most: float) -> st.SearchStrategy[float]:
    return st.floats(least, most).map(lambda x: x + 0.0)  # -0.0 is 0.0


LON, LAT = floats(-180, 180), floats(-90, 90)
CLOCK = st.builds("{:02}:{:02}".format, st.integers(0, 23), st.integers(0, 59))
WORD = st.sampled_from(["wire", "Levant Wire", "Agence, Paris", "نداء"])
FILTERS = st.builds(
    Filter,
    countries=some(sorted(COUNTRIES)),
    languages=some(["en", "ar", "ckb"]),
    sources=st.lists(WORD, unique=True, max_size=3).map(tuple),
    phases=some(list(PHASES), 1),
    veracities=some(list(VERACITIES), 1),
    min_severity=st.sampled_from(SEVERITIES),
    min_confidence=floats(0, 1),
    min_independent_sources=st.integers(1, 20),
    near=st.none() | st.builds(Near, lat=LAT, lon=LON, km=floats(0.001, 20_016)),
    polygon=st.just(()) | st.lists(st.tuples(LON, LAT), min_size=3, max_size=6).map(tuple),
    quiet=st.none() | st.builds(Quiet, start=CLOCK, end=CLOCK, unless=st.sampled_from(SEVERITIES)),
    place_unknown=st.booleans(),
)
WHAT = some(list(FAMILIES)).map(lambda t: {"triggers": t}) | some(list(FAMILY_NAMES)).map(lambda f: {"families": f})
TERMS = st.builds(
    Terms,
    rate=st.none() | floats(0.01, 1000),
    at_once=st.integers(1, 1000),
    give_up_hours=floats(0.001, 180),
    system=st.booleans(),
    heartbeat=st.booleans(),
)


def subscription(wish: Filter, terms: Terms) -> Subscription:
    return Subscription(
        id="sub_a",
        url="https://example.org/hook",
        secret="plain:whsec_",  # noqa: S106 - of nobody
        filter=wish,
        terms=terms,
        created_at=datetime(2026, 3, 1, tzinfo=UTC),
    )


@given(FILTERS, WHAT, TERMS)
def test_what_is_read_out_of_the_form_is_what_went_into_it(wish: Filter, what: dict[str, object], terms: Terms) -> None:
    wish = msgspec.structs.replace(wish, **what)
    form = filled(subscription(wish, terms))
    assert forms.wish(form, lambda _: None) == wish
    assert forms.order(form).terms == terms


def test_triggers_of_some_families_stay_and_ticks_of_both_kinds_add_up() -> None:
    both = Filter(triggers=("curfew", "bombing"), families=("attack",))
    assert forms.wish(filled(subscription(both, Terms())), lambda _: None) == Filter(triggers=("bombing",))
    ticked = forms.wish({"triggers": ["curfew"], "families": ["leave"]}, lambda _: None)
    assert set(ticked.triggers) == {"curfew", *(t for t, f in FAMILIES.items() if f == "leave")}
    assert ticked.families == ()
