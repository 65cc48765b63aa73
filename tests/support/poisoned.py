"""A classifier whose judge is real but for one title, at which the process dies, or hangs where no signal helps.

``python -m tests.support.poisoned REDIS_URL die|hang``
"""

import dataclasses
import functools
import os
import signal
import sys
import time
from collections.abc import Sequence

import redis

from tests.support.paths import CONFIG
from tests.support.town import house_over
from worker import jobs
from worker.articles.model import Document
from worker.judge import Judge, make_judge
from worker.ledger import beat
from worker.places.model import Event
from worker.queues import answer, progress
from worker.settings import Settings

TITLE = "POISON"


class Poisonable(Judge):
    """The real judge, which one title kills or hangs."""

    way: str

    def __call__(self, documents: Sequence[Document], homes: Sequence[str] = ()) -> list[tuple[Event, ...]]:
        """The events of each document."""
        if any(d.title == TITLE for d in documents):
            if self.way == "die":
                os.kill(os.getpid(), signal.SIGKILL)
            signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
            time.sleep(600)
        return super().__call__(documents, homes)


def main(url: str, way: str) -> None:
    """Answer the bells of ``classify``."""
    client = redis.Redis.from_url(url)
    house = dataclasses.replace(house_over(client), progress=progress)
    real = make_judge(Settings(config_dir=str(CONFIG), scorer="off"))
    judge = Poisonable(real.detector, real.resolver)
    judge.way = way
    function = functools.partial(jobs.classify, house, judge)
    answer(
        redis.Redis.from_url(url), "classify", function, house.stopping, functools.partial(beat, client, "classifier")
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
