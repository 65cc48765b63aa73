"""The verdict of a chaos run, from the logs alone: what was expected, what arrived, under how many ids."""

from collections import Counter
from pathlib import Path
from typing import Any

from tests.chaos.world import Report, rows


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
        unverified += row["verified"] is False
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
        **_kills(folder),
    }


def _kills(folder: Path) -> dict[str, Any]:
    """What was done to the processes, and how soon what they held was taken up again."""
    done = list(rows(folder / "kills.jsonl"))
    kills = [r for r in done if r["signal"] == "KILL"]
    took = sorted(s for r in rows(folder / "recovered.jsonl") if r["undisturbed"] for s in (r["seconds"],))
    return {
        "kills": len(kills),
        "stops": len(done) - len(kills),
        "kills_by_role": dict(Counter(r["role"] for r in kills)),
        "kills_of_lease_holders": sum(bool(r["held"]) for r in kills),
        "items_held_when_killed": sum(r["held"] for r in kills),
        "items_timed": len(took),
        "taken_up_again_s": {
            "p50": took[len(took) // 2] if took else None,
            "p99": took[int(len(took) * 0.99)] if took else None,
            "max": took[-1] if took else None,
        },
    }
