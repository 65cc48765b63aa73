"""The small door of a role: it tells an ill role from one that lives, and one port is one role's."""

import threading

import httpx
import pytest
import redis

from tests.support.town import house_over
from worker.errors import SettingsError
from worker.ledger import beat, key
from worker.ops import probe
from worker.ops.counting import Counter


def test_a_role_is_ready_while_it_shows_signs_of_life_and_redis_answers(redis_client: redis.Redis) -> None:
    house, counter = house_over(redis_client), Counter("sender")
    assert probe.answer(house, "sender", counter, "/readyz")[0] == 503
    beat(redis_client, "sender")
    assert probe.answer(house, "sender", counter, "/readyz")[0] == 200
    assert probe.answer(house, "poller", counter, "/readyz")[0] == 503
    assert redis_client.keys(key("alive", "*"))
    away = house_over(redis.Redis(port=1))
    assert probe.answer(away, "sender", counter, "/readyz")[0] == 503
    assert probe.answer(away, "sender", counter, "/healthz")[0] == 200


def test_it_is_served_over_http_and_a_port_that_is_taken_is_named(redis_client: redis.Redis) -> None:
    server = probe.serve(house_over(redis_client), "sender", Counter("sender"), 0)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    port = server.server_address[1]
    reply = httpx.get(f"http://127.0.0.1:{port}/healthz")
    assert (reply.status_code, reply.json()) == (200, {"status": "ok"})
    taken = house_over(redis_client, probe_port=port)
    with pytest.raises(SettingsError, match="TOCSIN_PROBE_PORT"):
        probe.watch(taken, "sender", Counter("sender"))
    server.shutdown()
    server.server_close()
