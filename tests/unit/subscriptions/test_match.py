"""Which alerts a filter lets through, and which filters are refused."""

import math
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.builders import HAMA, HOMS, JORDAN, NOON, SYRIA
from tests.support.notices import alert, evidence
from worker.errors import SubscriptionRefused
from worker.places.model import Place
from worker.subscriptions.area import Near, inside, near, square, squares
from worker.subscriptions.index import ANY, looked_up, pairs
from worker.subscriptions.match import COUNTRIES, check, wants
from worker.subscriptions.model import Filter
from worker.subscriptions.quiet import Quiet, quiet_until

NOWHERE: tuple[Place, ...] = ()
SOMEWHERE = (Place(name="the front line"),)
RAIDER = (SYRIA, Place(name="Israel", country="IL", role="actor"))
BOTH = (JORDAN, Place(name="Syria", country="SY"))
ARABIC = (evidence(lang="ar"),)
TONGUELESS = (evidence(lang=""),)

AROUND_HOMS = ((36.0, 34.4), (37.0, 34.4), (37.0, 35.0), (36.0, 35.0))
DATE_LINE = ((177.0, -20.0), (-178.0, -20.0), (-178.0, -15.0), (177.0, -15.0))
FIJI = Place(name="Taveuni", country="FJ", lat=-16.9, lon=-179.9, precision="city")

TABLE: dict[str, tuple[dict[str, Any], dict[str, Any], bool]] = {
    "no limits": ({}, {}, True),
    "its trigger": ({"triggers": ("coup", "border_closure")}, {}, True),
    "another trigger": ({"triggers": ("coup",)}, {}, False),
    "its country": ({"countries": ("JO",)}, {}, True),
    "another country": ({"countries": ("SY",)}, {}, False),
    "one of its countries": ({"countries": ("SY",)}, {"places": BOTH}, True),
    "only an actor's country": ({"countries": ("IL",)}, {"places": RAIDER}, False),
    "the actor's target": ({"countries": ("SY",)}, {"places": RAIDER}, True),
    "no place, countries wanted": ({"countries": ("JO",)}, {"places": NOWHERE}, False),
    "a place without country": ({"countries": ("JO",)}, {"places": SOMEWHERE}, False),
    "no place, unknown wanted": ({"countries": ("JO",), "place_unknown": True}, {"places": NOWHERE}, True),
    "another place, unknown wanted": ({"countries": ("SY",), "place_unknown": True}, {}, False),
    "no place, no country wanted": ({}, {"places": NOWHERE}, True),
    "threat": ({}, {"phase": "threatened"}, False),
    "threat that is wanted": ({"phases": ("threatened",)}, {"phase": "threatened"}, True),
    "end": ({}, {"phase": "ended"}, True),
    "denial": ({}, {"veracity": "denied"}, False),
    "denial that is wanted": ({"veracities": ("denied",)}, {"veracity": "denied"}, True),
    "claim": ({}, {"veracity": "claimed"}, True),
    "as severe": ({"min_severity": "severe"}, {}, True),
    "not severe enough": ({"min_severity": "extreme"}, {}, False),
    "as sure": ({"min_confidence": 0.93}, {}, True),
    "not sure enough": ({"min_confidence": 0.94}, {}, False),
    "its language": ({"languages": ("en",)}, {}, True),
    "another language": ({"languages": ("en",)}, {"evidence": ARABIC}, False),
    "a regional language": ({"languages": ("pt",)}, {"evidence": (evidence(lang="pt-BR"),)}, True),
    "no language": ({"languages": ("en",)}, {"evidence": TONGUELESS}, False),
    "its source": ({"sources": ("Wire",)}, {}, True),
    "its group": ({"sources": ("wire-group",)}, {}, True),
    "another source": ({"sources": ("other",)}, {}, False),
    "its family": ({"families": ("move",)}, {}, True),
    "another family": ({"families": ("attack",)}, {}, False),
    "a trigger that one report was found by": ({"triggers": ("route_closure",)}, {"also": ("route_closure",)}, True),
    "near": ({"near": Near(lat=34.7, lon=36.7, km=20)}, {"places": (HOMS, SYRIA)}, True),
    "too far": ({"near": Near(lat=33.5, lon=36.3, km=50)}, {"places": (HOMS, SYRIA)}, False),
    "a whole country near its middle": ({"near": Near(lat=35.0, lon=38.0, km=50)}, {"places": (SYRIA,)}, False),
    "a whole country in a wide circle": ({"near": Near(lat=35.0, lon=38.0, km=400)}, {"places": (SYRIA,)}, True),
    "nowhere, near wanted": ({"near": Near(lat=35.0, lon=38.0, km=9000)}, {"places": NOWHERE}, False),
    "nowhere, near and unknown wanted": (
        {"near": Near(lat=35.0, lon=38.0, km=9), "place_unknown": True},
        {"places": NOWHERE},
        True,
    ),
    "in the polygon": ({"polygon": AROUND_HOMS}, {"places": (HOMS,)}, True),
    "out of the polygon": ({"polygon": AROUND_HOMS}, {"places": (HAMA,)}, False),
    "across the date line": ({"polygon": DATE_LINE}, {"places": (FIJI,)}, True),
    "a place without a point, polygon wanted": ({"polygon": AROUND_HOMS}, {"places": SOMEWHERE}, False),
    "sources enough": ({"min_independent_sources": 2}, {"independent_sources": 2}, True),
    "too few sources": ({"min_independent_sources": 2}, {}, False),
    "taken back": ({}, {"withdrawn": "it was wrong"}, False),
    "no evidence": ({"sources": ("wire",)}, {"evidence": ()}, False),
}


