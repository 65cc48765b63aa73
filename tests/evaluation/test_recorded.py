"""No figure falls by more than a point below the recorded one."""

import json
from pathlib import Path

import pytest

from tests.evaluation.figures import SETS, make_judge, measure
from tests.support.paths import ROOT
from worker.errors import TocsinError

RECORDED = json.loads((ROOT / "tests" / "data" / "recorded.json").read_text())


@pytest.mark.parametrize("mode", ["off", "required"])
def test_no_figure_falls_by_more_than_a_point(shared: Path, mode: str) -> None:
    try:
        judge = make_judge(mode)
    except TocsinError:
        pytest.skip("the semantic scorer is not installed")
    for name in SETS:
        if mode not in RECORDED.get(name, {}):
            continue
        figures = measure(name, mode, judge)
        now = {"trigger": figures["trigger"]["f1"], "trigger_country": figures["trigger_country"]["f1"]}
        now |= {a: figures["axes_given_trigger"][a] for a in ("phase", "veracity", "country")}
        fallen = {k: (now[k], was) for k, was in RECORDED[name][mode].items() if now[k] < was - 0.01}
        assert not fallen, (name, mode, fallen)
