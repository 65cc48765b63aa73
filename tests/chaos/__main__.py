"""``python -m tests.chaos --kills 1000 --folder DIR``: exit code 0 when nothing was lost."""

import argparse
import json
import shutil
import signal
import sys
from pathlib import Path
from typing import Any

from tests.chaos.proof import summed
from tests.chaos.run import Chaos, Plan
from tests.chaos.world import reports
from tests.support.paths import CONFIG
from worker.judge import make_judge
from worker.settings import Settings

ROUND = 150  # the news of one world lasts for so many kills


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def main() -> None:
    """Run and print the verdict."""
    parser = argparse.ArgumentParser(prog="tests.chaos")
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--every", type=float, default=2.0, metavar="S", help="mean time between two kills")
    parser.add_argument("--most", type=float, default=3600.0, metavar="S", help="stop killing after so long")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--folder", type=Path, default=Path("build/chaos"))
    given = parser.parse_args()
    judge = make_judge(Settings(config_dir=str(CONFIG), scorer="off"))
    signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit(1))  # ends the processes too
    folders, verdicts = list[Path](), list[dict[str, Any]]()
    for done in range(0, given.kills, ROUND):
        seed, kills = given.seed + len(folders), min(ROUND, given.kills - done)
        plan = Plan(kills=kills, every_s=given.every, most_s=given.most * kills / given.kills, seed=seed)
        folders.append(given.folder / f"round{len(folders) + 1}")
        print(f"{folders[-1].name}: {kills} kills", file=sys.stderr, flush=True)
        shutil.rmtree(folders[-1], ignore_errors=True)  # an unfinished run's subscribers would never be served
        verdicts.append(Chaos(folders[-1], plan, reports(judge, seed), _say).run())
    verdict = summed(verdicts, folders)
    (given.folder / "verdict.json").write_text(json.dumps(verdict, indent=1) + "\n")
    print(json.dumps(verdict, indent=1))
    bad = verdict["lost"] or verdict["under_two_ids"] or verdict["signatures_refused"] or not verdict["sums_right"]
    sys.exit(bool(bad))


if __name__ == "__main__":
    main()
