"""Every format is accepted by a validator that others wrote, and holds its limits whatever a feed brings."""

import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Any, get_args

import capvalidator
import msgspec
import pytest
from cloudevents.core.bindings.http import HTTPMessage, from_structured_event
from cloudevents.core.formats.json import JSONFormat
from disnake import Embed
from geojson_pydantic import FeatureCollection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree
from microsoft_teams.cards import AdaptiveCard, Container, OpenUrlAction, RichTextBlock, TextRun
from slack_sdk.models.blocks import Block

from tests.support.builders import HOMS, NOON, SYRIA
from tests.support.notices import alert
from tests.unit.deliveries.hostile import hostile
from worker.deliveries.formats import LIMIT, Message, message, ping
from worker.deliveries.plain import units
from worker.subscriptions.model import Format
from worker.triggers.model import FAMILIES

GOLDEN = Path(__file__).parents[2] / "data" / "golden"
FORMATS: tuple[Format, ...] = get_args(Format)
CHANGES = ("alert.created", "alert.updated", "alert.ended", "alert.withdrawn")
STORY = alert(
    revision=3,
    trigger="air_strike",
    family="attack",
    headline="Missiles hit a market in Homs",
    places=(HOMS, SYRIA),
    changes=("phase: announced → active", "independent sources: 1 → 2"),
    earlier=((1, NOON - timedelta(hours=2)), (2, NOON - timedelta(hours=1))),
    independent_sources=2,
)
QUICK = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


def made(form: Format, change: str = "alert.updated", what: Any = STORY) -> Message:
    return message(what, change, form, webhook_id="msg_abc", console_url="https://console.example")


@pytest.mark.parametrize("form", FORMATS)
def test_the_story_is_told_as_its_golden_file_has_it(form: Format) -> None:
    (golden,) = GOLDEN.glob(f"{form}.*")
    assert made(form).body.decode() == golden.read_text(encoding="utf-8").rstrip("\n")


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("trigger", FAMILIES)
def test_cap_is_valid_against_the_schema_of_oasis(trigger: str, change: str) -> None:
    what = msgspec.structs.replace(STORY, trigger=trigger, family=FAMILIES[trigger])
    check_cap(made("cap", change, what).body)


def check_cap(body: bytes) -> Any:
    result = capvalidator.check_schema(body)
    assert result.passed, result.message
    root = etree.fromstring(body)
    space = {"c": "urn:oasis:names:tc:emergency:cap:1.2"}
    for sent in root.xpath("//c:sent/text() | //c:onset/text()", namespaces=space):
        assert re.search(r"[+-]\d\d:\d\d$", sent)
    return lambda path: root.xpath(path, namespaces=space)


@pytest.mark.parametrize(
    ("given_", "path", "value"),
    [
        ({}, "//c:msgType/text()", "Update"),
        ({}, "//c:scope/text()", "Restricted"),
        ({}, "//c:certainty/text()", "Observed"),
        ({"veracity": "claimed"}, "//c:certainty/text()", "Possible"),
        ({"veracity": "denied"}, "//c:certainty/text()", "Unlikely"),
        ({"phase": "announced"}, "//c:certainty/text()", "Likely"),
        ({"phase": "ended"}, "//c:responseType/text()", "AllClear"),
        ({"phase": "ended"}, "//c:urgency/text()", "Past"),
        ({"trigger": "evacuation"}, "//c:responseType/text()", "Evacuate"),
        ({"trigger": "curfew"}, "//c:responseType/text()", "Shelter"),
        ({"trigger": "border_closure"}, "//c:responseType/text()", "Avoid"),
        ({"trigger": "cbrn"}, "//c:category/text()", "CBRNE"),
    ],
)
def test_cap_says_what_the_contract_asks(given_: dict[str, Any], path: str, value: str) -> None:
    read = check_cap(made("cap", what=msgspec.structs.replace(STORY, **given_)).body)
    assert value in read(path)


def test_a_cancelled_cap_message_refers_to_every_earlier_one() -> None:
    read = check_cap(made("cap", "alert.withdrawn").body)
    assert read("//c:msgType/text()") == ["Cancel"]
    first, second = read("//c:references/text()")[0].split()
    assert first == "tocsin@console.example,al_1.1,2026-03-01T10:00:00+00:00"
    assert second.startswith("tocsin@console.example,al_1.2,")


def check_cloudevent(form: Message) -> Any:
    read = from_structured_event(HTTPMessage({"content-type": form.content_type}, form.body), JSONFormat())
    assert (read.get_id(), read.get_subject()) == ("msg_abc", "al_1")
    return read


def test_a_cloudevent_is_read_by_its_sdk() -> None:
    read = check_cloudevent(made("cloudevents"))
    assert read.get_type() == "alert.updated"
    assert read.get_data()["headline"] == "Missiles hit a market in Homs"


