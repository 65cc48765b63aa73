"""A short chaos run: what ``make chaos`` does for an hour."""

from pathlib import Path

import pytest

from tests.chaos.run import Chaos, Plan
from tests.chaos.world import reports
from worker.judge import Judge

pytestmark = pytest.mark.system


def test_nothing_is_lost_while_processes_and_redis_are_killed(tmp_path: Path, judge: Judge) -> None:
    plan = Plan(kills=10, every_s=1.0, most_s=60.0, seed=11, feeds=4, ahead=12)
    verdict = Chaos(tmp_path, plan, reports(judge, 11)[:60], print).run()
    assert verdict["lost"] == []
    assert verdict["under_two_ids"] == []
    assert verdict["not_expected"] == []
    assert verdict["signatures_refused"] == 0
    assert verdict["sums_right"]
    assert verdict["expected"] >= 3 * plan.ahead
    assert verdict["kills"] >= 1
