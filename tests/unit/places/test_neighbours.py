"""The towns beside a name decide which of its namesakes is meant, however often the name itself is repeated."""

import pytest

from worker.articles.model import Document
from worker.places.resolve import Resolver

CASES = [
    pytest.param(
        "Kingston warehouse burns",
        "The blaze in Kingston drew crews from Belleville, Gananoque and Napanee.",
        ("Kingston", "CA"),
        id="a capital's name among towns of Ontario",
    ),
    pytest.param(
        "Unrest in Tripoli",
        "Shots were heard in Tripoli; soldiers from Akkar and Zahle stood by.",
        ("Tripoli", "LB"),
        id="the Tripoli of Lebanon",
    ),
    pytest.param(
        "Barn burns in Athens",
        "Crews from Winder and Watkinsville drove to Athens on Sunday; a man from Monroe was hurt.",
        ("Athens", "US"),
        id="the Athens of Georgia",
    ),
    pytest.param(
        "Road washed out near Paris",
        "Workers from Lexington, Georgetown and Cynthiana came; Kentucky officials closed the road.",
        ("Georgetown", "US"),
        id="the Georgetown of Kentucky",
    ),
    pytest.param(
        "Man shot in Santiago",
        "Officers in La Vega and Puerto Plata searched for a car that left Santiago.",
        ("Santiago", "DO"),
        id="the Santiago of the Dominican Republic",
    ),
    pytest.param(
        "Blackout in Kingston",
        "Kingston was dark for hours, and so was Spanish Town.",
        ("Kingston", "JM"),
        id="the capital where nothing else is said",
    ),
]


@pytest.mark.parametrize(("title", "text", "meant"), CASES)
def test_neighbours_decide(resolver: Resolver, title: str, text: str, meant: tuple[str, str]) -> None:
    found = {(m.place.name, m.place.country) for m in resolver.mentions(Document(title=title, text=text, lang="en"))}
    assert meant in found
    assert len({country for name, country in found if name == meant[0]}) == 1
