"""Fits the judge's weights: ``python -m training.judge_weights --shared FOLDER``.

Logistic regression over the reasons of every candidate (1: the item carries that trigger), each item and trigger
weighing one; weights shrink towards nothing (L2), words and a rule's own weight the most. A third of the items is held
out to choose the shrinkage and the cut; the weights written are fitted on everything.
"""

import argparse
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import numpy as np
import numpy.typing as npt

from training.material import Material, ask, gather
from training.samples import TRIGGERS, UNKNOWN, Item
from training.synthetic import synthetic
from worker.articles.model import Document
from worker.triggers import catalogue, judge
from worker.triggers.detect import Detector
from worker.triggers.lexicon import Lexicon
from worker.triggers.model import Candidate, alerts

FOLDER = Path(__file__).parents[1] / "config" / "triggers"
Floats = npt.NDArray[np.float64]
SHRINK = {"bias": 0.001, "strength": 30.0, "trigger": 3.0, "rule": 6.0, "word": 8.0, "title word": 8.0, "family": 6.0}
OTHER = 1.5
# What a rule is promised to do counts as so many items.
CERTAIN = 3.0
EXAMPLE = "example "


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


class Fitted(NamedTuple):
    """The weights by name, the cut in their bias, and what the held-out third says of them."""

    weights: dict[str, float]
    note: str


def document(item: Item) -> Document:
    """A labelled item as the detector reads it."""
    try:
        date = datetime.fromisoformat(item["date"][:10]).replace(tzinfo=UTC)
    except (KeyError, TypeError, ValueError):
        date = None
    return Document(id=item["id"], title=item["title"], text=item.get("text") or "", lang=item["lang"], date=date)


def rows(detector: Detector, items: Sequence[Item]) -> list[Row]:
    """Every candidate of the items; the label tells whether the item carries that trigger."""
    out: list[Row] = []
    for item in items:
        told, unsure = {event["trigger"] for event in item["events"]}, item.get("unsure", ())
        found = [one for one in detector.explain(document(item)).candidates if one.trigger not in unsure]
        out.extend(Row(item["id"], one, float(one.trigger in told)) for one in found)
    return out


def invented() -> list[Item]:
    """Headlines of our own wording; where a line names one trigger, others of its family are left open."""
    made = []
    for n, one in enumerate(synthetic(1)):
        told = dict(zip(TRIGGERS, one.targets[: len(TRIGGERS)], strict=True))
        events = [{"trigger": trigger} for trigger, target in told.items() if target == 1.0]
        unsure = [trigger for trigger, target in told.items() if target == UNKNOWN]
        base = {"id": f"synthetic {n}", "title": one.text, "text": "", "lang": one.lang, "date": "2026-03-01"}
        made.append({**base, "events": events, "unsure": unsure})
    return made


def examples(lexicon: Lexicon) -> list[Item]:
    """The examples and counter-examples of every trigger; what else they may tell is left open."""
    made = []
    for file in lexicon.triggers:
        others = [trigger for trigger in TRIGGERS if trigger != file.trigger]
        for told, lines in ((True, file.examples), (False, file.counter_examples)):
            for n, one in enumerate(lines):
                base = {"id": f"{EXAMPLE}{file.trigger} {told} {n}", "title": one.text, "text": "", "lang": one.lang}
                events = [{"trigger": file.trigger}] if told else []
                made.append({**base, "date": "2026-03-01", "events": events, "unsure": others})
    return made


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
        np.array([_weight(row.item) / share[row.item, row.candidate.trigger] for row in found]),
    )


def _weight(item: str) -> float:
    return CERTAIN if item.startswith(EXAMPLE) else 1.0


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


def f1(items: Sequence[Item], found: Sequence[Row], odds: Floats, cut: float) -> tuple[float, float, float]:
    """Precision, recall and F1 over items of the triggers that alert."""
    said = {
        (row.item, row.candidate.trigger)
        for row, value in zip(found, odds, strict=True)
        if value >= cut and row.candidate.phase != "threatened"
    }
    told = {(i["id"], e["trigger"]) for i in items for e in i["events"] if alerts(e["phase"], e["veracity"])}
    hit = len(said & told)
    p, r = hit / max(1, len(said)), hit / max(1, len(told))
    return p, r, 2 * p * r / max(1e-9, p + r)


def natural(material: Material, held: set[str]) -> list[Item]:
    """The held-out items in which events are as rare as in a stream of likely news: these say where to cut.

    Of the carried news, a tenth of which tells of anything, a third of the rest is enough for that.
    """
    news = [item for n, item in enumerate(material.news) if item["events"] or n % 3 == 0]
    return [item for item in (*material.train, *material.whole, *news) if item["id"] in held]


def fitted(material: Material, held: set[str], *, all_in: bool) -> Fitted:
    """Weights fitted without the held items, or with them by the choices that they made."""
    lexicon = catalogue.load(FOLDER)
    detector = Detector(lexicon)
    items = [*material.train, *material.loose, *material.whole, *material.written, *material.news, *material.near]
    found = rows(detector, [*items, *invented(), *examples(lexicon)])
    data = table(found)
    out = np.array([row.item in held for row in found])
    judged = natural(material, held)
    ids = {item["id"] for item in judged}
    mine = np.array([row.item in ids for row in found])
    report: list[tuple[float, float, float, float, float]] = []
    by_scale = {}
    for scale in (2.0, 3.0):
        by_scale[scale] = fit(data.part(~out), scale)
        odds = data.odds(by_scale[scale])[mine]
        kept = [row for row, m in zip(found, mine, strict=True) if m]
        report.extend((*f1(judged, kept, odds, float(c)), scale, float(c)) for c in np.arange(-1.0, 1.3, 0.1))
    precision, recall, best, scale, cut = max(report, key=lambda row: row[2])
    note = f"{len(found)} candidates; held out P {precision:.3f} R {recall:.3f} F1 {best:.3f} ({scale=}, {cut=:.2f})"
    w = fit(data, scale) if all_in else by_scale[scale]
    kept_weights = {name: round(float(v), 3) for name, v in zip(data.names, w, strict=True) if abs(v) >= 0.02}
    kept_weights["bias"] = round(kept_weights.get("bias", 0.0) - cut, 3)
    return Fitted(dict(sorted(kept_weights.items())), note)


def with_weights(lexicon: Lexicon, weights: Mapping[str, float]) -> Lexicon:
    """The lexicon with other weights."""
    return msgspec.structs.replace(lexicon, weights=dict(weights))


def write(fit_: Fitted, blend: Mapping[str, float], note: str) -> None:
    """Writes ``judge.json``: the rules' weights, and the scorer's beside them."""
    told: dict[str, Any] = {"note": fit_.note, "note scorer": note, "weights": {**fit_.weights, **blend}}
    catalogue.WEIGHTS.write_text(json.dumps(told, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")


def blend_of(weights: Mapping[str, float]) -> dict[str, float]:
    """The weights that ``blend_weights.py`` fits."""
    return {name: value for name, value in weights.items() if name.startswith(("scored", "alone"))}


def main() -> None:
    """Fits on everything, prints what the held-out third says, and writes ``judge.json``; the scorer's part stays."""
    told = argparse.ArgumentParser(description=__doc__)
    ask(told)
    asked = told.parse_args()
    material = gather(asked.shared, asked.corpora)
    before = json.loads(catalogue.WEIGHTS.read_text(encoding="utf-8"))
    done = fitted(material, material.held(), all_in=True)
    print(done.note)
    write(done, blend_of(before["weights"]), before.get("note scorer", ""))


if __name__ == "__main__":
    main()
