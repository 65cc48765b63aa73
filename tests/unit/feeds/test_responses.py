"""Headers of publishers, and failures in words for a person."""

from datetime import UTC, datetime

import pytest

from worker.feeds.responses import explained, fresh_for_s, retry_after_s

NOW = datetime(2026, 10, 21, 10, tzinfo=UTC)
DATE = "Wed, 21 Oct 2026 10:00:00 GMT"


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"cache-control": "max-age=600"}, 600),
        ({"cache-control": "public, Max-Age=600, must-revalidate"}, 600),
        ({"cache-control": 'max-age="600"'}, 600),
        ({"cache-control": "max-age=600", "age": "100"}, 500),
        ({"cache-control": "max-age=600", "age": "900"}, 0),
        ({"cache-control": "no-cache, max-age=600"}, None),
        ({"cache-control": "no-store"}, None),
        ({"cache-control": "max-age=soon"}, None),
        ({"cache-control": "max-age=-1"}, None),
        ({"cache-control": "max-age=" + "9" * 5000}, None),
        ({"date": DATE, "expires": "Wed, 21 Oct 2026 10:05:00 GMT"}, 300),
        ({"date": DATE, "expires": "Wed, 21 Oct 2026 09:00:00 GMT"}, 0),
        ({"date": DATE, "expires": "0"}, None),
        ({"expires": "Wed, 21 Oct 2026 10:05:00 GMT"}, None),
        ({"cache-control": "max-age=60", "date": DATE, "expires": "Wed, 21 Oct 2026 10:05:00 GMT"}, 60),
    ],
)
def test_freshness_is_read_as_http_means_it(headers: dict[str, str], seconds: int | None) -> None:
    assert fresh_for_s(headers) == seconds


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "120"}, 120),
        ({"retry-after": " 0 "}, 0),
        ({"retry-after": "-5"}, None),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "Wed, 21 Oct 2026 10:05:00 GMT"}, 300),
        ({"retry-after": "Wed, 21 Oct 2026 10:05:00 GMT", "date": "Wed, 21 Oct 2026 10:04:00 GMT"}, 60),
        ({"retry-after": "Wed, 21 Oct 2026 09:00:00 GMT"}, 0),
    ],
)
def test_retry_after_is_read_by_the_publishers_own_clock(headers: dict[str, str], seconds: int | None) -> None:
    assert retry_after_s(headers, NOW) == seconds


def test_an_unasked_304_is_no_redirect() -> None:
    assert "nothing changed to a first request" in explained(304, "")[0]


@pytest.mark.parametrize("status", [*range(300, 309), *range(400, 430), 451, *range(500, 512), 999])
def test_each_status_has_a_reason_that_names_it_and_a_remedy(status: int) -> None:
    reason, remedy = explained(status, "")
    assert f"HTTP {status}" in reason
    assert remedy


@pytest.mark.parametrize(
    "error",
    ["timeout", "dns", "refused", "tls", "dropped", "too_large", "address_refused", "redirects", "protocol", "other"],
)
def test_each_error_has_a_reason_that_names_it_and_a_remedy(error: str) -> None:
    reason, remedy = explained(None, error, "the detail")
    assert error in reason
    assert "the detail" in reason
    assert remedy
