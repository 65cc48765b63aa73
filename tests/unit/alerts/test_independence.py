"""Who counts as a witness, and what confirms or denies a claim."""

import pytest

from tests.support.builders import HOMS, RULES, article, event
from worker.alerts.independence import veracity, witnesses
from worker.alerts.model import Trace
from worker.alerts.trace import origin, publisher_of, trace_of
from worker.triggers.model import Attribution

WIRE = (
    "Rebels took the ridge above the town before dawn and raised a flag on the water tower, a spokesman said. Trucks "
    "with wounded men were seen on the road to the coast, and shops stayed shut until the afternoon."
)
OTHER = "Nobody in the valley slept that night, our reporter writes: tracer fire lit the terraces until the moon set."


def trace(
    n: int, group: str, text: str = "", *, feed: str = "", author: str = "", who: str = "", **given: str
) -> Trace:
    source = article(
        f"ar_{n}",
        hours=n,
        group=group,
        feed=feed or f"{group}-feed",
        title=f"T{n}",
        text=text,
        author=author,
        credit=given.pop("credit", ""),
    )
    said = (Attribution(who=who, role=given.pop("role", "unnamed"), quote=""),) if who else ()
    return trace_of(event("territory_change", HOMS, attribution=said, **given), source, RULES.publishers)


@pytest.mark.parametrize(
    ("traces", "count"),
    [
        pytest.param((trace(1, "bbc", OTHER), trace(2, "dw", WIRE)), 2, id="two publishers"),
        pytest.param((trace(1, "bbc", OTHER), trace(2, "bbc", WIRE)), 1, id="two feeds of one publisher"),
        pytest.param((trace(1, "bbc", WIRE), trace(2, "dw", WIRE)), 1, id="the same text"),
        pytest.param((trace(1, "bbc", WIRE), trace(2, "dw", "Our desk: " + WIRE[:130])), 1, id="a cut copy"),
        pytest.param((trace(1, "bbc", OTHER, author="AFP"), trace(2, "dw", WIRE, author="afp")), 1, id="one by-line"),
        pytest.param(
            (trace(1, "bbc", OTHER, credit="afp"), trace(2, "dw", WIRE, credit="afp")), 1, id="one credit of two pages"
        ),
        pytest.param(
            (trace(1, "reuters", OTHER), trace(2, "dw", "HOMS (Reuters) - " + WIRE)), 1, id="the agency itself"
        ),
        pytest.param((trace(1, "bbc", OTHER, author="A. Reuterswerd"), trace(2, "reuters", WIRE)), 2, id="a like name"),
        pytest.param((trace(1, "blog", OTHER, feed="blog"), trace(2, "dw", WIRE)), 2, id="an unknown one is its own"),
    ],
)
def test_witnesses_are_counted_once(traces: tuple[Trace, ...], count: int) -> None:
    assert len(witnesses(traces)) == count


CLAIM = {"veracity": "claimed"}


@pytest.mark.parametrize(
    ("traces", "truth"),
    [
        pytest.param((trace(1, "bbc", OTHER, **CLAIM),), "claimed", id="one claim"),
        pytest.param((trace(1, "bbc", **CLAIM), trace(2, "dw")), "reported", id="reported as fact"),
        pytest.param(
            (trace(1, "bbc", **CLAIM), trace(2, "blog", feed="blog")), "claimed", id="an unknown lifts nothing"
        ),
        pytest.param(
            (trace(1, "bbc", OTHER, who="rebels", **CLAIM), trace(2, "dw", WIRE, who="rebels", **CLAIM)),
            "claimed",
            id="one claimant told by two",
        ),
        pytest.param(
            (
                trace(1, "bbc", OTHER, who="rebels", **CLAIM),
                trace(2, "dw", WIRE, who="the governor", role="official", **CLAIM),
            ),
            "reported",
            id="an authority confirms",
        ),
        pytest.param((trace(1, "bbc", **CLAIM), trace(2, "dw", veracity="denied")), "denied", id="denied"),
        pytest.param((trace(1, "bbc"), trace(2, "dw", veracity="denied")), "reported", id="confirmed, then denied"),
        pytest.param(
            (trace(1, "bbc", **CLAIM), trace(2, "blog", feed="blog", veracity="denied")), "claimed", id="a blog denies"
        ),
    ],
)
def test_only_known_publishers_lift_or_deny(traces: tuple[Trace, ...], truth: str) -> None:
    assert veracity(traces) == truth


@pytest.mark.parametrize(
    ("author", "text", "agency"),
    [
        ("Reuters", "", "reuters"),
        ("Jane Doe, Associated Press", "", "ap"),
        ("", "KYIV (AFP) - The night was loud.", "afp"),
        ("", "МОСКВА, 5 марта - ТАСС. Взрыв.", ""),
        ("", "The night was loud. © dpa", "dpa"),
        ("", "Quelle: APA", "apa"),
        ("Anita Apple", "A map of the coast.", ""),
    ],
)
def test_an_agency_is_read_from_by_lines_and_credits(author: str, text: str, agency: str) -> None:
    assert origin(author, text) == agency


def test_a_source_is_recognised_as_its_publisher() -> None:
    known = frozenset({"bbc", "nytimes", "aljazeera", "dw"})
    names = ("BBC News - Home", "The New York Times", "Al Jazeera", "DW", "nytimes.com", "The Daily Harbour")
    assert [publisher_of(n, known) for n in names] == [
        "bbc",
        "The New York Times",
        "aljazeera",
        "dw",
        "nytimes",
        names[5],
    ]
