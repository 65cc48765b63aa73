"""Fits the judge's weights on labelled items: ``python -m training.judge_weights ITEMS.jsonl``.

Logistic regression over the reasons of every candidate (1: the item carries that trigger), each item and trigger
weighing one; weights shrink towards nothing (L2), a rule's own weight the most. Five folds dealt by item choose the
shrinkage and say what to expect; the weights written are fitted on all items.
"""

import json
import sys
from collections.abc import Mapping, Sequence
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from worker.articles.model import Document
from worker.triggers import catalogue, judge
from worker.triggers.detect import Detector
from worker.triggers.model import Candidate, alerts

FOLDER = Path(__file__).parents[1] / "config" / "triggers"
Floats = npt.NDArray[np.float64]
SHRINK = {"bias": 0.001, "strength": 0.01, "trigger": 3.0, "rule": 6.0, "family": 6.0, "other": 1.5}


class Row(NamedTuple):
    """One candidate of one item, with its label."""

    item: str
    candidate: Candidate
    label: float


def document(item: Mapping[str, Any]) -> Document:
    """A labelled item as the detector reads it."""
    try:
        date = datetime.fromisoformat(item["date"]).replace(tzinfo=timezone.utc)
    except (KeyError, TypeError, ValueError):
        date = None
    return Document(id=item["id"], title=item["title"], text=item["text"], lang=item["lang"], date=date)


def rows(detector: Detector, items: Sequence[Mapping[str, Any]]) -> list[Row]:
    """Every candidate of the items; the label tells whether the item carries that trigger."""
    out = []
    for item in items:
        told = {event["trigger"] for event in item["events"]}
        for one in detector.explain(document(item)).candidates:
            out.append(Row(item["id"], one, float(one.trigger in told)))
    return out


def table(found: Sequence[Row]) -> tuple[list[str], Floats]:
    """Names of the columns, and one row of features a candidate."""
    count: dict[str, int] = {}
    for row in found:
        for name in judge.features(row.candidate):
            count[name] = count.get(name, 0) + 1
    names = ["strength", *sorted(name for name, n in count.items() if n >= 4)]
    index = {name: i for i, name in enumerate(names)}
    out = np.zeros((len(found), len(names)))
    for i, row in enumerate(found):
        out[i, 0] = row.candidate.strength
        for name in judge.features(row.candidate):
            if name in index:
                out[i, index[name]] = 1.0
    return names, out


def fit(names: Sequence[str], x: Floats, y: Floats, weight: Floats, scale: float = 1.0) -> Floats:
    """Newton's method on the penalised likelihood; the strength column is drawn to 1, all others to 0."""
    kinds = ["family" if "|" in name else name.partition(":")[0] for name in names]
    shrink = np.array([scale * SHRINK.get(kind, SHRINK["other"]) for kind in kinds])
    centre = np.array([1.0 if name == "strength" else 0.0 for name in names])
    w = centre.copy()
    for _ in range(30):
        p = 1 / (1 + np.exp(-np.clip(x @ w, -30, 30)))
        grad = x.T @ (weight * (p - y)) + shrink * (w - centre)
        hess = (x.T * (weight * p * (1 - p))) @ x + np.diag(shrink)
        step = np.linalg.solve(hess, grad)
        w = w - step
        if np.abs(step).max() < 1e-6:
            break
    return w


def f1(items: Sequence[Mapping[str, Any]], found: Sequence[Row], odds: Floats, cut: float) -> tuple[float, float, float]:
    """Precision, recall and F1 over items of the triggers that alert."""
    best: dict[tuple[str, str], tuple[float, Candidate]] = {}
    for row, value in zip(found, odds, strict=True):
        key = (row.item, row.candidate.trigger)
        if value >= cut and (key not in best or value > best[key][0]):
            best[key] = (value, row.candidate)
    said = {key for key, (_, one) in best.items() if alerts(one.phase, one.veracity)}
    told = {(i["id"], e["trigger"]) for i in items for e in i["events"] if alerts(e["phase"], e["veracity"])}
    hit = len(said & told)
    p, r = hit / max(1, len(said)), hit / max(1, len(told))
    return p, r, 2 * p * r / max(1e-9, p + r)


def _shares(found: Sequence[Row]) -> Floats:
    count: dict[tuple[str, str], int] = {}
    for row in found:
        key = (row.item, row.candidate.trigger)
        count[key] = count.get(key, 0) + 1
    return np.array([1 / count[row.item, row.candidate.trigger] for row in found])


def crossed(found: Sequence[Row], names: Sequence[str], x: Floats, scale: float, folds: int = 5) -> Floats:
    """Log-odds of each candidate by weights that never saw its item."""
    y, weight = np.array([row.label for row in found]), _shares(found)
    ids = sorted({row.item for row in found})
    fold = {item: n % folds for n, item in enumerate(ids)}
    mine = np.array([fold[row.item] for row in found])
    odds = np.zeros(len(found))
    for k in range(folds):
        w = fit(names, x[mine != k], y[mine != k], weight[mine != k], scale)
        odds[mine == k] = x[mine == k] @ w
    return odds


def main(path: str) -> None:
    """Fits, prints what cross-validation says, and writes ``_judge.yaml``."""
    items = [json.loads(line) for line in Path(path).read_text(encoding="utf-8").splitlines()]
    found = rows(Detector(catalogue.load(FOLDER)), items)
    names, x = table(found)
    y, weight = np.array([row.label for row in found]), _shares(found)
    report: list[tuple[float, float, float, float, float]] = []
    for scale in (0.5, 1.0, 2.0, 4.0):
        odds = crossed(found, names, x, scale)
        for cut in np.arange(-1.2, 1.0, 0.1):
            report.append((*f1(items, found, odds, float(cut)), scale, float(cut)))
    precision, recall, best, scale, cut = max(report, key=lambda row: row[2])
    note = f"cross-validated P {precision:.3f} R {recall:.3f} F1 {best:.3f} (shrinkage {scale}, cut {cut:.2f})"
    print(len(found), "candidates;", note)
    w = fit(names, x, y, weight, scale)
    kept = {name: round(float(value), 3) for name, value in zip(names, w, strict=True) if abs(value) >= 0.005}
    kept["bias"] = round(kept.get("bias", 0.0) - cut, 3)
    lines = ["# Written by training/judge_weights.py; log-odds that each reason adds. Do not edit by hand.", f"# {note}"]
    lines += ["weights:", *(f"  {json.dumps(name)}: {value}" for name, value in sorted(kept.items()))]
    (FOLDER / "_judge.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
