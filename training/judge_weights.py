"""Fits the judge's weights: ``python -m training.judge_weights ITEMS.jsonl [LABELS.jsonl UNLABELLED.jsonl]``.

Logistic regression over the reasons of every candidate (1: the item carries that trigger), each item and trigger
weighing one; weights shrink towards nothing (L2), words and a rule's own weight the most. LABELS name the triggers of
items of UNLABELLED; they and the lines of our own in ``synthetic_*.tsv`` are learned from only. Five folds of ITEMS
choose the shrinkage and the cut by the third of them that nobody read; the weights written are fitted on everything.
"""

import hashlib
import json
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from training.samples import TRIGGERS, UNKNOWN
from training.synthetic import synthetic
from worker.articles.model import Document
from worker.triggers import catalogue, judge
from worker.triggers.detect import Detector
from worker.triggers.model import Candidate, alerts

FOLDER = Path(__file__).parents[1] / "config" / "triggers"
Floats = npt.NDArray[np.float64]
SHRINK = {"bias": 0.001, "strength": 30.0, "trigger": 3.0, "rule": 6.0, "word": 8.0, "title word": 8.0, "family": 6.0}
OTHER = 1.5
FOLDS = 5
# The labels of UNLABELLED count case figures of a pandemic as events, which ITEMS do not.
LENIENT = ("health_emergency",)


class Row(NamedTuple):
    """One candidate of one item, with its label."""

    item: str
    candidate: Candidate
    label: float


class Table(NamedTuple):
    """Candidates as sparse rows: for each the columns that are 1; column 0 is the rule's strength."""

    names: list[str]
    columns: list[npt.NDArray[np.intp]]
    strength: Floats
    label: Floats
    weight: Floats

    def odds(self, w: Floats) -> Floats:
        """Log-odds of every candidate."""
        return np.asarray(self.strength * w[0] + np.array([w[c].sum() for c in self.columns]), dtype=np.float64)

    def part(self, keep: npt.NDArray[np.bool_]) -> "Table":
        """The rows that are kept."""
        columns = [c for c, k in zip(self.columns, keep, strict=True) if k]
        return Table(self.names, columns, self.strength[keep], self.label[keep], self.weight[keep])


def unread(item: str) -> bool:
    """The third of the items that was not read while the rules were written: only there are the rules' odds honest."""
    return int(hashlib.md5(item.encode(), usedforsecurity=False).hexdigest(), 16) % 3 == 0


def document(item: Mapping[str, Any]) -> Document:
    """A labelled item as the detector reads it."""
    try:
        date = datetime.fromisoformat(item["date"]).replace(tzinfo=UTC)
    except (KeyError, TypeError, ValueError):
        date = None
    return Document(id=item["id"], title=item["title"], text=item["text"], lang=item["lang"], date=date)


def rows(detector: Detector, items: Sequence[Mapping[str, Any]]) -> list[Row]:
    """Every candidate of the items; the label tells whether the item carries that trigger."""
    out: list[Row] = []
    for item in items:
        told, unsure = {event["trigger"] for event in item["events"]}, item.get("unsure", ())
        found = [one for one in detector.explain(document(item)).candidates if one.trigger not in unsure]
        kept = [one for one in found if item.get("all", True) or alerts(one.phase, one.veracity)]
        out.extend(Row(item["id"], one, float(one.trigger in told)) for one in kept)
    return out


def labelled(labels: Path, unlabelled: Path) -> list[dict[str, Any]]:
    """Items of which only the triggers that alert are known."""
    items = {item["id"]: item for item in _lines(unlabelled)}
    made = []
    for label in _lines(labels):
        events = [{"trigger": trigger} for trigger in label["triggers"]]
        made.append({**items[label["id"]], "events": events, "unsure": [*label["unsure"], *LENIENT], "all": False})
    return made


def invented() -> list[dict[str, Any]]:
    """Headlines of our own wording; where a line names one trigger, others of its family are left open."""
    made = []
    for n, one in enumerate(synthetic(1)):
        told = dict(zip(TRIGGERS, one.targets, strict=True))
        events = [{"trigger": trigger} for trigger, target in told.items() if target == 1.0]
        unsure = [trigger for trigger, target in told.items() if target == UNKNOWN]
        base = {"id": f"synthetic {n}", "title": one.text, "text": "", "lang": one.lang, "date": "2026-03-01"}
        made.append({**base, "events": events, "unsure": unsure, "all": False})
    return made


def rows_of_extra(*paths: str) -> list[Row]:
    """Candidates of what is learned from only: our own lines, and LABELS of UNLABELLED where they are given."""
    items = invented() + (labelled(Path(paths[0]), Path(paths[1])) if paths else [])
    return rows(Detector(catalogue.load(FOLDER)), items)