def check_geojson(form: Message) -> FeatureCollection:  # type: ignore[type-arg]
    return FeatureCollection.model_validate_json(form.body)


def test_a_geojson_feature_stands_at_each_place() -> None:
    read = check_geojson(made("geojson"))
    assert [f.geometry.coordinates[:2] for f in read.features] == [(36.72, 34.73), (38.0, 35.0)]


def check_slack(form: Message) -> None:
    read = json.loads(form.body)
    assert units(read["text"]) <= 4000
    assert not re.search(r"<[!@#]", read["text"])
    blocks = Block.parse_all(read["blocks"])
    assert len(blocks) == len(read["blocks"]) <= 50
    for block in blocks:
        block.validate_json()
    assert units(read["blocks"][0]["text"]["text"]) <= 150
    for kind in re.findall(r'"type":"(\w+)"', form.body.decode()):
        assert kind != "mrkdwn"
    assert len(form.body) < 16_000


def check_discord(form: Message) -> None:
    read = json.loads(form.body)
    assert read["allowed_mentions"] == {"parse": []}
    (embed,) = read["embeds"]
    known = Embed.from_dict(embed)
    known.check_limits()
    assert {k: v for k, v in embed.items() if v != ""} == {k: v for k, v in known.to_dict().items() if v != ""}
    parts = [embed["title"], embed["description"], embed["footer"]["text"], embed.get("author", {}).get("name", "")]
    assert [units(p) <= most for p, most in zip(parts, (256, 4096, 2048, 256), strict=True)] == [True] * 4
    assert len(embed["fields"]) <= 25
    for field in embed["fields"]:
        assert 0 < units(field["name"]) <= 256
        assert 0 < units(field["value"]) <= 1024
        assert not re.search(r"(?<!\\)(?:\\\\)*[*_`|~<@#\[]", field["value"])
    assert sum(units(p) for p in parts) + sum(units(f["name"] + f["value"]) for f in embed["fields"]) <= 6000
    assert str(embed.get("url", "https://")).startswith(("http://", "https://"))


def check_teams(form: Message) -> None:
    assert len(form.body) < 28_000
    (attachment,) = json.loads(form.body)["attachments"]
    card = attachment["content"]
    assert (card["type"], card["version"]) == ("AdaptiveCard", "1.4")
    kinds = {part["type"] for part in walk(card["body"])}
    assert kinds <= {"RichTextBlock", "TextRun", "Container"}  # none of these reads markup
    assert all(a["url"].startswith(("http://", "https://")) for a in card.get("actions", ()))
    for part in (card, *walk(card["body"]), *card.get("actions", ())):
        read = PARTS[part["type"]].model_validate(part)
        assert set(read.model_extra or ()) <= {"$schema"}


PARTS = {
    "AdaptiveCard": AdaptiveCard,
    "RichTextBlock": RichTextBlock,
    "TextRun": TextRun,
    "Container": Container,
    "Action.OpenUrl": OpenUrlAction,
}


def walk(parts: Any) -> Any:
    for part in parts:
        yield part
        yield from walk(part.get("items", []) + part.get("inlines", []))


CHECKS = {
    "standard": lambda form: json.loads(form.body),
    "cloudevents": check_cloudevent,
    "geojson": check_geojson,
    "cap": lambda form: check_cap(form.body),
    "slack": check_slack,
    "discord": check_discord,
    "teams": check_teams,
}


@pytest.mark.parametrize("form", FORMATS)
@QUICK
@given(what=hostile(STORY), change=st.sampled_from(CHANGES))
def test_no_text_of_a_feed_breaks_a_format(form: Format, what: Any, change: str) -> None:
    sent = made(form, change, what)
    CHECKS[form](sent)
    assert len(sent.body) <= LIMIT
    if form in ("slack", "discord", "teams", "cap"):
        text = sent.body.decode() if form == "cap" else json.dumps(json.loads(sent.body), ensure_ascii=False)
        assert not re.search("[\u202a-\u202e\u2066-\u2069\u200e\u200f\u0000-\u0008\u000b\u000c\u000e-\u001f]", text)


@pytest.mark.parametrize("form", FORMATS)
def test_a_megabyte_of_quote_is_cut(form: Format) -> None:
    huge = msgspec.structs.replace(STORY.evidence[0], quote="<@everyone> " * 100_000)
    sent = made(form, what=msgspec.structs.replace(STORY, evidence=(huge,), headline="x" * 1_000_000))
    CHECKS[form](sent)
    assert len(sent.body) <= LIMIT


@pytest.mark.parametrize("form", FORMATS)
def test_a_chat_tool_is_asked_in_its_own_words(form: Format) -> None:
    asked = json.loads(ping("sub_1", "nonce", NOON, form).body)
    if form in ("slack", "discord", "teams"):
        assert "nonce" not in json.dumps(asked)
        assert set(asked) & {"text", "content", "attachments"}
    else:
        assert asked["type"] == "subscription.ping"
