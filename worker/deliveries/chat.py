"""An alert as a message of a chat tool: Slack blocks, a Discord embed, an Adaptive Card for Teams.

Whatever comes from the web stands in elements that read no markup (Slack's and Teams' rich text), or is escaped
(Discord), so that it can neither mention anybody nor pose as ours. Lengths are the tools' published limits.
"""

import re
from collections.abc import Sequence
from typing import Any, Final

from worker.alerts.model import Alert
from worker.deliveries.plain import cut, plain, units, web

Json = dict[str, Any]
MARKS: Final = {"minor": "🟢", "moderate": "🟡", "severe": "🟠", "extreme": "🔴"}
COLOURS: Final = {"minor": 0x2E7D32, "moderate": 0xF9A825, "severe": 0xEF6C00, "extreme": 0xC62828}
CARD_COLOURS: Final = {"minor": "Good", "moderate": "Warning", "severe": "Warning", "extreme": "Attention"}
WORDS: Final = {
    "alert.created": "New",
    "alert.updated": "Update",
    "alert.ended": "Ended",
    "alert.withdrawn": "Withdrawn",
}
FOOT: Final = "Tocsin reads the news; it is no alerting authority."
MOST_LINES: Final = 20
_MARKDOWN: Final = re.compile(r"([\\*_~`|>#\[\]()<@])")


class Words:
    """What a chat message says of an alert, as plain texts."""

    def __init__(self, alert: Alert, change: str, url: str | None) -> None:
        self.title = f"{MARKS[alert.severity]} {WORDS[change]}: {plain(alert.headline, 120)}"
        names = [f"{p.name} ({p.country})" if p.country else p.name for p in alert.places[:3]]
        self.facts = [
            ("What", plain(alert.trigger.replace("_", " "), 60)),
            ("Where", plain(", ".join(names), 200) or "not told"),
            ("State", f"{alert.phase}, {alert.veracity}"),
            ("Severity", f"{alert.severity}, confidence {alert.confidence:.0%}"),
            ("Sources", f"{alert.independent_sources} independent"),
        ]
        self.changes = plain("; ".join(alert.changes[:5]), 300)
        newest = alert.evidence[-1] if alert.evidence else None
        self.quote = plain(newest.quote, 500) if newest else ""
        self.source = plain(newest.source, 60) if newest else ""
        self.link = web(newest.url) if newest else None
        self.url = web(url)
        self.summary = f"{self.title} – {self.facts[1][1]}"


def slack(alert: Alert, change: str, url: str | None) -> Json:
    """Blocks for an incoming webhook of Slack."""
    said = Words(alert, change, url)
    rich: list[Json] = []
    for name, value in said.facts:
        rich += [_run(f"{name}: ", bold=True), _run(f"{value}\n")]
    if said.changes:
        rich.append(_run(said.changes, italic=True))
    elements: list[Json] = [{"type": "rich_text_section", "elements": rich}]
    if said.quote:
        elements.append({"type": "rich_text_quote", "elements": [_run(said.quote)]})
    links: list[Json] = [_link(said.link, said.source or "source")] if said.link else []
    if said.url:
        links += [_run("  "), _link(said.url, "all evidence")] if links else [_link(said.url, "all evidence")]
    if links:
        elements.append({"type": "rich_text_section", "elements": links})
    blocks: list[Json] = [
        {"type": "header", "text": {"type": "plain_text", "text": cut(said.title, 150), "emoji": True}},
        {"type": "rich_text", "elements": elements},
        {"type": "context", "elements": [{"type": "plain_text", "text": FOOT, "emoji": True}]},
    ]
    return {"text": _escaped(said.summary), "blocks": blocks, "unfurl_links": False, "unfurl_media": False}


def discord(alert: Alert, change: str, url: str | None) -> Json:
    """An embed for a webhook of Discord; nobody is mentioned whatever the texts say."""
    said = Words(alert, change, url)
    fields = [{"name": name, "value": _literal(value, 1024), "inline": True} for name, value in said.facts]
    if said.changes:
        fields.append({"name": "Changed", "value": _literal(said.changes, 1024), "inline": False})
    embed: Json = {
        "title": _literal(said.title, 256),
        "description": ("> " + _literal(said.quote, 2000)) if said.quote else "",
        "color": COLOURS[alert.severity],
        "fields": fields,
        "footer": {"text": FOOT},
        "timestamp": alert.updated_at.isoformat(),
    }
    if said.url or said.link:
        embed["url"] = said.url or said.link
    if said.link:
        embed["author"] = {"name": said.source or "source", "url": said.link}
    return {"embeds": [embed], "allowed_mentions": {"parse": []}}


