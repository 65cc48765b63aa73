"""The command line as a person uses it, over a real Redis."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import redis
import yaml
from click.testing import CliRunner, Result

from tests.support.paths import CONFIG, SEEDS
from tests.support.sink import Answer, Sink
from tests.support.town import LOCAL
from worker import upgrading
from worker.cli.main import tocsin
from worker.embedded import EmbeddedRedis
from worker.errors import TocsinError
from worker.ledger import beat, key
from worker.ops.figures import HELP

Run = Callable[..., Result]


@pytest.fixture
def run(redis_client: redis.Redis, redis_server: EmbeddedRedis) -> Run:
    """Runs a command; an error of ours is raised, as ``main`` would print it."""
    environ = {
        "TOCSIN_REDIS_URL": redis_server.url,
        "TOCSIN_CONFIG_DIR": str(CONFIG),
        "TOCSIN_SCORER": "off",
        "TOCSIN_ALLOW_NETWORKS": ",".join(LOCAL),
        "TOCSIN_ALLOW_HTTP": "true",
    }

    def invoke(*words: str, given: str | None = None) -> Result:
        result = CliRunner(env=environ).invoke(tocsin, list(words), input=given)
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return invoke


def rows(result: Result) -> list[dict[str, Any]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_classify_reads_and_writes_lines_in_order(run: Run) -> None:
    items = [
        {"id": "a", "title": "Jordan closes its border with Syria", "text": "", "lang": "en", "stratum": "ignored"},
        {"id": 7, "title": "Local bakery wins prize", "text": None, "date": "2025-01-01"},
    ]
    found = rows(run("classify", "--jsonl", given="\n".join(map(json.dumps, items))))
    assert [f["id"] for f in found] == ["a", 7]
    (event,) = found[0]["events"]
    assert (event["trigger"], event["phase"], event["veracity"], event["country"]) == (
        "border_closure",
        "active",
        "reported",
        "JO",
    )
    assert items[0]["title"][event["start"] : event["end"]] == event["quote"]  # type: ignore[index]
    assert found[1]["events"] == []


def test_a_line_that_is_no_json_is_named_and_the_others_are_judged(run: Run) -> None:
    result = run("classify", "--jsonl", given='{"id": "a", "title": "x"}\nnot json\n\n{"id": "b", "title": "y"}\n')
    assert [f["id"] for f in rows(result)] == ["a", "b"]
    assert result.exit_code == 1
    assert "line 2" in result.stderr


def test_places_are_printed_with_their_coordinates(run: Run) -> None:
    (found,) = rows(run("places", "--jsonl", given='{"id": "a", "title": "Shelling in Homs, Syria", "text": ""}'))
    assert {"Homs", "Syria"} <= {p["name"] for p in found["places"]}
    assert {p["country"] for p in found["places"]} == {"SY"}


def test_explain_shows_the_rule_that_fired(run: Run, tmp_path: Path) -> None:
    story = tmp_path / "story.txt"
    story.write_text("Jordan closes its border with Syria\nThe army said so on Friday.\n")
    result = run("explain", str(story))
    assert "border_closure" in result.stdout
    (shown,) = rows(run("explain", "--json", str(story)))
    assert shown["events"][0]["country"] == "JO"


def test_explain_takes_words_for_the_text_itself(run: Run) -> None:
    (shown,) = rows(run("explain", "--json", "Jordan closes its border with Syria"))
    assert [e["trigger"] for e in shown["events"]] == ["border_closure"]


def test_explain_names_a_file_that_is_not_there(run: Run) -> None:
    with pytest.raises(TocsinError, match="nowhere"):
        run("explain", "nowhere.txt")


def test_a_replayed_feed_raises_its_alerts_on_its_own_clock(run: Run) -> None:
    alerts = rows(run("replay", "--json", str(SEEDS / "feeds" / "vistula-herald.xml")))
    assert ("border_closure", "PL") in {(a["trigger"], a["places"][0]["country"]) for a in alerts if a["places"]}


def test_a_replayed_text_is_one_article(run: Run, tmp_path: Path) -> None:
    story = tmp_path / "story.txt"
    story.write_text("Ecuador imposes night curfew in Guayaquil\nThe governor said so.\n")
    (alert,) = rows(run("replay", "--json", "--language", "en", str(story)))
    assert alert["trigger"] == "curfew"


def test_a_subscription_is_made_listed_and_removed(run: Run) -> None:
    with Sink() as sink:
        (made,) = rows(run("subscribe", sink.url, "--country", "JO", "--trigger", "border_closure", "--json"))
        assert len(sink.requests) == 1
    assert made["secret"].startswith("whsec_")
    (listed,) = rows(run("subscriptions", "list", "--json"))
    assert "secret" not in listed
    assert (listed["id"], listed["filter"]["countries"], listed["state"]) == (made["id"], ["JO"], "active")
    run("subscriptions", "remove", made["id"])
    assert rows(run("subscriptions", "list", "--json")) == []


def test_a_subscription_is_changed_and_moved_and_the_rest_of_it_stays(run: Run) -> None:
    with Sink() as sink, Sink() as other:
        (made,) = rows(run("subscribe", sink.url, "--country", "JO", "--min-severity", "severe", "--json"))
        (changed,) = rows(run("subscriptions", "change", made["id"], "--country", "SY", "--url", other.url))
        assert (len(sink.requests), len(other.requests)) == (1, 1)
        assert changed["url"].rstrip("/") == other.url
    assert changed["filter"] | {"countries": ["JO"]} == made["filter"]
    with Sink(Answer(500)) as bad, pytest.raises(TocsinError, match="did not accept the ping"):
        run("subscriptions", "change", made["id"], "--url", bad.url)


def test_an_endpoint_that_refuses_the_ping_is_not_subscribed(run: Run) -> None:
    with Sink(Answer(500)) as sink, pytest.raises(TocsinError, match="did not accept the ping"):
        run("subscribe", sink.url)
    assert rows(run("subscriptions", "list", "--json")) == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        pytest.param(("subscribe", "http://10.0.0.1/hook"), "10.0.0.1", id="an address inside"),
        pytest.param(("subscribe", "https://example.org/", "--country", "XQ"), "XQ", id="no such country"),
        pytest.param(("subscriptions", "remove", "sub_none"), "sub_none", id="no such subscription"),
        pytest.param(("alerts", "show", "al_none"), "al_none", id="no such alert"),
        pytest.param(("deliveries", "show", "msg_none"), "msg_none", id="no such delivery"),
        pytest.param(("feeds", "show", "nothing"), "nothing", id="no such feed"),
        pytest.param(("feeds", "add", "x", "ftp://example.org/", "--language", "en"), "url", id="no web address"),
    ],
)
def test_a_bad_word_is_named(run: Run, words: tuple[str, ...], said: str) -> None:
    with pytest.raises(TocsinError, match=said):
        run(*words)


def test_a_feed_is_added_shown_and_removed(run: Run) -> None:
    run("feeds", "add", "mine", "https://example.org/feed.xml", "--language", "en")
    (listed,) = rows(run("feeds", "list", "--json"))
    assert (listed["definition"]["name"], listed["health"], listed["origin"]) == ("mine", "new", "added")
    run("feeds", "remove", "mine")
    assert rows(run("feeds", "list", "--json")) == []


def test_the_sums_of_an_empty_house_are_right(run: Run) -> None:
    assert run("reconcile").exit_code == 0
    assert rows(run("quarantine", "list", "--json")) == []


def test_up_over_the_redis_of_a_newer_tocsin_says_so_once_and_ends(
    redis_client: redis.Redis, redis_server: EmbeddedRedis
) -> None:
    redis_client.set(key("schema"), upgrading.SCHEMA + 1)
    environ = {**os.environ, "TOCSIN_REDIS_URL": redis_server.url, "TOCSIN_CONFIG_DIR": str(CONFIG)}
    command = [sys.executable, "-m", "worker.cli.main", "up", "--no-api"]
    ended = subprocess.run(command, env=environ, capture_output=True, text=True, timeout=60)
    assert (ended.returncode, ended.stderr.count("run the newer Tocsin"), "is up" in ended.stderr) == (1, 1, False)


@pytest.mark.parametrize("form", ["grafana", "prometheus"])
def test_what_a_dashboard_or_a_rule_asks_for_is_a_figure_of_ours(run: Run, form: str) -> None:
    text = run("observability", form).stdout
    asked = {re.sub("_(bucket|sum|count)$", "", name) for name in re.findall(r"\btocsin_[a-z_]+", text)}
    assert len(asked) > 5
    assert asked <= HELP.keys()
    assert json.loads(text)["panels"] if form == "grafana" else yaml.safe_load(text)["groups"]


def test_the_doctor_says_what_to_do(run: Run) -> None:
    result = run("doctor")
    assert result.exit_code == 1
    assert "TOCSIN_SECRETS_KEY" in result.stdout


def test_the_doctor_misses_roles_and_the_log_of_redis(run: Run, redis_client: redis.Redis) -> None:
    beat(redis_client, "poller")
    before = redis_client.config_get("appendonly")["appendonly"]
    redis_client.config_set("appendonly", "no")
    found = {row["what"]: row["remedy"] for row in rows(run("doctor", "--json")) if not row["good"]}
    redis_client.config_set("appendonly", before)
    assert found["no sender-slow shows a sign of life"] == "start it: tocsin sender --slow"
    assert "no poller shows a sign of life" not in found
    assert found["Redis writes no log: what was accepted dies with it"]


def test_a_role_that_is_not_there_is_not_healthy(run: Run) -> None:
    assert run("healthcheck", "poller").exit_code == 1
    assert run("healthcheck", "classifier").exit_code == 1


CLOSED = "Jordan closes its border with Syria\nThe army said so on Friday."


def rang(run: Run, tmp_path: Path) -> dict[str, Any]:
    """An alert of a moment ago, in the Redis of the test."""
    story = tmp_path / "story.txt"
    story.write_text(CLOSED)
    run("replay", "--here", str(story))
    (alert,) = rows(run("alerts", "list", "--json"))
    return alert


def test_a_filter_is_tried_before_it_is_used(run: Run, tmp_path: Path) -> None:
    assert "Nothing of the last days" in run("subscribe", "--preview").stdout
    rang(run, tmp_path)
    assert "1 of 1 alerts" in run("subscribe", "--preview", "--country", "JO").stdout
    assert "0 of 1 alerts" in run("subscribe", "--preview", "--country", "FR").stdout
    assert rows(run("subscriptions", "list", "--json")) == []


def test_what_was_taken_back_since_would_have_been_sent_too(run: Run, tmp_path: Path) -> None:
    alert = rang(run, tmp_path)
    run("alerts", "withdraw", alert["id"], "--reason", "it was a film set")
    assert "1 of 1 alerts in 1.0 days would have been sent" in run("subscribe", "--preview").stdout
    assert "1.0 alerts and 2.0 messages a day" in run("subscribe", "--preview", "--country", "JO").stdout
    assert "0 of 1 alerts" in run("subscribe", "--preview", "--phase", "announced").stdout


def test_an_alert_is_withdrawn_with_the_reason(run: Run, tmp_path: Path) -> None:
    alert = rang(run, tmp_path)
    assert run("alerts", "withdraw", alert["id"]).exit_code == 2  # no reason
    said = run("alerts", "withdraw", alert["id"], "--reason", "it was a film set").stdout
    assert said == f"withdrawn {alert['id']}, revision 2: it was a film set\n"
    (shown,) = rows(run("alerts", "show", alert["id"]))
    assert (shown["change"], shown["changes"]) == ("alert.withdrawn", ["withdrawn: it was a film set"])
    with pytest.raises(TocsinError, match="al_none"):
        run("alerts", "withdraw", "al_none", "--reason", "x")


def test_what_was_denied_since_stays_in_the_difference_of_a_filter(run: Run, tmp_path: Path) -> None:
    told = ("Army seizes palace in Accra in coup, residents say", "Ghana army denies coup in Accra")
    items = "".join(
        f"<item><guid>{n}</guid><title>{t}</title><pubDate>Mon, 02 Mar 2026 0{n}:00:00 GMT</pubDate></item>"
        for n, t in enumerate(told, 1)
    )
    feed = tmp_path / "feed.xml"
    feed.write_text(f'<rss version="2.0"><channel><title>x</title>{items}</channel></rss>')
    assert "denied" in run("backtest", str(feed)).stdout
    assert "1 alerts before; 0 come, 0 go" in run("backtest", str(feed), "--country", "GH").stdout
    assert "1 alerts before; 0 come, 1 go" in run("backtest", str(feed), "--country", "FR").stdout


def test_files_are_tried_against_a_filter_and_nothing_is_kept(run: Run, tmp_path: Path) -> None:
    story = tmp_path / "story.txt"
    story.write_text(CLOSED)
    assert "1 articles, 1 alerts before; 0 come, 0 go" in run("backtest", str(story)).stdout
    told = run("backtest", str(story), "--trigger", "curfew").stdout
    assert "1 articles, 1 alerts before; 0 come, 1 go" in told
    assert run("backtest").exit_code == 2
    assert rows(run("alerts", "list", "--json")) == []
