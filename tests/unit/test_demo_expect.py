"""Comparing the alerts that came with the alerts expected."""

from typing import Any

import pytest

from worker.cli.demo_expect import Evidence, Expectations, Expected, Judgement, MayCome, Silent, alike, judge

JORDAN = Expected(
    trigger="border_closure",
    country="JO",
    place="Jordan",
    phase="active",
    veracity="reported",
    feed="wire",
    item="Jordan closes its border",
    quote="Jordan closed its border",
)
HAMA = Expected(
    trigger="territory_change",
    country="SY",
    place="Hama",
    phase="active",
    veracity="reported",
    feed="wire",
    item="Hama falls",
    quote="the army lost control of Hama",
)
DEIR = Expected(
    trigger="territory_change",
    country="SY",
    place="Deir Ezzor",
    phase="active",
    veracity="claimed",
    feed="wire",
    item="Deir Ezzor falls",
    quote="Kurdish forces say they have taken Deir Ezzor",
)
EXPECTED = Expectations(
    alerts=(JORDAN, HAMA, DEIR), may_come=(MayCome(trigger="ground_fighting", country="SY", feed="wire", why="both"),)
)


def alert(expected: Expected, **changed: Any) -> dict[str, Any]:
    return {
        "id": f"al_{expected.place}",
        "revision": 1,
        "trigger": expected.trigger,
        "phase": expected.phase,
        "veracity": expected.veracity,
        "places": [{"name": expected.place, "country": expected.country}],
        "evidence": [{"quote": expected.quote, "url": "http://seeds.invalid/wire/a"}],
        "merged_into": None,
        **changed,
    }


ALL = [alert(JORDAN), alert(HAMA), alert(DEIR)]
FIGHTING = alert(JORDAN, id="al_f", trigger="ground_fighting", places=[{"name": "Homs", "country": "SY"}])


@pytest.mark.parametrize(
    "came",
    [
        pytest.param(ALL, id="as they stand"),
        pytest.param(ALL[::-1], id="in any order"),
        pytest.param([*ALL, FIGHTING], id="with one that may come"),
        pytest.param([alert(HAMA, phase="announced"), *ALL, alert(HAMA, revision=2)], id="in several revisions"),
        pytest.param(
            [alert(JORDAN, revision=2), alert(JORDAN, phase="announced"), *ALL[1:]], id="revisions in disorder"
        ),
        pytest.param([*ALL, alert(HAMA, id="al_x", merged_into="al_Hama")], id="with one that was merged"),
    ],
)
def test_exactly_the_expected_alerts_are_good(came: list[dict[str, Any]]) -> None:
    assert judge(EXPECTED, came) == Judgement()
    assert judge(EXPECTED, came).good


@pytest.mark.parametrize(
    ("came", "where", "said"),
    [
        pytest.param(ALL[:2], "missing", "territory_change SY Deir Ezzor", id="one too few"),
        pytest.param([*ALL, alert(JORDAN, id="al_2")], "surplus", "border_closure JO Jordan", id="one twice"),
        pytest.param(
            [*ALL, alert(JORDAN, id="al_2", places=[])], "surplus", "border_closure", id="one without a place too much"
        ),
        pytest.param([alert(JORDAN, phase="ended"), *ALL[1:]], "wrong", "phase is ended, not active", id="phase"),
        pytest.param([alert(JORDAN, veracity="claimed"), *ALL[1:]], "wrong", "veracity is claimed", id="veracity"),
        pytest.param(
            [alert(JORDAN, places=[{"name": "Amman", "country": "JO"}]), *ALL[1:]],
            "wrong",
            "place Jordan is not among Amman",
            id="place",
        ),
        pytest.param(
            [alert(JORDAN, evidence=[{"quote": "bread is dear", "url": "x"}]), *ALL[1:]],
            "wrong",
            "no evidence is like",
            id="quote",
        ),
    ],
)
def test_what_differs_is_said_in_words(came: list[dict[str, Any]], where: str, said: str) -> None:
    judgement = judge(EXPECTED, came)
    assert not judgement.good
    assert [said in line for line in getattr(judgement, where)] == [True]


def test_further_evidence_of_an_expected_alert_must_be_there_too() -> None:
    also = Expected(**{f: getattr(JORDAN, f) for f in JORDAN.__struct_fields__} | {"also": (Evidence(quote="zu"),)})
    judgement = judge(Expectations(alerts=(also,)), [alert(JORDAN)])
    assert "no evidence is like “zu”" in judgement.wrong[0]


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        ("Jordan closed its border", "In the south, Jordan closed its border with Syria", True),
        ("Jordan closed its border", "Jordan has closed the border", True),
        ("Jordan closed its border", "Syria raised the price of bread", False),
        ("Jordan closed its border", "", False),
    ],
)
def test_two_quotes_are_alike_when_the_shorter_shares_half_of_its_words(a: str, b: str, same: bool) -> None:
    assert alike(a, b) is same
    assert alike(b, a) is same


def test_what_may_come_may_not_come_of_an_item_that_should_be_silent() -> None:
    silent = Silent(feed="wire", item="Homs fighters win the cup", why="sport")
    strict = Expectations(alerts=EXPECTED.alerts, may_come=EXPECTED.may_come, silent=(silent,))
    heard = {**FIGHTING, "evidence": [{"quote": "Homs fighters win", "url": "http://seeds.invalid/wire/b"}]}
    assert judge(strict, [*ALL, FIGHTING]).surplus == ()
    assert len(judge(strict, [*ALL, heard]).surplus) == 1
