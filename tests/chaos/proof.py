"""The verdict of a chaos run, from the logs alone: what was expected, what arrived, under how many ids."""

from collections import Counter
from pathlib import Path
from typing import Any

from tests.chaos.world import Report, rows

PROMISED_S = 10.0


def proof(folder: Path, expected: list[Report], hooks: list[str]) -> dict[str, Any]:
    """Figures of a run; ``lost`` and ``under_two_ids`` must be empty.

    An alert counts as arrived when the sink answered 204. Further revisions of an alert have ids of their own.
    """
    ids: dict[tuple[str, str, str], set[str]] = {}
    accepted: Counter[str] = Counter()
    seen: Counter[str] = Counter()
    unverified = 0
    for row in rows(folder / "sink.jsonl"):
        if not str(row["type"]).startswith("alert."):
            continue
        unverified += not row["verified"]
        seen[row["id"]] += 1
        if row["status"] == 204:
            accepted[row["id"]] += 1
            if row["revision"] == 1:
                ids.setdefault((row["hook"], row["trigger"], row["country"]), set()).add(row["id"])
    wanted = {(hook, r.trigger, r.country) for hook in hooks for r in expected}
    return {
        "expected": len(wanted),
        "arrived": len(wanted & ids.keys()),
        "lost": sorted(map("/".join, wanted - ids.keys())),
        "not_expected": sorted(map("/".join, ids.keys() - wanted)),
        "under_two_ids": sorted("/".join(k) for k, found in ids.items() if len(found) > 1),
        "posts": sum(seen.values()),
        "accepted": sum(accepted.values()),
        "accepted_again": sum(n - 1 for n in accepted.values()),
        "signatures_refused": unverified,
        **_kills([folder]),
    }


def summed(verdicts: list[dict[str, Any]], folders: list[Path]) -> dict[str, Any]:
    """The verdict over several rounds: counts and lists of all of them together."""
    made: dict[str, Any] = {"rounds": len(verdicts)}
    for name, first in verdicts[0].items():
        values = [v[name] for v in verdicts]
        if not isinstance(first, dict):
            made[name] = all(values) if isinstance(first, bool) else sum(values, type(first)())
    return made | _kills(folders)


def _kills(folders: list[Path]) -> dict[str, Any]:
    """What was done to the processes, and how soon what they held was taken up again."""
    done = [row for folder in folders for row in rows(folder / "kills.jsonl")]
    kills = [r for r in done if r["signal"] == "KILL"]
    ran_out = [{**row, "folder": folder} for folder in folders for row in rows(folder / "recovered.jsonl")]
    return {
        "kills": len(kills),
        "stops": len(done) - len(kills),
        "kills_by_role": dict(Counter(r["role"] for r in kills)),
        "kills_of_lease_holders": len({(r["folder"], r["pid"]) for r in ran_out}),
        "leases_that_ran_out": len(ran_out),
        "taken_up_again_s": _spread([r["seconds"] for r in ran_out]),
        "taken_up_again_undisturbed_s": _spread([r["seconds"] for r in ran_out if r["undisturbed"]]),
    }


def _spread(seconds: list[float]) -> dict[str, float]:
    """Of so many, how long it took; undisturbed are those beside whom nobody of their role, no poller and no Redis died
    before they were taken up again."""
    took = sorted(seconds) or [0.0]
    over = sum(s > PROMISED_S for s in took)
    return {
        "of": len(seconds),
        "p50": took[len(took) // 2],
        "p99": took[int(len(took) * 0.99)],
        "max": took[-1],
        "over": over,
    }
