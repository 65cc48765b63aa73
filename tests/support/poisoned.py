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
from typing import Any

import redis

from tests.support.paths import CONFIG
from tests.support.town import house_over
from worker import jobs, wiring
from worker.articles.model import Document
from worker.ledger import beat
from worker.queues import answer, progress
from worker.settings import Settings

TITLE = "POISON"


def main(url: str, way: str) -> None:
    """Answer the bells of ``classify``."""
    client = redis.Redis.from_url(url)
    house = dataclasses.replace(house_over(client), progress=progress)
    real = wiring.make_judge(Settings(config_dir=str(CONFIG), scorer="off"))

    def judge(documents: Sequence[Document], homes: Sequence[str] = ()) -> Any:
        if any(d.title == TITLE for d in documents):
            if way == "die":
                os.kill(os.getpid(), signal.SIGKILL)
            signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
            time.sleep(600)
        return real(documents, homes)

    function = functools.partial(jobs.classify, house, judge)  # type: ignore[arg-type]
    answer(
        redis.Redis.from_url(url), "classify", function, house.stopping, functools.partial(beat, client, "classifier")
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
