"""Schemathesis against a real server: whatever is sent, the answer is one that the description names."""

from collections.abc import Iterator

import hypothesis
import pytest
import redis
import schemathesis

from tests.support import stage
from tests.support.town import house_over

KEY = "k" * 20
HEADERS = {"authorization": f"Bearer {KEY}"}


@pytest.fixture
def described(redis_client: redis.Redis) -> Iterator[object]:
    house = house_over(redis_client, api_key=KEY, api_rate=0)
    stage.furnish(house)
    with stage.serving(house) as address:
        yield schemathesis.openapi.from_url(f"{address}/schema/openapi.json", headers=HEADERS)


# A stream never ends, a search for feeds dials out, and the judge takes seconds to load: they have tests of their own.
schema = schemathesis.pytest.from_fixture("described").exclude(path_regex="stream|discover|explain")


@schema.parametrize()
@hypothesis.settings(
    deadline=None, max_examples=4, suppress_health_check=list(hypothesis.HealthCheck), derandomize=True, database=None
)
def test_every_answer_is_one_that_is_described(case: schemathesis.Case) -> None:
    case.call_and_validate(headers=HEADERS)
