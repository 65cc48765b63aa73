"""The cases: parse, match, poll, queue, deliver, end to end."""

import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import islice

import ahocorasick_rs
import feedparser
import redis

from tests.bench import polling, sending, serving, stages
from tests.bench.crowd import growth
from tests.bench.measure import Figure, beside, sized
from tests.bench.sending import hole
from tests.bench.words import texts
from tests.support.builders import NOON, RULES, article, event
from tests.support.notices import SECRET
from tests.support.paths import CONFIG
from tests.support.sink import Sink
from tests.support.town import Item, Publisher, doors, house_over, read, run_until_quiet, subscribe
from worker.alerts import link
from worker.deliveries import formats
from worker.deliveries.model import Delivery, delivery_id
from worker.deliveries.sign import headers
from worker.feeds.parse import parse
from worker.judge import make_judge, make_scorer
from worker.ledger import Ledger, Transaction
from worker.outbound import Ask, Outbound
from worker.pipeline import deliver
from worker.settings import Settings

ARTICLES = sized(300, 30)
POSTS = sized(1000, 200)
ENTRIES = 200


def parsing(_client: redis.Redis) -> list[Figure]:
    publisher = Publisher([Item(f"g{n}", f"Headline number {n}", "Some words of news. " * 20) for n in range(ENTRIES)])
    body = publisher.xml().encode()
    return [
        beside(
            "feed entries parsed",
            lambda: len(parse(body).entries),
            "feedparser without sanitising",
            lambda: len(feedparser.parse(body, sanitize_html=False, resolve_relative_uris=False).entries),
        )
    ]


def matching(_client: redis.Redis) -> list[Figure]:
    documents = texts(ARTICLES)
    judge = make_judge(Settings(config_dir=str(CONFIG), scorer="off"))
    phrases = sorted({w.lower() for d in documents[:20] for w in d.text.split()})
    phrases += [f"{a} {b}" for a, b in zip(phrases, phrases[7:], strict=False)]
    scan = ahocorasick_rs.AhoCorasick(phrases[:2000])

    def bare() -> int:
        for document in documents:
            scan.find_matches_as_indexes(document.full.lower())
        return len(documents)

    figures = [
        beside(
            "articles of 4 kB matched with context",
            lambda: len(judge.detector.detect(documents)),
            "bare scan for 2,000 phrases",
            bare,
        ),
        beside(
            "articles of 4 kB judged with places", lambda: len(judge(documents)), "bare scan for 2,000 phrases", bare
        ),
    ]
    scorer = make_scorer(Settings())
    if scorer is None:
        sys.stderr.write("the scorer is not installed: its case is left out\n")
        return figures
    scored = make_judge(Settings(config_dir=str(CONFIG), scorer="required"))
    few = documents[: sized(60, 10)]
    figures.append(
        beside(
            "articles of 4 kB judged with the scorer",
            lambda: len(scored(few)),
            "four sentences each through the scorer alone",
            lambda: len([scorer.score([d.full[at : at + 400] for at in range(0, 1600, 400)], ["en"] * 4) for d in few]),
        )
    )
    return figures


def queueing(client: redis.Redis) -> list[Figure]:
    ledger, count, batch = Ledger(client), sized(5000, 1000), 50
    body = "x" * 1400

    def ours() -> int:
        for start in range(0, count, batch):
            ids = [f"a{n}" for n in range(start, start + batch)]
            ledger.commit(
                *(Transaction().write("HSET", f"tocsin:b:{i}", "r", body).make_due("article", i) for i in ids)
            )
        done = 0
        while (claim := ledger.claim("article", batch)).ids:
            ledger.commit(*(Transaction().fence(claim, i).done("article", i) for i in claim.ids))
            done += len(claim.ids)
        return done

    def streams() -> int:
        client.delete("s")
        client.xgroup_create("s", "g", id="0", mkstream=True)
        for start in range(0, count, batch):
            with client.pipeline(transaction=False) as pipeline:
                for n in range(start, start + batch):
                    pipeline.xadd("s", {"id": f"a{n}", "r": body})
                pipeline.execute()
        done = 0
        while rows := client.xreadgroup("g", "c", {"s": ">"}, count=batch):
            ids = [i for i, _ in rows[0][1]]
            client.xack("s", "g", *ids)
            done += len(ids)
        return done

    return [beside("articles through the ledger, in batches of 50", ours, "bare Redis streams", streams)]


