"""Pages of the list: put together from stored records, remembered for a moment, and never sent to a stranger."""

import msgspec
import redis
from litestar.testing import TestClient

from tests.support import stage
from tests.support.town import house_over
from worker.alerts.model import Alert
from worker.api.alerts import WRITER, shown
from worker.api.cursors import Page
from worker.api.pages import Pages
from worker.api.server import create_app

KEY = "k" * 20
BODY = b'{"items":[],"next":"remembered"}'


class Kept(Pages):
    """A memory in which the page of one question never grows old."""

    def get(self, asked: bytes) -> bytes | None:
        return BODY if asked == b"limit=7" else None


def test_a_page_is_byte_for_byte_what_decoding_would_have_made_of_it(redis_client: redis.Redis) -> None:
    house = house_over(redis_client)
    stage.furnish(house)
    alerts = house.alerts.recent(200)
    records = house.alerts.records(a.id for a in alerts)
    assert len(alerts) == len(stage.RANG)
    assert WRITER.page([*records, None], "on") == msgspec.json.encode(Page([shown(a) for a in alerts], "on"))


def test_a_record_of_an_earlier_version_is_shown_with_what_it_lacks(redis_client: redis.Redis) -> None:
    made, _ = stage.rang(stage.RANG[0], house_over(redis_client).clock())
    old = {k: v for k, v in msgspec.to_builtins(made).items() if k not in ("also", "related", "withdrawn", "numbers")}
    (item,) = msgspec.json.decode(WRITER.page([msgspec.json.encode(old)], None))["items"]
    assert (item["also"], item["related"], item["withdrawn"], item["numbers"]) == ([], [], "", [])
    assert msgspec.convert(item, Alert).id == made.id


def test_a_remembered_page_is_sent_to_who_may_read_it_and_to_nobody_else(redis_client: redis.Redis) -> None:
    app = create_app(house_over(redis_client, api_key=KEY, api_rate=6))
    app.state.pages = Kept()
    with TestClient(app) as client:
        assert client.get("/v1/alerts?limit=7").status_code == 401
        bearer = {"authorization": f"Bearer {KEY}"}
        reply = client.get("/v1/alerts?limit=7", headers=bearer)
        assert (reply.content, reply.headers["content-type"]) == (BODY, "application/json")
        refused = client.get("/v1/alerts?limit=7", headers=bearer)
        assert (refused.status_code, refused.json()["status"]) == (429, 429)
        assert int(refused.headers["retry-after"]) > 0
