"""Fits how much the scorer counts beside the rules: ``python -m training.blend_weights --help``.

``--scorer`` holds what ``train_scorer.py --held`` and ``scout.py --held`` wrote, and the rules' weights are fitted
without the held-out third too: on that third both are judged as they would judge news that nobody has seen. Two ridge
regressions over the features of ``worker/triggers/scoring.py``: candidates of rules, and triggers that no rule matched.
The result is written into ``judge.json`` beside the rules' weights, which are then fitted on everything.

With ``--beside`` every weight stays, and only those are fitted that there are none of yet: of languages that got rules.
"""

import argparse
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from training.judge_weights import FOLDER, Fitted, Floats, blend_of, document, fitted, natural, with_weights, write
from training.material import Material, ask, gather
from training.samples import Item
from worker.triggers import catalogue, judge, scoring
from worker.triggers.detect import Detector
from worker.triggers.model import FAMILIAR, alerts
from worker.triggers.semantic import Semantic, load_scout

FOLDS = 5
# Items that were chosen or written for what they report say less of ordinary news.
CHOSEN = 0.5
RIDGE = 1.0
ENGLISH, OTHER, UNFAMILIAR, UNREAD = WORLDS = ("alone", "alone other", "alone unfamiliar", "alone unread")
# What is held out in other languages was mostly written to report something: in a stream quiet items are 2.5 times as
# many. And how much F1 the surest cuts may cost: the less is known of a language, the dearer is a false alarm.
CAREFUL = {ENGLISH: (1.5, 0.003), OTHER: (2.5, 0.02), UNFAMILIAR: (2.5, 0.005), UNREAD: (2.5, 0.05)}
# A weight of its own for each trigger must be well earned.
RIDGE_TRIGGER = 6.0


Figures = tuple[float, float, float]
Weights = Mapping[str, float]
NONE: Weights = {}


class Case(NamedTuple):
    """One trigger of one item as the scorer and the rules see it; ``world`` is the kind of the item's language."""

    item: str
    trigger: str
    world: str
    ruled: bool
    threatened: bool
    strong: float
    features: scoring.Features
    label: float
    weight: float


def cases(detector: Detector, semantic: Semantic, items: Sequence[tuple[Item, float]]) -> Iterator[Case]:
    """Every candidate, and every trigger without one."""
    for item, weight in items:
        told = detector.draft(document(item))
        ((read, scores),) = scoring.asked(semantic, [detector.reading(told)], [told.lang])
        ringing = {e["trigger"] for e in item["events"] if alerts(e["phase"], e["veracity"])}
        anyhow = {e["trigger"] for e in item["events"]}
        unsure = set(item.get("unsure", ()))
        world = detector.kind(told.lang)
        for one in told.candidates:
            found = scoring.heard(one, read, scores)
            if one.trigger in unsure:
                continue
            told_of = anyhow if one.phase == "threatened" else ringing
            strong = found["scored rule"] - scoring.STANDS if one.strength >= judge.STRONG else -99.0
            threat, right = one.phase == "threatened", float(one.trigger in told_of)
            yield Case(item["id"], one.trigger, world, True, threat, strong, found, right, weight)
        for trigger, _, found in scoring.alone(read, told.candidates, scores, world):
            if trigger not in unsure:
                yield Case(item["id"], trigger, world, False, False, -99.0, found, float(trigger in ringing), weight)


def regress(found: Sequence[Case], names: Sequence[str], stands: Weights = NONE) -> Floats:
    """Logistic regression by Newton's method, beside weights that stand; per-trigger weights shrink the most."""
    x, base = matrix(found, names), based(found, stands)
    y, weight = np.array([c.label for c in found]), np.array([c.weight for c in found])
    ridge = np.array([RIDGE_TRIGGER if name.rpartition(" ")[2] in scoring.ORDER else RIDGE for name in names])
    w = np.zeros(len(names))
    for _ in range(40):
        p = 1 / (1 + np.exp(-np.clip(x @ w + base, -30, 30)))
        grad = x.T @ (weight * (p - y)) + ridge * w
        w = w - np.linalg.solve((x.T * (weight * p * (1 - p))) @ x + np.diag(ridge), grad)
    return w


def matrix(found: Sequence[Case], names: Sequence[str]) -> Floats:
    """The features as rows."""
    place = {name: n for n, name in enumerate(names)}
    x = np.zeros((len(found), len(names)))
    for n, case in enumerate(found):
        for name, value in case.features.items():
            if name in place:
                x[n, place[name]] = value
    return x


