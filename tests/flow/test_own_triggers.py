"""An operator's own trigger files: over HTTP and the command line, and followed by whoever judges."""

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import redis
import yaml
from click.testing import CliRunner

from tests.support import stage
from tests.support.paths import CONFIG
from tests.support.town import house_over
from worker import jobs, tuning
from worker.api.keys import KeyStore
from worker.cli.main import tocsin
from worker.embedded import EmbeddedRedis
from worker.judge import make_judge
from worker.ops import moving
from worker.triggers.lexicon import TriggerFile
from worker.wiring import House

KEY = "k" * 20
HERE = "/v1/triggers/border_closure/file"
HEADLINE = "Tocsin Gate goes quiet as the wardens fold their flags"


@pytest.fixture
def house(redis_client: redis.Redis) -> House:
    return house_over(redis_client, api_key=KEY, scorer="off")


@pytest.fixture
def api(house: House) -> Iterator[httpx.Client]:
    headers = {"authorization": f"Bearer {KEY}"}
    with stage.serving(house) as address, httpx.Client(base_url=address, headers=headers, timeout=30) as client:
        yield client


def own(file: dict[str, Any]) -> dict[str, Any]:
    """The file with one rule and one example more."""
    english = file["languages"]["en"]
    rule = {"name": "flags folded", "match": ["wardens fold their flags"], "strength": "strong"}
    english = {**english, "rules": [*english["rules"], rule]}
    example = {"text": "At noon the wardens fold their flags.", "lang": "en"}
    return {**file, "languages": {**file["languages"], "en": english}, "examples": [*file["examples"], example]}


def rings(api: httpx.Client) -> list[str]:
    told = api.post("/v1/explain", json={"title": HEADLINE, "lang": "en"}).json()
    return [e["detection"]["trigger"] for e in told["events"]]


def test_a_file_is_read_changed_and_put_back_and_counts_at_once(api: httpx.Client) -> None:
    shipped = api.get(HERE).json()
    assert rings(api) == []
    answer = api.put(HERE, json=own(shipped))
    assert (answer.status_code, answer.json()["own"]) == (200, True)
    assert rings(api) == ["border_closure"]
    assert [t["trigger"] for t in api.get("/v1/triggers").json()["items"] if t["own"]] == ["border_closure"]
    assert api.delete(HERE).status_code == 204
    assert (rings(api), api.get(HERE).json()) == ([], shipped)
    assert api.delete(HERE).status_code == 404


def test_a_file_that_breaks_its_promise_is_refused_and_changes_nothing(api: httpx.Client) -> None:
    shipped = api.get(HERE).json()
    promised = {**shipped, "examples": [{"text": "A quiet day at the bakery.", "lang": "en"}]}
    answer = api.put(HERE, json=promised)
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    assert "should ring and does not: 'A quiet day at the bakery.'" in answer.json()["detail"]
    english = {**shipped["languages"]["en"], "rules": [{"name": "bad", "match": ["{nobody} shuts"]}]}
    broken = api.put(HERE, json={**shipped, "languages": {"en": english}})
    assert (broken.status_code, "languages.en" in broken.json()["detail"]) == (422, True)
    assert api.put("/v1/triggers/tea_time/file", json=shipped).status_code == 404
    assert api.put("/v1/triggers/coup/file", json=shipped).status_code == 400
    assert api.get(HERE).json() == shipped


def test_triggers_are_listed_by_family_and_language_and_changed_by_operators_only(
    api: httpx.Client, house: House
) -> None:
    family = api.get("/v1/triggers/border_closure").json()["family"]
    some = api.get("/v1/triggers", params={"family": family, "language": "de"}).json()["items"]
    assert "border_closure" in {t["trigger"] for t in some}
    assert all(t["family"] == family and "de" in t["languages"] for t in some)
    assert len(api.get("/v1/triggers").json()["items"]) == 25
    _, text = KeyStore(house.ledger).add("desk", "subscribe", house.clock())
    only = {"authorization": f"Bearer {text}"}
    assert api.put(HERE, json=api.get(HERE).json(), headers=only).status_code == 403
    assert api.delete(HERE, headers=only).status_code == 403


def test_a_classifier_follows_without_a_restart(api: httpx.Client, house: House) -> None:
    judge = make_judge(house.settings)

    def told(key: str) -> int:
        pushed = {"title": HEADLINE, "text": "Nobody passes from Jordan to Syria.", "lang": "en", "source": key}
        assert api.post("/v1/articles", json=pushed, headers={"idempotency-key": key}).status_code == 201
        jobs.classify(house, judge)
        return len(api.get("/v1/alerts", params={"trigger": "border_closure"}).json()["items"])

    assert told("before") == 0
    assert api.put(HERE, json=own(api.get(HERE).json())).status_code == 200
    assert told("after") == 1


def test_the_command_line_sets_and_resets_and_a_house_takes_them_along(
    house: House, redis_server: EmbeddedRedis, tmp_path: Path
) -> None:
    environ = {"TOCSIN_REDIS_URL": redis_server.url, "TOCSIN_CONFIG_DIR": str(CONFIG)}
    given = yaml.load((CONFIG / "triggers" / "border_closure.yaml").read_text(), Loader=yaml.BaseLoader)  # noqa: S506
    (tmp_path / "border_closure.yaml").write_text(yaml.safe_dump(own(given)))
    shell = CliRunner(env=environ)
    done = shell.invoke(tocsin, ["triggers", "set", str(tmp_path / "border_closure.yaml")])
    assert done.stdout == "border_closure: border_closure.yaml counts from now on\n"
    belongings = moving.packed(house, secrets=False)
    assert [file.trigger for file in belongings.own] == ["border_closure"]
    assert shell.invoke(tocsin, ["triggers", "reset", "border_closure"]).exit_code == 0
    assert house.triggers.all() == {}
    assert "trigger border_closure: set" in list(moving.unpacked(house, belongings, None, dry=False))
    assert house.triggers.all().keys() == {"border_closure"}


def test_a_file_of_an_earlier_version_is_left_out_and_told_of(house: House, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.ERROR, "tocsin")
    house.triggers.put(TriggerFile(trigger="tea_time", about="It is four."))
    assert len(tuning.lexicon(house).triggers) == 25
    assert "trigger.refused trigger=tea_time" in caplog.text
