"""Trains one network of the semantic scorer: python -m training.train_scorer --help (README.md in this folder).

Twice for each network: with ``--held`` without a third of the items, whose logits give slope and offsets and on which
``blend_weights.py`` fits how far the scorer is trusted; then on everything, with that slope and those offsets. Or, in a
sixth of the time, ``--onto`` a finished network: it is taught what it has not seen, beside some of what it has.
"""

import argparse
import json
import random
import time
from pathlib import Path
from typing import Any

import numpy as np
import torch
from tokenizers import Tokenizer

from training import calibrate, encoders, export
from training.material import Material, ask, gather, lessons, unread
from training.network import Lesson, Network, Plan, predict, tokens, train
from training.resume import load
from training.samples import STATUS, TRIGGERS, UNKNOWN, Sample, read, samples
from training.vocabulary import choose
from worker.triggers.semantic import Network as Teacher

# What a teacher says counts less than what a reader says.
TAUGHT = 0.7
OUTPUTS = len(TRIGGERS) + len(STATUS)
FURTHER = {"en": Plan(epochs=2, rate=5e-5, head_rate=5e-4, words=True), "": Plan(epochs=2, rate=7e-5, head_rate=7e-4)}


def begin(language: str, taught: list[Sample]) -> tuple[Network, Tokenizer, Plan]:
    """An untrained network with its tokenizer: MiniLM for English, multilingual-e5-small for all languages."""
    if language == "en":
        model, tokenizer = encoders.minilm()
        return Network(model, OUTPUTS), tokenizer, Plan(epochs=4, rate=1e-4, words=True)
    source = encoders.e5_file()
    spoken: dict[str, list[str]] = {}
    for sample in taught:
        spoken.setdefault(sample.lang, []).append(sample.text)
    kept = choose(source, spoken)
    return Network(encoders.e5(source, kept), OUTPUTS), source.tokenizer(kept), Plan(epochs=3, rate=1.5e-4)


def learn(material: Material, language: str, without: frozenset[str], more: list[Sample]) -> tuple[Network, Tokenizer]:
    """A network trained on all items but those named, and on ``more``."""
    taught = [*lessons(material, lang=language, without=without), *more]
    network, tokenizer, plan = begin(language, taught)
    print(f"{len(taught)} texts", flush=True)
    teach(network, tokenizer, taught, plan)
    return network, tokenizer


def learn_more(
    material: Material, language: str, folder: Path, added: frozenset[str], without: frozenset[str]
) -> tuple[Network, Tokenizer]:
    """A finished network, taught once more: the items ``added``, and half as much that it knows."""
    network, tokenizer = load(folder)
    taught = lessons(material, lang=language, without=without)
    new, known = [s for s in taught if s.item in added], [s for s in taught if s.item not in added]
    taught = new + random.Random(3).sample(known, min(len(new) // 2, len(known)))  # noqa: S311
    print(f"{len(taught)} texts", flush=True)
    teach(network, tokenizer, taught, FURTHER[language])
    return network, tokenizer


def teach(network: Network, tokenizer: Tokenizer, taught: list[Sample], plan: Plan) -> None:
    """Trains the network on the samples, for as many outputs as it has."""
    rows = tokens(tokenizer, [sample.text for sample in taught])
    targets = np.array([sample.targets for sample in taught], dtype=np.float32)[:, : len(network.bias)]
    weights = np.array([sample.weight for sample in taught], dtype=np.float32)
    train(network, Lesson(rows, targets, weights), plan, lambda line: print(line, flush=True))


def told_by(teachers: Path, texts: list[tuple[str, str]], language: str) -> list[Sample]:
    """Real texts without a label, each with what the held-out networks say of it: of English the mean of both."""
    english, every = (Teacher.load(teachers / name) for name in ("english", "multilingual"))
    made = []
    for text, lang in texts:
        if language in ("", lang):
            heard = [every.logits(text)] + ([english.logits(text)] if lang == "en" else [])
            chances = 1 / (1 + np.exp(-np.mean(heard, axis=0)))
            targets = (*map(float, chances), *[UNKNOWN] * len(STATUS))
            made.append(Sample("", "teacher", text, lang, targets, TAUGHT))
    return made


def calibrated(material: Material, network: Network, tokenizer: Tokenizer, language: str) -> tuple[float, list[float]]:
    """Slope and offsets from the leads and headlines of the held-out items of ``train`` and of our own writing."""
    held = material.held()
    items = [
        i for i in (*material.train, *material.written) if i["id"] in held and (i["lang"] == "en") == (language == "en")
    ]
    given = [s for s in samples(items) if s.view in ("lead", "title")]
    logits = predict(network, tokens(tokenizer, [s.text for s in given]))[:, : len(TRIGGERS)]
    slope, offsets = calibrate.fit(logits, np.array([s.targets[: len(TRIGGERS)] for s in given]))
    return round(slope, 4), [round(float(o), 4) for o in offsets]


def main() -> None:
    """Trains, and writes the three files of a network."""
    told = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask(told)
    told.add_argument("--language", choices=("en", "all"), required=True)
    told.add_argument("--held", action="store_true", help="leave a third of the items out, and calibrate on it")
    told.add_argument("--card", type=Path, help="scorer.json of the run with --held")
    told.add_argument("--teachers", type=Path, help="folder of both networks of the runs with --held")
    told.add_argument("--onto", type=Path, help="folder of a finished network to teach further")
    told.add_argument("--add", type=Path, nargs="*", default=(), help="files of items or labels that it has not seen")
    told.add_argument("--out", type=Path, required=True)
    asked = told.parse_args()
    if asked.held == bool(asked.card) or (asked.held and asked.teachers):
        told.error("give either --held, or --card (and --teachers) with what the runs with --held wrote")
    torch.set_num_threads(1)
    material = gather(asked.shared, asked.corpora)
    language = "en" if asked.language == "en" else ""
    without = frozenset(material.held() if asked.held else ())
    if asked.onto:
        added = frozenset(item["id"] for file in asked.add for item in read(file))
        network, tokenizer = learn_more(material, language, asked.onto, added, without)
    else:
        more = told_by(asked.teachers, unread(asked.shared, material), language) if asked.teachers else []
        network, tokenizer = learn(material, language, without, more)
    card: dict[str, Any] = {"version": time.strftime("%Y-%m-%d"), "triggers": TRIGGERS}
    if asked.held:
        card["slope"], card["offsets"] = calibrated(material, network, tokenizer, language)
    else:
        card = json.loads(asked.card.read_text(encoding="utf-8")) | card
    export.write(network, tokenizer, card, asked.out)


if __name__ == "__main__":
    main()