def based(found: Sequence[Case], stands: Weights) -> Floats:
    """Log-odds of each case by the weights that stand."""
    return np.array([scoring.total(case.features, stands) for case in found])


def names_of(found: Sequence[Case]) -> list[str]:
    """The names of all features, sorted."""
    return sorted({name for case in found for name in case.features})


def shared_out(found: Sequence[Case]) -> list[Case]:
    """Cases of one item and trigger weigh as one."""
    count: dict[tuple[str, str], int] = {}
    for case in found:
        count[case.item, case.trigger] = count.get((case.item, case.trigger), 0) + 1
    return [case._replace(weight=case.weight / count[case.item, case.trigger]) for case in found]


def crossed(found: Sequence[Case], names: Sequence[str], stands: Weights = NONE) -> Floats:
    """Log-odds of each case by weights that never saw its item."""
    fold = np.array([sum(case.item.encode()) % FOLDS for case in found])
    odds = np.zeros(len(found))
    for k in range(FOLDS):
        learn = [case for case, n in zip(found, fold, strict=True) if n != k]
        rest = [c for c, n in zip(found, fold, strict=True) if n == k]
        odds[fold == k] = matrix(rest, names) @ regress(learn, names, stands) + based(rest, stands)
    return odds


def blended(found: list[Case], told: set[tuple[str, str]], plain: set[str]) -> tuple[dict[str, float], str]:
    """The weights by name, and what cross-validation over the held-out third says of them."""
    ruled, lone = [c for c in found if c.ruled], [c for c in found if not c.ruled]
    names, lone_names = names_of(ruled), names_of(lone)
    odds = np.concatenate([crossed(ruled, names), crossed(lone, lone_names)])
    weights: dict[str, float] = dict(zip(names, map(float, regress(ruled, names)), strict=True))
    weights |= dict(zip(lone_names, map(float, regress(lone, lone_names)), strict=True))
    notes, lowered = [], dict[str, float]()
    for world in WORLDS:
        # Of English there is natural news enough to say where to cut; of other languages all that is held out must do.
        kept = np.array([c.world == world and (world != ENGLISH or c.item in plain) for c in ruled + lone])
        judged = [c for c, k in zip(ruled + lone, kept, strict=True) if k]
        items = {c.item for c in judged}
        cut, bar, (p, r, f1) = cuts(judged, odds[kept], {pair for pair in told if pair[0] in items}, *CAREFUL[world])
        notes.append(f"{world}: held out P {p:.3f} R {r:.3f} F1 {f1:.3f}, cuts {cut:.1f} {bar:.1f}")
        weights[world] -= bar
        lowered[world] = cut
    weights["scored"] -= lowered[ENGLISH]
    weights["scored not English"] -= lowered[OTHER] - lowered[ENGLISH]
    weights["scored unfamiliar"] -= lowered[UNFAMILIAR] - lowered[OTHER]
    return {name: round(value, 3) for name, value in sorted(weights.items())}, "; ".join(notes)


def beside(found: Sequence[Case], told: set[tuple[str, str]], stands: Weights) -> tuple[dict[str, float], str]:
    """Weights of what has none, which is what is said of unfamiliar languages, and what cross-validation says of it."""
    odds, judged, made = [], list[Case](), dict[str, float]()
    for part in ([c for c in found if c.ruled], [c for c in found if not c.ruled]):
        names = [name for name in names_of(part) if name not in stands]
        odds.append(crossed(part, names, stands))
        judged += part
        made |= dict(zip(names, map(float, regress(part, names, stands)), strict=True))
    cut, bar, (p, r, f1) = cuts(judged, np.concatenate(odds), told, *CAREFUL[UNFAMILIAR])
    made[UNFAMILIAR] -= bar
    made["scored unfamiliar"] -= cut
    note = f"{UNFAMILIAR}: held out P {p:.3f} R {r:.3f} F1 {f1:.3f}, cuts {cut:.1f} {bar:.1f}"
    return {name: round(value, 3) for name, value in sorted(made.items())}, note


