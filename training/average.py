"""The mean of finished networks that began as one: ``python -m training.average A B --out C``, all of them folders."""

import argparse
import json
from pathlib import Path

import torch

from training import export
from training.resume import load


def main() -> None:
    """Reads the networks, averages their weights, writes the mean with the first one's tokenizer and card."""
    told = argparse.ArgumentParser(description=__doc__)
    told.add_argument("folders", type=Path, nargs="+", help="folders of networks of one shape")
    told.add_argument("--out", type=Path, required=True)
    asked = told.parse_args()
    (network, tokenizer), *others = map(load, asked.folders)
    states = [network.state_dict(), *(other.state_dict() for other, _ in others)]
    mean = {name: torch.stack([state[name].float() for state in states]).mean(0) for name in states[0]}
    network.load_state_dict(mean)
    card = json.loads((asked.folders[0] / "scorer.json").read_text(encoding="utf-8"))
    export.write(network, tokenizer, card, asked.out)


if __name__ == "__main__":
    main()