@pytest.mark.parametrize(("wish", "what", "wanted"), TABLE.values(), ids=TABLE.keys())
def test_an_alert_passes_only_every_limit(wish: dict[str, Any], what: dict[str, Any], wanted: bool) -> None:
    assert wants(Filter(**wish), alert(**what)) is wanted


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "unknown trigger": ({"triggers": ("border_close",)}, "'border_close' is unknown; allowed are border_closure"),
    "unknown country": ({"countries": ("ZZ",)}, "'ZZ' is no country code"),
    "country by name": ({"countries": ("Jordan",)}, "'Jordan' is no country code"),
    "small country": ({"countries": ("jo",)}, "write JO"),
    "alpha-3": ({"countries": ("JOR",)}, "'JOR'"),
    "no phases": ({"phases": ()}, "phases: is empty"),
    "unknown phase": ({"phases": ("over",)}, "'over' is unknown; allowed are threatened, announced, active, ended"),
    "no veracities": ({"veracities": ()}, "veracities: is empty"),
    "unknown veracity": ({"veracities": ("true",)}, "'true'"),
    "unknown severity": ({"min_severity": "bad"}, "min_severity: 'bad'"),
    "confidence over one": ({"min_confidence": 1.5}, "1.5 is not between 0 and 1"),
    "confidence below nought": ({"min_confidence": -0.1}, "min_confidence"),
    "confidence not a number": ({"min_confidence": float("nan")}, "min_confidence"),
    "language by name": ({"languages": ("English",)}, "'English'"),
    "empty source": ({"sources": (" ",)}, "sources"),
    "family of no trigger": (
        {"triggers": ("coup",), "families": ("hazard",)},
        "none of the triggers is of the family hazard",
    ),
    "an end that is severe": ({"phases": ("ended",), "min_severity": "severe"}, "what is ended is minor"),
    "no circle": ({"near": Near(lat=95, lon=0, km=5)}, "near: latitude"),
    "an empty circle": ({"near": Near(lat=5, lon=0, km=0)}, "km must be more than 0"),
    "a line": ({"polygon": ((0.0, 0.0), (1.0, 1.0), (2.0, 2.0))}, "lie on one line"),
    "two points": ({"polygon": ((0.0, 0.0), (1.0, 1.0))}, "needs 3 to 500"),
    "swapped degrees": ({"polygon": ((0.0, 120.0), (1.0, 121.0), (2.0, 100.0))}, "[longitude, latitude]"),
    "a strange clock": ({"quiet": Quiet(start="25:00", end="07:00")}, "'25:00' is no time"),
    "a strange zone": ({"quiet": Quiet(start="22:00", end="07:00", zone="Mars/Base")}, "quiet"),
    "no quiet at all": ({"quiet": Quiet(start="22:00", end="22:00")}, "starts when it ends"),
    "no source": ({"min_independent_sources": 0}, "between 1 and 20"),
    "too many": ({"sources": tuple(str(n) for n in range(501))}, "more than 500"),
}


