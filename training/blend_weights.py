"""Fits how much the scorer counts beside the rules: ``-m training.blend_weights ITEMS SCORES LABELS UNLABELLED``.

SCORES holds for every item its views with chances that no model gave which had seen the item. The rules' log-odds are
out of fold too. Two logistic regressions: candidates of rules (log-odds of the rules, of headline with lead, and the
best of that and of the candidate's own sentence), and triggers without a candidate (headline with lead alone).
The result is written into ``judge.json`` beside the rules' weights, whose cut it replaces.
"""

import json
import math
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from training import judge_weights as rules
from training.judge_weights import Floats, Row, unread
from training.samples import folds
from worker.triggers import catalogue
from worker.triggers.detect import Detector
from worker.triggers.model import FAMILIES, alerts

ORDER = tuple(FAMILIES)


def logit(chance: float) -> float:
    """Log-odds of a chance, bounded."""
    chance = min(max(chance, 1e-4), 1 - 1e-4)
    return math.log(chance / (1 - chance))


def heard(row: Row, views: Sequence[Mapping[str, Any]], item: Mapping[str, Any]) -> tuple[float, float]:
    """Log-odds by headline with lead, and by the best of that and of the candidate's own sentence."""
    column = ORDER.index(row.candidate.trigger)
    full = f"{item['title']}\n{item['text']}"
    said = full[row.candidate.start : row.candidate.end]
    lead = max(logit(v["p"][column]) for v in views if v["view"] == "lead")
    own = [logit(v["p"][column]) for v in views if v["view"].startswith("s") and said in v["text"]]
    return lead, max([lead, *own]) if row.candidate.sentence.place else lead


def regress(x: Floats, y: Floats, weight: Floats, ridge: float = 0.3) -> Floats:
    """Logistic regression by Newton's method."""
    w = np.zeros(x.shape[1])
    for _ in range(40):
        p = 1 / (1 + np.exp(-np.clip(x @ w, -30, 30)))
        grad = x.T @ (weight * (p - y)) + ridge * w
        w = w - np.linalg.solve((x.T * (weight * p * (1 - p))) @ x + ridge * np.eye(len(w)), grad)
    return w


def main(items_path: str, scores_path: str, labels: str, unlabelled: str) -> None:
    """Fits, prints what cross-validation says with the scorer, and completes ``judge.json``."""
    items = rules._lines(Path(items_path))
    by_id = {item["id"]: item for item in items}
    views = {line["id"]: line["views"] for line in rules._lines(Path(scores_path))}
    fold_of = folds(items)
    found = rules.rows(Detector(catalogue.load(rules.FOLDER)), items)
    mine = len(found)
    data = rules.table(found + rules.rows_of_extra(labels, unlabelled))
    fold = np.array([fold_of[row.item] for row in found] + [-1] * (len(data.label) - mine))
    odds = rules.crossed(data, fold, 2.0)[:mine]
    kept = np.array([unread(row.item) for row in found])
    fold, weight, odds = fold[:mine][kept], data.weight[:mine][kept], odds[kept]
    found = [row for row in found if unread(row.item)]
    views = {item: view for item, view in views.items() if unread(item)}
    told = {(i, e["trigger"]) for i in views for e in by_id[i]["events"] if alerts(e["phase"], e["veracity"])}
    y = np.array([float((row.item, row.candidate.trigger) in told) for row in found])
    x = np.array(
        [
            [1.0, o, *heard(row, views[row.item], by_id[row.item]), float(by_id[row.item]["lang"] != "en")]
            for row, o in zip(found, odds, strict=True)
        ]
    )
    known = {(row.item, row.candidate.trigger) for row in found}
    alone = [(item, t) for item in views for t in ORDER if (item, t) not in known]
    ax = np.array(
        [[1.0, max(logit(v["p"][ORDER.index(t)]) for v in views[i] if v["view"] == "lead")] for i, t in alone]
    )
    ay = np.array([float(key in told) for key in alone])
    afold = np.array([fold_of[i] for i, _ in alone])
    foreign = np.array([by_id[i]["lang"] != "en" for i, _ in alone])
    z, az = np.zeros(len(found)), np.zeros(len(alone))
    for k in range(5):
        z[fold == k] = x[fold == k] @ regress(x[fold != k], y[fold != k], weight[fold != k])
        for here in (foreign, ~foreign):
            learn, try_ = here & (afold != k), here & (afold == k)
            az[try_] = ax[try_] @ regress(ax[learn], ay[learn], np.ones(learn.sum()))
    report = [
        (*figures(found, z, alone, az, told, c, a), c, a) for c in np.arange(-1.4, 1.5, 0.1) for a in (0.0, 0.4, 0.8)
    ]
    top = max(row[2] for row in report)
    best = max((row for row in report if row[2] >= top - 0.012), key=lambda row: row[0])
    note = f"cross-validated P {best[0]:.3f} R {best[1]:.3f} F1 {best[2]:.3f}"
    print(f"with the scorer {note}, cuts {best[3]:.2f} {best[4]:.2f}; best F1 {top:.3f}")
    w = regress(x, y, weight)
    native = regress(ax[~foreign], ay[~foreign], np.ones((~foreign).sum()))
    other = regress(ax[foreign], ay[foreign], np.ones(foreign.sum()))
    fitted = json.loads(catalogue.WEIGHTS.read_text(encoding="utf-8"))
    blend = {
        # The rules' odds reach the blend after their own cut was taken off.
        "scored": w[0] + w[1] * fitted["cut"] - best[3],
        "scored rule": w[1],
        "scored lead": w[2],
        "scored best": w[3],
        "scored not English": w[4],
        "alone": native[0] - best[4],
        "alone lead": native[1],
        "alone other": other[0] - best[4],
        "alone other lead": other[1],
        # No item to fit on: the scorer's own chance, which is calibrated.
        "alone unread": 0.0,
        "alone unread lead": 1.0,
    }
    fitted["weights"].update({name: round(float(value), 3) for name, value in blend.items()})
    fitted["note scorer"] = note
    catalogue.WEIGHTS.write_text(json.dumps(fitted, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")
    print({name: round(float(value), 2) for name, value in blend.items()})


def figures(
    found: Sequence[Row],
    z: Floats,
    alone: Sequence[tuple[str, str]],
    az: Floats,
    told: set[tuple[str, str]],
    cut: float,
    bar: float,
) -> tuple[float, float, float]:
    """Precision, recall and F1 at two cuts."""
    best: dict[tuple[str, str], tuple[float, Row]] = {}
    for row, value in zip(found, z, strict=True):
        key = (row.item, row.candidate.trigger)
        if value >= cut and (key not in best or value > best[key][0]):
            best[key] = (value, row)
    said = {key for key, (_, row) in best.items() if alerts(row.candidate.phase, row.candidate.veracity)}
    said |= {key for key, value in zip(alone, az, strict=True) if value >= bar}
    hit = len(said & told)
    p, r = hit / max(1, len(said)), hit / max(1, len(told))
    return p, r, 2 * p * r / max(1e-9, p + r)


if __name__ == "__main__":
    main(*sys.argv[1:])