def table(found: Sequence[Row], least: int = 4) -> Table:
    """The candidates as a table; a feature counts where at least so many candidates have it."""
    count: dict[str, int] = {}
    share: dict[tuple[str, str], int] = {}
    for row in found:
        for name in judge.features(row.candidate):
            count[name] = count.get(name, 0) + 1
        share[row.item, row.candidate.trigger] = share.get((row.item, row.candidate.trigger), 0) + 1
    names = ["strength", *sorted(name for name, n in count.items() if n >= least)]
    index = {name: i for i, name in enumerate(names)}
    columns = [np.array([index[n] for n in judge.features(r.candidate) if n in index], dtype=np.intp) for r in found]
    return Table(
        names,
        columns,
        np.array([row.candidate.strength for row in found]),
        np.array([row.label for row in found]),
        np.array([1 / share[row.item, row.candidate.trigger] for row in found]),
    )


def fit(data: Table, scale: float, steps: int = 400) -> Floats:
    """Accelerated gradient descent on the penalised likelihood; strength is drawn to 1, all others to 0."""
    kinds = ["family" if "|" in name else name.partition(":")[0] for name in data.names]
    shrink = np.array([scale * SHRINK.get(kind, OTHER) for kind in kinds])
    centre = np.array([1.0 if name == "strength" else 0.0 for name in data.names])
    sizes = np.array([len(c) for c in data.columns])
    flat = np.concatenate(data.columns)
    owner = np.repeat(np.arange(len(sizes)), sizes)
    width = len(centre)
    # A column's own curvature bounds its step; the factor covers what columns share.
    bound = np.bincount(flat, (data.weight * sizes / 4)[owner], width) + shrink
    bound[0] += float((data.weight * data.strength**2).sum()) * 4
    w, before, pace = centre.copy(), centre.copy(), 1.0
    for _ in range(steps):
        faster = (1 + (1 + 4 * pace * pace) ** 0.5) / 2
        ahead = w + (pace - 1) / faster * (w - before)
        z = data.strength * ahead[0] + np.bincount(owner, ahead[flat], len(sizes))
        slope = data.weight * (1 / (1 + np.exp(-np.clip(z, -30, 30))) - data.label)
        grad = np.bincount(flat, slope[owner], width) + shrink * (ahead - centre)
        grad[0] += float(slope @ data.strength)
        before, w, pace = w, ahead - grad / bound, faster
    return w


def f1(
    items: Sequence[Mapping[str, Any]], found: Sequence[Row], odds: Floats, cut: float
) -> tuple[float, float, float]:
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


def crossed(data: Table, fold: npt.NDArray[np.intp], scale: float) -> Floats:
    """Log-odds of each candidate by weights that never saw its fold; fold -1 is only learned from."""
    odds = np.zeros(len(fold))
    for k in range(FOLDS):
        odds[fold == k] = data.part(fold == k).odds(fit(data.part(fold != k), scale))
    return odds


def main(path: str, *more: str) -> None:
    """Fits, prints what cross-validation says, and writes ``judge.json``."""
    items = _lines(Path(path))
    found = rows(Detector(catalogue.load(FOLDER)), items)
    mine = len(found)
    found += rows_of_extra(*more)
    data = table(found)
    ids = {item: n % FOLDS for n, item in enumerate(sorted(item["id"] for item in items))}
    fold = np.array([ids[row.item] if n < mine else -1 for n, row in enumerate(found)])
    report: list[tuple[float, float, float, float, float]] = []
    honest = np.array([unread(row.item) for row in found[:mine]])
    judged = [row for row in found[:mine] if unread(row.item)]
    held = [item for item in items if unread(item["id"])]
    for scale in (2.0, 3.0):
        odds = crossed(data, fold, scale)[:mine][honest]
        report.extend((*f1(held, judged, odds, float(c)), scale, float(c)) for c in np.arange(-1.0, 1.3, 0.1))
    top = max(row[2] for row in report)
    # Of the cuts that cost almost nothing the one that rings least: a false alarm is dearer than its share of F1.
    precision, recall, best, scale, cut = max((row for row in report if row[2] >= top - 0.012), key=lambda row: row[0])
    figures = f"P {precision:.3f} R {recall:.3f} F1 {best:.3f} (scale {scale}, cut {cut:.2f})"
    note = f"{len(found)} candidates; cross-validated {figures}"
    print(note)
    w = fit(data, scale)
    kept = {name: round(float(value), 3) for name, value in zip(data.names, w, strict=True) if abs(value) >= 0.02}
    kept["bias"] = round(kept.get("bias", 0.0) - cut, 3)
    text = json.dumps({"note": note, "cut": cut, "weights": dict(sorted(kept.items()))}, ensure_ascii=False, indent=0)
    catalogue.WEIGHTS.write_text(text + "\n", encoding="utf-8")


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


if __name__ == "__main__":
    main(*sys.argv[1:])