def delivering(client: redis.Redis) -> list[Figure]:
    house = house_over(client)
    with hole() as url, doors(house.settings) as (_, sender):
        for n in range(POSTS):
            subscribe(house, f"{url}/ok/{n}")
        owners = house.subscriptions.all()
        (alert,) = link.fold(article(), [event()], [], now=NOON, rules=RULES)
        plain = Outbound(user_agent="bench", allow_networks=house.settings.allow_networks, http=True)
        body = formats.body(alert, "alert.created", alert.updated_at, "")

        def fan_out() -> None:
            transaction = Transaction()
            house.alerts.put(transaction, alert)
            made = [
                Delivery(
                    id=delivery_id(f"{alert.id}{time.monotonic()}", 1, owner.id),
                    alert=alert.id,
                    revision=1,
                    subscription=owner.id,
                    type="alert.created",
                    created_at=datetime.now(UTC),
                )
                for owner in owners
            ]
            house.deliveries.put_fan_out(transaction, alert, made)
            house.ledger.commit(transaction)

        def ours() -> int:
            deliver(house, sender, "delivery")
            return POSTS

        # The same requests, byte for byte but for the time: to the same addresses, signed beforehand.
        asks = [
            Ask(
                method="POST",
                url=owner.url,
                headers={"content-type": "application/json", **headers(SECRET, f"msg_{n:026}", 1_800_000_000, body)},
                body=body,
                deadline_s=15,
                max_bytes=65_536,
            )
            for n, owner in enumerate(owners)
        ]

        def bare() -> int:
            waiting, left = iter(asks), POSTS
            for ask in islice(waiting, house.settings.send_concurrency):
                plain.start(0, plain.ask(ask))
            while left:
                for _ in plain.collect(1.0):
                    left -= 1
                    if ask := next(waiting, None):
                        plain.start(0, plain.ask(ask))
            return POSTS

        figure = beside(
            "deliveries claimed, signed, posted, written", ours, "bare loop of the same client", bare, prepare=fan_out
        )
        plain.close()
        return [figure]


def end_to_end(client: redis.Redis) -> list[Figure]:
    judge = make_judge(Settings(config_dir=str(CONFIG), scorer="off"))
    documents = texts(ARTICLES, 2000)
    turn = iter(range(10_000))

    with Sink() as sink:
        house = house_over(client)
        publisher = Publisher()
        with Sink(answer=publisher.answer) as server, doors(house.settings) as (fetcher, sender):
            publisher.base = server.url
            subscribe(house, sink.url)

            def ours() -> int:
                n = next(turn)
                publisher.items = [Item(f"{n}-{d.id}", d.title, d.text) for d in documents]
                read(house, publisher, f"wire{n}")
                run_until_quiet(house, judge, fetcher, sender, timeout=120)
                return len(documents)

            return [
                beside(
                    "articles from feed to webhook, one process",
                    ours,
                    "judging alone, nothing kept or sent",
                    lambda: len(judge(documents)),
                )
            ]


# In the order in which news flows.
CASES: dict[str, Callable[[redis.Redis], list[Figure]]] = {
    "poll": polling.cycle,
    "poll-minute": polling.minute,
    "poll-lag": polling.lag,
    "poll-hostile": polling.beside_hostile,
    "parse": parsing,
    "extract": stages.extracting,
    "match": matching,
    "score": stages.scoring,
    "place": stages.placing,
    "link": stages.linking,
    "queue": queueing,
    "deliver": delivering,
    "fan-out": sending.fanning_out,
    "sick": sending.sick_endpoints,
    "idle": sending.idle,
    "end-to-end": end_to_end,
    "growth": growth,
    "list": serving.serving,
}
# These run over the house that the case before them has filled.
STANDING = frozenset({"list"})
# What is promised most comes first, for what there is no time for is left out; the house is full for both.
FIRST = ("growth", "list")
# These watch for a while whatever the size, and are left out where little time is given.
SLOW = frozenset({"poll-minute", "poll-lag", "poll-hostile", "fan-out", "sick", "idle"})
