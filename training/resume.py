"""A finished network out of its 8-bit file, to be taught further: what was learnt stays, new items are added."""

import gzip
import re
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnx
import torch
from onnx import numpy_helper
from tokenizers import Tokenizer

from training.network import Network, encoder

HEADS = 12
_LAYER = re.compile(r"encoder\.encoder\.layer\.(\d+)\.")


def load(folder: Path) -> tuple[Network, Tokenizer]:
    """The network that ``export.write`` wrote into ``folder``, in floats again, with its tokenizer.

    Only the outputs that are exported are there. Raises ValueError where the file has another shape.
    """
    graph = onnx.load(str(folder / "scorer.onnx")).graph
    held = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}
    whole = {name.removesuffix("_quantized"): _floats(held, name) for name in held if name.endswith("_quantized")}
    state = {name.removeprefix("encoder."): held[name] for name in held if name.startswith("encoder.")}
    state = {name: value for name, value in state.items() if not name.endswith(("_scale", "_zero_point", "_quantized"))}
    for name, value in whole.items():
        if name.startswith("encoder."):
            name, turned = name.removeprefix("encoder.").removesuffix("_Transposed"), name.endswith("_Transposed")
            state[name] = value.T if turned else value
    (kind,) = (held[name] for name in held if name.startswith("onnx::Add_"))
    state["embeddings.token_type_embeddings.weight"] = kind[None]
    query, seen, mean = (whole[name].T for name in sorted(n for n in whole if n.startswith("onnx::MatMul_")))
    words, places = state["embeddings.word_embeddings.weight"], state["embeddings.position_embeddings.weight"]
    config = {
        "vocab_size": words.shape[0],
        "hidden_size": words.shape[1],
        "num_hidden_layers": 1 + max(int(m.group(1)) for m in map(_LAYER.match, held) if m),
        "num_attention_heads": HEADS,
        "intermediate_size": state["encoder.layer.0.intermediate.dense.bias"].shape[0],
        "max_position_embeddings": places.shape[0],
        "type_vocab_size": 1,
        "layer_norm_eps": _epsilon(graph),
    }
    network = Network(encoder(config, {name: _tensor(value) for name, value in state.items()}), len(held["bias"]))
    with torch.no_grad():
        for part, value in ((network.query, query), (network.seen, seen), (network.mean, mean)):
            part.copy_(_tensor(value))
        network.bias.copy_(_tensor(held["bias"]))
    words_of = gzip.decompress((folder / "tokenizer.json.gz").read_bytes()).decode()
    return network, Tokenizer.from_str(words_of)


def _floats(held: dict[str, npt.NDArray[np.float32]], name: str) -> npt.NDArray[np.float32]:
    stem = name.removesuffix("_quantized")
    steps = held[name].astype(np.float32) - held[f"{stem}_zero_point"].astype(np.float32)
    return np.asarray(steps * held[f"{stem}_scale"], dtype=np.float32)


def _tensor(values: npt.NDArray[np.float32]) -> torch.Tensor:
    return torch.from_numpy(np.array(values, dtype=np.float32))


def _epsilon(graph: onnx.GraphProto) -> float:
    """The smallest number that the norms add."""
    norm = next(node for node in graph.node if node.op_type == "LayerNormalization")
    return next((a.f for a in norm.attribute if a.name == "epsilon"), 1e-5)
