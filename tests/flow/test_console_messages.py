"""The console's pages of messages that are not one alert: digests, and words about Tocsin itself."""

from datetime import timedelta

import httpx
import redis

from tests.support import stage
from tests.support.town import house_over
from worker.deliveries import notices
from worker.deliveries.model import digest_of
from worker.ledger import Transaction
from worker.subscriptions.model import Filter


def test_a_digest_and_a_notice_are_shown_with_what_they_tell(redis_client: redis.Redis) -> None:
    house = house_over(redis_client)
    now = house.clock()
    alert, told = stage.rang(stage.RANG[1], now)
    stage.keep(house, (alert, told))
    owner, _ = house.subscriptions.new("https://desk.example/hook", Filter(), now)
    house.subscriptions.add(owner.verified())
    until = now + timedelta(hours=2)
    digest, blind = digest_of(owner.id, until, now), notices.notice("system.degraded", now, now, ("3 of 4 feeds fail",))
    word = notices.delivery(blind, owner.id, "fast")
    transaction = Transaction()
    house.subscriptions.hold(transaction, owner, until, alert)
    house.deliveries.put_digest(transaction, alert, digest)
    house.deliveries.put_notice(transaction, blind, [word])
    house.ledger.commit(transaction)
    with stage.serving(house) as address:
        listed = httpx.get(f"{address}/deliveries").text
        of_digest = httpx.get(f"{address}/deliveries/{digest.id}").text
        of_word = httpx.get(f"{address}/deliveries/{word.id}").text
    assert "what came in the quiet hours until" in listed
    assert "3 of 4 feeds fail" in listed
    assert f'href="/alerts/{alert.id}"' in of_digest
    assert "Ash shuts the airport of Catania" in of_digest
    assert "alert.digest" in of_digest
    assert "Tocsin may be blind" in of_word
    assert "system.degraded" in of_word
