"""Trains the scout: ``python -m training.scout --shared FOLDER [--held] [--out FILE]``, a minute on one core.

One logistic regression a trigger over the words of a text, on what the scorer learns from; ``--held`` leaves a third of
the items out, for ``blend_weights`` to judge with.
"""

import argparse
from collections import Counter
from pathlib import Path

import numpy as np
import numpy.typing as npt

from training.material import ask, gather, lessons
from training.samples import TRIGGERS, Sample
from worker.triggers.scout import tokens
from worker.triggers.semantic import DATA
from worker.triggers.wording import normal

LEAST = 3
RIDGE = 3.0
STEPS = 300
# A word whose weights all lie below this moves no decision.
FAINT = 0.12
Floats = npt.NDArray[np.float64]


def fit(samples: list[Sample]) -> tuple[list[str], Floats, Floats]:
    """Words, a row of weights for each, and the bias of each trigger; what is not known of a sample is left out."""
    said = [sorted(tokens(normal(s.text))) for s in samples]
    seen = Counter(word for row in said for word in row)
    words = sorted(word for word, n in seen.items() if n >= LEAST)
    index = {word: n + 1 for n, word in enumerate(words)}
    rows = [np.array([0, *(index[w] for w in row if w in index)]) for row in said]  # column 0 is the bias
    flat, sizes = np.concatenate(rows), np.array([len(row) for row in rows])
    owner = np.repeat(np.arange(len(rows)), sizes)
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    by_word = np.argsort(flat, kind="stable")
    cuts = np.searchsorted(flat[by_word], np.arange(len(words) + 1))
    target = np.array([s.targets[: len(TRIGGERS)] for s in samples])
    weight = np.array([[s.weight] for s in samples]) * (target >= 0)
    bound = np.add.reduceat((weight * sizes[:, None] / 4)[owner[by_word]], cuts) + RIDGE
    w = np.zeros((len(words) + 1, len(TRIGGERS)))
    shrink = np.full((len(words) + 1, 1), RIDGE)
    shrink[0] = 0.01
    before, pace = w.copy(), 1.0
    for _ in range(STEPS):  # accelerated gradient descent, each word by its own curvature
        faster = (1 + (1 + 4 * pace * pace) ** 0.5) / 2
        ahead = w + (pace - 1) / faster * (w - before)
        odds = np.add.reduceat(ahead[flat], starts)
        slope = weight * (1 / (1 + np.exp(-np.clip(odds, -30, 30))) - (target > 0.5))
        grad = np.add.reduceat(slope[owner[by_word]], cuts) + shrink * ahead
        before, w, pace = w, ahead - grad / bound, faster
    return words, w[1:], w[0]


def main() -> None:
    """Trains and writes the table: weights as small integers, and what one of them stands for."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask(asked)
    asked.add_argument("--held", action="store_true", help="leave a third of the items out")
    asked.add_argument("--out", type=Path, default=DATA / "scout.npz", help="the file to write")
    given = asked.parse_args()
    material = gather(given.shared, given.corpora)
    without = frozenset(material.held()) if given.held else frozenset[str]()
    samples = lessons(material, without=without) + lessons(material, lang="en", without=without)
    words, table, bias = fit(list({(s.text, s.lang): s for s in samples}.values()))
    kept = np.abs(table).max(1) >= FAINT
    words, table = [word for word, keep in zip(words, kept, strict=True) if keep], table[kept]
    step = np.float32(np.abs(table).max() / 127)
    letters = np.frombuffer("\n".join(words).encode(), dtype=np.uint8)
    small = np.round(table / step).astype(np.int8)
    np.savez_compressed(given.out, words=letters, table=small, step=step, bias=bias.astype(np.float32))
    print(f"{len(words)} words, {given.out.stat().st_size // 1000} kB")


if __name__ == "__main__":
    main()
