"""Parsing processes, which are handed several feeds at once."""

import asyncio

import psutil

from tests.support.publishers import item, rss
from worker.feeds.model import Job, Parsed
from worker.feeds.parsing import LARGE, RETIRE_AT_KB, TOGETHER, Parsers

MEMORY = 1024 * 1024 * 1024
SLOW = Job(rss(*(item(n, date="2026-10-21 10:00") for n in range(3_500))))


def parsed(jobs: list[Job], most: int, seconds: float) -> list[Parsed]:
    """What processes that are ready make of jobs that come all at once."""

    async def run() -> list[Parsed]:
        parsers = Parsers(most, seconds, MEMORY)
        try:
            await parsers.parse(jobs[0])
            return await asyncio.gather(*(parsers.parse(job) for job in jobs))
        finally:
            await parsers.close()

    return asyncio.run(run())


def test_every_feed_gets_its_own_answer() -> None:
    jobs = [Job(rss(item(n))) for n in range(3 * TOGETHER + 1)]
    titles = [p.feed.entries[0].title for p in parsed(jobs, 2, 10.0) if p.feed]
    assert titles == [f"Post {n} closes" for n in range(len(jobs))]


def test_a_feed_that_parses_too_long_costs_those_handed_over_with_it_nothing() -> None:
    assert len(SLOW.body) < LARGE
    good = Job(rss(item(1)))
    answers = parsed([good, SLOW, good, good, good], 1, 0.3)
    assert [a.reason for a in answers] == ["", "it takes over 0.3 s to parse", "", "", ""]


def parsers() -> dict[int, int]:
    """The parsing processes of this one, with the bytes that each holds in memory."""
    alive = [p for p in psutil.Process().children() if p.status() != psutil.STATUS_ZOMBIE]
    ours = [p for p in alive if "worker.feeds.parsing" in p.cmdline()]
    return {p.pid: p.memory_info().rss for p in ours}


def test_a_parsing_process_stays_and_grows_no_more_also_where_the_poller_is_large() -> None:
    ballast = b"x" * (RETIRE_AT_KB * 1024 + 50_000_000)  # a new program starts with this one's peak as its own
    body = rss(*(item(n).replace("to all traffic", "to all traffic, and nobody knows why" * 1_000) for n in range(25)))

    async def run() -> list[dict[int, int]]:
        one, seen = Parsers(1, 30.0, MEMORY), []
        try:
            for n in range(45):
                assert len((await one.parse(Job(body))).feed.entries) == 25  # type: ignore[union-attr]
                if n % 20 == 4:
                    seen.append(parsers())
        finally:
            await one.close()
        return seen

    first, *_, last = asyncio.run(run())
    assert first.keys() == last.keys() != set()
    assert sum(last.values()) - sum(first.values()) < 20 * len(body)
    assert len(ballast) > RETIRE_AT_KB * 1024
