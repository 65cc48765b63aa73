"""The stages between an entry and its alert, one by one: extract, score, place, link."""

import random
import re
import sys
from datetime import timedelta
from itertools import count

import redis
import trafilatura

from tests.bench.crowd import found, happening
from tests.bench.measure import Figure, beside, sized
from tests.bench.words import texts
from tests.support.builders import NOON, RULES, article
from tests.support.paths import CONFIG
from worker.alerts import link
from worker.articles.extract import extract
from worker.judge import make_judge, make_scorer
from worker.settings import Settings

PAGES = sized(60, 10)
ARTICLES = sized(200, 30)
LINKED = sized(200, 50)
KNOWN = 50
SCORED = sized(256, 64)
_NAMES = re.compile(r"[A-Z][\w'-]+")
_MENU = "".join(f'<li class="item"><a href="/topic/{n}" data-n="{n}">Topic {n} of the day</a></li>' for n in range(300))


def page(title: str, text: str) -> bytes:
    """A page of some 60 kB around an article, as papers make them."""
    told = "".join(f"<p>{line}</p>" for line in re.findall(r".{1,300}(?:\s|$)", text))
    return (
        f"<!doctype html><html lang='en'><head><title>{title}</title></head><body><nav><ul>{_MENU}</ul></nav>"
        f"<main><article><h1>{title}</h1>{told}</article></main><footer><ul>{_MENU}</ul></footer></body></html>"
    ).encode()


def extracting(_client: redis.Redis) -> list[Figure]:
    pages = [page(d.title or "News", d.text) for d in texts(PAGES)]

    def bare() -> int:
        return sum(bool(trafilatura.bare_extraction(p.decode(), include_comments=False)) for p in pages)

    def ours() -> int:
        return sum(bool(extract(p, "https://news.example/one").text) for p in pages)

    what = f"pages of {len(pages[0]) / 1000:.0f} kB read: text, title, language, dates, walls"
    return [beside(what, ours, "the extractor alone, text only", bare)]


def scoring(_client: redis.Redis) -> list[Figure]:
    scorer = make_scorer(Settings())
    if scorer is None:
        sys.stderr.write("the scorer is not installed: its case is left out\n")
        return []
    lines = [d.full[:250] for d in texts(SCORED, 300)]

    def batched() -> int:
        return len([scorer.score(lines[at : at + 32], ["en"] * 32) for at in range(0, SCORED, 32)]) * 32

    def single() -> int:
        return len([scorer.score([line], ["en"]) for line in lines])

    return [beside("sentences scored, 32 at a time", batched, "one at a time", single)]


def placing(_client: redis.Redis) -> list[Figure]:
    documents = texts(ARTICLES)
    judge = make_judge(Settings(config_dir=str(CONFIG), scorer="off"))
    found_in = judge.detector.detect(documents)
    words = {name: n for n, name in enumerate({w for d in documents for w in _NAMES.findall(d.full)})}

    def ours() -> int:
        for document, detections in zip(documents, found_in, strict=True):
            judge.resolver.mentions(document)
            judge.resolver.locate(document, detections)
        return len(documents)

    def bare() -> int:
        for document in documents:
            _ = [words.get(name) for name in _NAMES.findall(document.full)]
        return len(documents)

    return [beside("articles of 4 kB with all their places", ours, "each capital looked up in a dict", bare)]


def linking(_client: redis.Redis) -> list[Figure]:
    luck, numbers = random.Random(5), count()
    known = [found(article(f"old_{n}", title=f"Report {n}"), luck, NOON) for n in range(KNOWN)]

    def linked(candidates: list[object]) -> int:
        for _ in range(LINKED):
            told = article(f"new_{next(numbers)}", hours=1, title=f"News {luck.random()}")
            link.fold(told, [happening(luck)], candidates, now=NOON + timedelta(hours=1), rules=RULES)  # type: ignore[arg-type]
        return LINKED

    what = f"articles linked, each compared with {KNOWN} alerts"
    return [beside(what, lambda: linked(list(known)), "with none to compare", lambda: linked([]))]
