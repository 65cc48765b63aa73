"""Who says it, in what role; figures and days told beside it."""

from datetime import UTC, datetime

import pytest

from tests.support.telling import told
from worker.triggers.numbers import numbers
from worker.triggers.occurred import occurred_at


@pytest.mark.parametrize(
    ("text", "core", "who", "role"),
    [
        (
            "The rebels’ joint command says its men took the town",
            "took the town",
            "The rebels’ joint command",
            "armed group",
        ),
        ("Jets bombed a bridge, the Syrian Observatory said", "bombed a bridge", "the Syrian Observatory", "monitor"),
        ("Bridge bombed, says army", "Bridge bombed", "army", "military"),
        ("According to two sources, the bridge was bombed.", "bombed", "two sources", "unnamed"),
        ("Bridge bombed - officials", "Bridge bombed", "officials", "official"),
        ("Residents said the bridge was bombed at dawn.", "bombed", "Residents", "witness"),
        ("Police said the bridge was bombed at dawn.", "bombed", "Police", "official"),
        (
            "In the west, Kurdish-led forces have said the bridge was bombed",
            "bombed",
            "Kurdish-led forces",
            "armed group",
        ),
    ],
)
def test_the_speaker_is_named_with_a_role(text: str, core: str, who: str, role: str) -> None:
    first = told(text, core, "air_strike").attribution[0]
    assert (first.who, first.role) == (who, role)


def test_a_sentence_without_a_speaker_has_no_attribution() -> None:
    assert told("Jets bombed a bridge", "bombed a bridge", "air_strike").attribution == ()


@pytest.mark.parametrize(
    ("run", "kind", "low", "high", "approximate"),
    [
        ("At least 12 people were killed", "killed", 12, None, False),
        ("Bomb kills 7 at market", "killed", 7, 7, False),
        ("Up to 24 civilians have been killed", "killed", None, 24, True),
        ("between 10 and 20 people died", "killed", 10, 20, True),
        ("The death toll rose to 1,204 on Friday", "killed", 1204, 1204, False),
        ("Dozens injured in train crash", "injured", 24, None, True),
        ("some 30 others were wounded", "injured", 30, 30, True),
        ("two miners are still missing", "missing", 2, 2, False),
        ("Thousands flee the city", "displaced", 1000, None, True),
        ("tens of thousands have been displaced", "displaced", 10000, None, True),
        ("more than 1.5 million people were displaced", "displaced", 1_500_000, None, False),
        ("Fire forces 3,000 from homes; 5 000 residents evacuated", "evacuated", 5000, 5000, False),
        ("A magnitude 6.4 earthquake struck", "magnitude", 6.4, 6.4, False),
        ("un terremoto de magnitud 5,8", "magnitude", 5.8, 5.8, False),
        ("mindestens 14 Tote nach Lawine", "killed", 14, None, False),
        ("al menos 30 muertos en un bombardeo", "killed", 30, None, False),
        ("plus de 20 blessés dans une explosion", "injured", 20, None, False),
    ],
)
def test_figures_keep_their_bounds(
    run: str, kind: str, low: float | None, high: float | None, approximate: bool
) -> None:
    found = [n for n in numbers(run) if n.kind == kind]
    assert [(n.min, n.max, n.approximate) for n in found[:1]] == [(low, high, approximate)]
    assert found[0].quote in run


@pytest.mark.parametrize(
    "run",
    [
        "A 40-year-old man was killed",
        "He was killed in 2019, aged 12",
        "Shares fell 12 per cent after the fire",
        "Flight 370 went down",
        "Highway 12 closed after crash killed a driver",
    ],
)
def test_a_figure_of_something_else_is_no_toll(run: str) -> None:
    assert [n for n in numbers(run) if n.kind in ("killed", "injured")] == []


SUNDAY = datetime(2024, 12, 8, 17, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("run", "day"),
    [
        ("A bomb went off in Kabul on Friday", (2024, 12, 6)),
        ("The bridge fell yesterday", (2024, 12, 7)),
        ("A quake struck the coast on Sunday", (2024, 12, 8)),
        ("The town was taken on 3 December", (2024, 12, 3)),
        ("The town was taken on November 29, 2024", (2024, 11, 29)),
    ],
)
def test_a_day_is_resolved_against_the_document(run: str, day: tuple[int, int, int]) -> None:
    assert occurred_at(run, SUNDAY) == datetime(*day, tzinfo=UTC)


@pytest.mark.parametrize(
    "run",
    [
        "The ministry said on Friday that a bridge fell",
        "Closed since Monday",
        "It will close from Tuesday",
        "Shots on Monday and again on Wednesday",
        "The bridge fell",
        "The bridge fell on Mondays",
        "The border closes on 24 December",
    ],
)
def test_a_day_in_doubt_is_left_out(run: str) -> None:
    assert occurred_at(run, SUNDAY) is None


def test_a_weekday_without_a_date_of_the_document_is_left_out() -> None:
    assert occurred_at("A bomb went off on Friday", None) is None