@pytest.mark.parametrize(("wish", "words"), REFUSED.values(), ids=REFUSED.keys())
def test_a_filter_that_cannot_match_is_refused_by_name(wish: dict[str, Any], words: str) -> None:
    with pytest.raises(SubscriptionRefused) as caught:
        check(Filter(**wish))
    assert words in str(caught.value)


def test_a_good_filter_passes() -> None:
    check(Filter())
    check(
        Filter(triggers=("coup",), countries=("JO", "XK"), languages=("en", "ckb"), sources=("wire",), min_confidence=1)
    )


def test_the_country_table_has_250_codes() -> None:
    assert len(COUNTRIES) == 250
    assert {"PS", "TW", "SS", "XK", "UA"} <= COUNTRIES


@pytest.mark.parametrize(("wish", "what", "wanted"), TABLE.values(), ids=TABLE.keys())
def test_the_index_finds_whatever_the_filter_wants(wish: dict[str, Any], what: dict[str, Any], wanted: bool) -> None:
    if wanted:
        assert set(pairs(Filter(**wish))) & set(looked_up(alert(**what)))


def test_a_filter_of_very_many_pairs_stands_under_few() -> None:
    wide = Filter(families=("attack", "hazard", "move"), countries=tuple(sorted(COUNTRIES)))
    assert len(pairs(wide)) <= 500
    assert all(ANY in pair for pair in pairs(wide))


LATITUDE = st.floats(-90, 90)
LONGITUDE = st.floats(-180, 180)


@settings(max_examples=300, deadline=None)
@given(
    lat=LATITUDE, lon=LONGITUDE, km=st.floats(1, 3000), turn=st.floats(0, 360), far=st.floats(0, 1), wide=st.booleans()
)
def test_a_place_in_an_area_stands_in_one_of_its_squares(
    lat: float, lon: float, km: float, turn: float, far: float, wide: bool
) -> None:
    reach = km / 111.2
    corners = tuple(
        ((lon + x * reach + 180) % 360 - 180, max(-90.0, min(90.0, lat + y * reach)))
        for x, y in ((-1, -1), (1, -1), (1, 1), (-1, 1))
    )
    circle = Near(lat=lat, lon=lon, km=km)
    y = max(-90.0, min(90.0, lat + far * reach * math.cos(math.radians(turn))))
    x = (lon + far * reach * math.sin(math.radians(turn)) / (0.1 if wide else 1) + 180) % 360 - 180
    place = Place(name="X", lat=y, lon=x, precision="city")
    assert not near(circle, place) or square(y, x) in squares(circle, ())
    assert not inside(corners, place) or square(y, x) in squares(None, corners)


def test_an_area_stands_under_few_squares_and_the_whole_earth_under_any() -> None:
    small = Filter(triggers=("coup",), near=Near(lat=34.7, lon=36.7, km=20))
    assert pairs(small) == [("coup", "6,43")]
    assert pairs(Filter(triggers=("coup",), near=Near(lat=34.7, lon=36.7, km=19_000))) == [("coup", ANY)]


KYIV = Quiet(start="22:00", end="07:00", zone="Europe/Kyiv")
NIGHT = datetime(2026, 3, 1, 20, 0, tzinfo=UTC)
MORNING = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)
CHANGE = datetime(2026, 3, 28, 22, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "until"),
    [
        pytest.param(NIGHT - timedelta(minutes=1), None, id="before"),
        pytest.param(NIGHT, MORNING, id="at ten"),
        pytest.param(MORNING - timedelta(hours=4), MORNING, id="after midnight"),
        pytest.param(MORNING, None, id="at seven"),
        pytest.param(CHANGE, datetime(2026, 3, 29, 4, 0, tzinfo=UTC), id="summer time begins"),
    ],
)
def test_quiet_hours_end_by_the_clock_on_the_wall(now: datetime, until: datetime | None) -> None:
    assert quiet_until(KYIV, alert(), now) == until


def test_an_extreme_alert_waits_for_no_morning() -> None:
    assert quiet_until(KYIV, alert(severity="extreme"), NOON + timedelta(hours=10)) is None