def teams(alert: Alert, change: str, url: str | None) -> Json:
    """An Adaptive Card 1.4 for a Teams workflow."""
    said = Words(alert, change, url)
    body: list[Json] = [
        _text(said.title, size="Large", weight="Bolder", color=CARD_COLOURS[alert.severity]),
        *(_fact(name, value) for name, value in said.facts),
    ]
    if said.changes:
        body.append(_text(said.changes, italic=True))
    if said.quote:
        body.append({"type": "Container", "style": "emphasis", "items": [_text(f"“{said.quote}”")]})
    body.append(_text(FOOT, isSubtle=True, size="Small"))
    actions = [{"type": "Action.OpenUrl", "title": said.source or "Source", "url": said.link}] if said.link else []
    if said.url:
        actions.append({"type": "Action.OpenUrl", "title": "All evidence", "url": said.url})
    card: Json = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "fallbackText": said.summary,
        "body": body,
    }
    if actions:
        card["actions"] = actions
    attachment = {"contentType": "application/vnd.microsoft.card.adaptive", "contentUrl": None, "content": card}
    return {"type": "message", "attachments": [attachment]}


def digest(tool: str, alerts: Sequence[Alert]) -> Json:
    """What came in the quiet hours as one message, a line an alert."""
    lines = [Words(a, a.change, None).summary for a in alerts[:MOST_LINES]]
    if len(alerts) > MOST_LINES:
        lines.append(f"… and {len(alerts) - MOST_LINES} more")
    title = f"{len(alerts)} alerts came in your quiet hours"
    if tool == "slack":
        rich = {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [_run("\n".join(lines))]}]}
        head = {"type": "header", "text": {"type": "plain_text", "text": title, "emoji": True}}
        return {"text": title, "blocks": [head, rich]}
    if tool == "discord":
        said = "\n".join(_literal(line, 180) for line in lines)
        return {"embeds": [{"title": title, "description": said}], "allowed_mentions": {"parse": []}}
    return _card([_text(title, size="Large", weight="Bolder"), *map(_text, lines)])


def line(tool: str, words: str) -> Json:
    """A message of one line: a test, or a word about Tocsin itself."""
    said = plain(words, 1000)
    if tool == "slack":
        return {"text": _escaped(said)}
    if tool == "discord":
        return {"content": _literal(said, 2000), "allowed_mentions": {"parse": []}}
    return _card([_text(said)])


def _card(body: list[Json]) -> Json:
    card = {"type": "AdaptiveCard", "version": "1.4", "body": body}
    kind = "application/vnd.microsoft.card.adaptive"
    return {"type": "message", "attachments": [{"contentType": kind, "contentUrl": None, "content": card}]}


def _run(text: str, **style: bool) -> Json:
    return {"type": "text", "text": text, **({"style": style} if style else {})}


def _link(url: str, text: str) -> Json:
    return {"type": "link", "url": url, "text": text}


def _escaped(text: str) -> str:
    """Slack's three signs of markup, as it asks for them."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _literal(text: str, most: int) -> str:
    """The text for Discord with every sign of Markdown escaped, in at most so many units."""
    while units(escaped := _MARKDOWN.sub(r"\\\1", text)) > most:
        text = cut(text, max(1, units(text) * 3 // 4))
    return escaped


def _text(text: str, **style: object) -> Json:
    """A paragraph of an Adaptive Card in a kind of element that reads no markup."""
    return {"type": "RichTextBlock", "inlines": [{"type": "TextRun", "text": text or " ", **style}]}


def _fact(name: str, value: str) -> Json:
    runs = [{"type": "TextRun", "text": f"{name}: ", "weight": "Bolder"}, {"type": "TextRun", "text": value}]
    return {"type": "RichTextBlock", "inlines": runs}
