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
from worker.triggers.model import FAMILIES


class OneText(nn.Module):
    """The network for a single text, a quarter faster than the library's: no padding, so no mask in any layer.

    Alone in its run, a text has no neighbour whose size could move its 8-bit scales: its scores are always the same.
    """

    def __init__(self, network: Network) -> None:
        super().__init__()
        self.encoder = network.encoder
        count = len(FAMILIES)
        self.query, self.seen, self.mean = (
            nn.Parameter(w[:count].detach()) for w in (network.query, network.seen, network.mean)
        )
        self.bias = nn.Parameter(network.bias[:count].detach())
        self.heads = network.encoder.config.num_attention_heads

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        """Logits [1, triggers] of ids [1, tokens]."""
        given = self.encoder.embeddings
        place = given.position_embeddings.weight[: ids.shape[1]] + given.token_type_embeddings.weight[0]
        states = given.LayerNorm(given.word_embeddings(ids) + place)[0]
        for layer in self.encoder.encoder.layer:
            states = self._layer(layer, states)
        look = ((states @ self.query.T) * states.shape[1] ** -0.5).softmax(0)
        return ((look * (states @ self.seen.T)).sum(0) + states.mean(0) @ self.mean.T + self.bias)[None]

    def _layer(self, layer: nn.Module, states: torch.Tensor) -> torch.Tensor:
        """One layer of a BERT encoder over states [tokens, hidden]."""
        length, hidden = states.shape
        view = (length, self.heads, hidden // self.heads)
        own = layer.attention.self
        query = own.query(states).view(view).transpose(0, 1) * (hidden // self.heads) ** -0.5
        mixed = (query @ own.key(states).view(view).permute(1, 2, 0)).softmax(-1)
        seen = (mixed @ own.value(states).view(view).transpose(0, 1)).transpose(0, 1).reshape(length, hidden)
        after = layer.attention.output
        states = after.LayerNorm(states + after.dense(seen))
        inner = nn.functional.gelu(layer.intermediate.dense(states))
        return layer.output.LayerNorm(states + layer.output.dense(inner))


def write(network: Network, tokenizer: Tokenizer, card: dict[str, Any], folder: Path) -> None:
    """Three files: ``scorer.onnx`` (8-bit weights), ``tokenizer.json.gz``, ``scorer.json`` (the card)."""
    folder.mkdir(parents=True, exist_ok=True)
    single = OneText(network).eval()
    with tempfile.TemporaryDirectory() as room:
        full = Path(room) / "full.onnx"
        example = torch.randint(5, 1000, (1, 32))
        axes = {"ids": {1: "tokens"}}
        torch.onnx.export(
            single, (example,), str(full), input_names=["ids"], output_names=["logits"], dynamic_axes=axes,
            opset_version=17, dynamo=False,
        )  # fmt: skip
        quantize_dynamic(full, folder / "scorer.onnx", weight_type=QuantType.QUInt8, per_channel=True)
    # mtime 0: the same tokenizer makes the same bytes.
    (folder / "tokenizer.json.gz").write_bytes(gzip.compress(tokenizer.to_str().encode(), 9, mtime=0))
    (folder / "scorer.json").write_text(json.dumps(card, indent=1) + "\n", encoding="utf-8")
