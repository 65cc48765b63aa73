"""One gazetteer for all tests of places: it takes a fifth of a second to load."""

import pytest

from worker.places.gazetteer import Gazetteer
from worker.places.resolve import Resolver


@pytest.fixture(scope="session")
def gazetteer() -> Gazetteer:
    return Gazetteer.load()


@pytest.fixture(scope="session")
def resolver(gazetteer: Gazetteer) -> Resolver:
    return Resolver(gazetteer)
