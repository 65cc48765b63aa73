"""Schemathesis against a real server: whatever is sent, the answer is one that the description names."""

import re
from collections.abc import Iterator
from typing import Any

import hypothesis
import pytest
import redis
import schemathesis
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import ignored_auth, positive_data_acceptance

from tests.support import stage
from tests.support.town import house_over

KEY = "k" * 20
HEADERS = {"authorization": f"Bearer {KEY}"}
# A stream never ends, a search for feeds dials out, and the judge takes seconds to load: they have tests of their own.
ELSEWHERE = re.compile("stream|discover|explain")
# Who may ask is tested in test_api.py: this check sends our key again. And a value of the right type may still be none.
OTHERWISE = [ignored_auth, positive_data_acceptance]
SETTINGS = hypothesis.settings(
    deadline=None, max_examples=4, suppress_health_check=list(hypothesis.HealthCheck), derandomize=True, database=None
)


@pytest.fixture
def described(redis_client: redis.Redis) -> Iterator[Any]:
    house = house_over(redis_client, api_key=KEY, api_rate=0)
    stage.furnish(house)
    with stage.serving(house) as address:
        yield schemathesis.openapi.from_url(f"{address}/schema/openapi.json", headers=HEADERS)


def test_every_answer_is_one_that_is_described(described: Any) -> None:
    operations = [found.ok() for found in described.get_all_operations()]
    failures = []
    for operation in (o for o in operations if not ELSEWHERE.search(o.path)):
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):

            @SETTINGS
            @hypothesis.given(case=operation.as_strategy(generation_mode=mode))
            def ask(case: schemathesis.Case) -> None:
                case.call_and_validate(headers=HEADERS, excluded_checks=OTHERWISE)

            try:
                ask()
            except (hypothesis.errors.Unsatisfiable, hypothesis.errors.InvalidArgument):
                continue  # nothing that is wrong can be sent to it
            except BaseException as error:
                failures.append(f"{operation.method.upper()} {operation.path} {mode.value}: {error}"[:600])
    assert len(operations) > 25
    assert failures == [], "\n\n".join(failures)
