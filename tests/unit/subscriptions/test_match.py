"""Which alerts a filter lets through, and which filters are refused."""

from typing import Any

import pytest

from tests.support.builders import JORDAN, SYRIA
from tests.support.notices import alert, evidence
from worker.errors import SubscriptionRefused
from worker.places.model import Place
from worker.subscriptions.match import COUNTRIES, check, wants
from worker.subscriptions.model import Filter

NOWHERE: tuple[Place, ...] = ()
SOMEWHERE = (Place(name="the front line"),)
RAIDER = (SYRIA, Place(name="Israel", country="IL", role="actor"))
BOTH = (JORDAN, Place(name="Syria", country="SY"))
ARABIC = (evidence(lang="ar"),)
TONGUELESS = (evidence(lang=""),)

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
