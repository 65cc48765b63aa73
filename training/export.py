"""Writes a trained network as an 8-bit ONNX file, a tokenizer and a card beside the worker's code."""

import gzip
import json
import tempfile
from pathlib import Path
from typing import Any

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from tokenizers import Tokenizer
from torch import nn

from training.network import Network


class OneText(nn.Module):
    """The network for a single text: no padding, so no mask, and no neighbour that could move its scores."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        self.encoder = network.encoder
        self.head = network.head

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        """Logits [1, triggers] of ids [1, tokens]."""
        return self.head(self.encoder(input_ids=ids).last_hidden_state.mean(1))


def write(network: Network, tokenizer: Tokenizer, card: dict[str, Any], folder: Path) -> None:
    """Three files: ``scorer.onnx`` (8-bit weights), ``tokenizer.json.gz``, ``scorer.json`` (the card)."""
    folder.mkdir(parents=True, exist_ok=True)
    network.encoder.set_attn_implementation("eager")
    single = OneText(network).eval()
    with tempfile.TemporaryDirectory() as room:
        full = Path(room) / "full.onnx"
        example = torch.randint(5, 1000, (1, 32))
        axes = {"ids": {1: "tokens"}}
        torch.onnx.export(
            single, (example,), str(full), input_names=["ids"], output_names=["logits"], dynamic_axes=axes,
            opset_version=17, dynamo=False,
        )  # fmt: skip
        quantize_dynamic(full, folder / "scorer.onnx", weight_type=QuantType.QInt8, per_channel=False)
    # mtime 0: the same tokenizer makes the same bytes.
    (folder / "tokenizer.json.gz").write_bytes(gzip.compress(tokenizer.to_str().encode(), 9, mtime=0))
    (folder / "scorer.json").write_text(json.dumps(card, indent=1) + "\n", encoding="utf-8")