def cuts(
    judged: Sequence[Case], odds: Floats, told: set[tuple[str, str]], quiet: float, costs: float
) -> tuple[float, float, Figures]:
    """Where to cut the log-odds of candidates and of triggers without one, and what that gives.

    A false alarm on an item that tells of nothing counts ``quiet`` times.
    """
    eventful = {item for item, _ in told}
    pairs = {(c.item, c.trigger): n for n, c in enumerate(judged)}
    key = np.array([pairs[c.item, c.trigger] for c in judged])
    right = np.array([(c.item, c.trigger) in told for c in judged])
    dear = np.array([1.0 if c.item in eventful else quiet for c in judged])
    ruled, strong = np.array([c.ruled for c in judged]), np.array([c.strong for c in judged])
    happens = np.array([not c.threatened for c in judged])
    report = {}
    for cut in range(-14, 16, 2):
        for bar in range(-14, 34, 2):
            rings = happens & np.where(ruled, np.maximum(odds - cut / 10, strong) > 0, odds > bar / 10)
            _, said = np.unique(key[rings], return_index=True)
            hit, wrong = right[rings][said], dear[rings][said]
            p, r = hit.sum() / max(1.0, hit.sum() + wrong[~hit].sum()), hit.sum() / max(1, len(told))
            report[cut, bar] = (float(p), float(r), float(2 * p * r / max(1e-9, p + r)))
    smooth = {place: _around(report, place) for place in report if abs(place[0]) <= 10 and -10 <= place[1] <= 28}
    # Of the cuts that cost almost nothing the one that rings least: a false alarm is dearer than its share of F1.
    good = [place for place, f1 in smooth.items() if f1 >= max(smooth.values()) - costs]
    cut, bar = max(good, key=lambda place: (report[place][0], place[1]))
    return cut / 10, bar / 10, report[cut, bar]


def _around(report: Mapping[tuple[int, int], Figures], place: tuple[int, int]) -> float:
    """F1 at a pair of cuts and at its neighbours: a single best pair among few items is luck."""
    near = [report[c, a] for c, a in report if abs(c - place[0]) <= 4 and abs(a - place[1]) <= 4]
    return sum(row[2] for row in near) / 25


def main() -> None:
    """Fits, prints what the held-out third says, and writes ``judge.json``."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask(asked)
    asked.add_argument("--scorer", type=Path, required=True, help="folder of the held-out networks and scout")
    asked.add_argument("--beside", action="store_true", help="fit only what has no weight yet")
    given = asked.parse_args()
    material = gather(given.shared, given.corpora)
    (fit_beside if given.beside else fit)(material, given.scorer)


def fit_beside(material: Material, scorer: Path) -> None:
    """Fits what has no weight yet, on held-out items in unfamiliar languages, and adds it to ``judge.json``."""
    lexicon, held = catalogue.load(FOLDER), material.held()
    stands = {name: value for name, value in lexicon.weights.items() if "unfamiliar" not in name}
    codes = lexicon.languages - FAMILIAR
    items = [i for i in (*material.loose, *material.written) if i["id"] in held and i["lang"] in codes]
    detector = Detector(with_weights(lexicon, stands), scout=load_scout(scorer / "scout.npz"))
    found = shared_out(list(cases(detector, Semantic.load(scorer), [(i, 1.0) for i in items])))
    told = {(i["id"], e["trigger"]) for i in items for e in i["events"] if alerts(e["phase"], e["veracity"])}
    weights, note = beside(found, told, stands)
    print("with the scorer:", note)
    before = json.loads(catalogue.WEIGHTS.read_text(encoding="utf-8"))
    notes = [part for part in before["note scorer"].split("; ") if not part.startswith(UNFAMILIAR)]
    rules = {name: value for name, value in stands.items() if not name.startswith(("scored", "alone"))}
    write(Fitted(rules, before["note"]), {**blend_of(stands), **weights}, "; ".join([*notes, note]))


def fit(material: Material, scorer: Path) -> None:
    """Fits everything and writes ``judge.json``."""
    held = material.held()
    apart = fitted(material, held, all_in=False)
    print("rules, fitted apart:", apart.note)
    scout = load_scout(scorer / "scout.npz")
    detector = Detector(with_weights(catalogue.load(FOLDER), apart.weights), scout=scout)
    chosen = [(item, CHOSEN) for item in (*material.loose, *material.written) if item["id"] in held]
    plain = natural(material, held)
    judged = [*((i, 1.0) for i in plain), *chosen]
    found = shared_out(list(cases(detector, Semantic.load(scorer), judged)))
    told = {(i["id"], e["trigger"]) for i, _ in judged for e in i["events"] if alerts(e["phase"], e["veracity"])}
    weights, note = blended(found, told, {item["id"] for item in plain})
    print("with the scorer:", note)
    print({name: value for name, value in weights.items() if name.rpartition(" ")[2] not in scoring.ORDER})
    done = fitted(material, held, all_in=True)
    write(done, weights, note)


if __name__ == "__main__":
    main()
