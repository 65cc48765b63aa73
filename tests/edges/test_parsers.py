"""Parsing processes, which are handed several feeds at once."""

import asyncio

from tests.support.publishers import item, rss
from worker.feeds.model import Job, Parsed
from worker.feeds.parsing import LARGE, TOGETHER, Parsers

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
    answers = parsed([good, SLOW, good, good, good], 1, 0.8)
    assert [a.reason for a in answers] == ["", "it takes over 0.8 s to parse", "", "", ""]
