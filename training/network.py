"""The network that is trained: a BERT encoder and one attention for each output; and its training loop (torch, CPU)."""

import math
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from tokenizers import Tokenizer
from torch import nn
from transformers import BertConfig, BertModel

LONGEST_TOKENS = 72


class Network(nn.Module):
    """Token ids and mask → one logit an output, from the tokens that matter to it and from the mean of all."""

    def __init__(self, encoder: BertModel, outputs: int) -> None:
        super().__init__()
        hidden = encoder.config.hidden_size
        self.encoder = encoder
        self.drop = nn.Dropout(0.1)
        self.query = nn.Parameter(torch.zeros(outputs, hidden))
        self.seen = nn.Parameter(torch.randn(outputs, hidden) * 0.02)
        self.mean = nn.Parameter(torch.randn(outputs, hidden) * 0.02)
        self.bias = nn.Parameter(torch.full((outputs,), -4.0))

    def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Logits [batch, outputs]."""
        states = self.encoder(input_ids=ids, attention_mask=mask).last_hidden_state
        weight = mask.unsqueeze(-1).to(states.dtype)
        mean = (states * weight).sum(1) / weight.sum(1)
        states = self.drop(states)
        look = (states @ self.query.T) * states.shape[-1] ** -0.5
        look = look.masked_fill(mask.unsqueeze(-1) == 0, -1e4).softmax(1)
        return (look * (states @ self.seen.T)).sum(1) + self.drop(mean) @ self.mean.T + self.bias


@dataclass(frozen=True, kw_only=True)
class Plan:
    """How one network is trained; ``words`` lets the word vectors learn too."""

    epochs: int = 4
    batch: int = 32
    rate: float = 1e-4
    head_rate: float = 1e-3
    warm: float = 0.1
    positive: float = 1.5
    words: bool = False
    seed: int = 1


def encoder(config: dict[str, Any], state: dict[str, torch.Tensor]) -> BertModel:
    """A BERT encoder without pooler, filled with the given weights."""
    made = BertModel(BertConfig(**config), add_pooling_layer=False)
    missing, unknown = made.load_state_dict(state, strict=False)
    if unknown or [name for name in missing if "position_ids" not in name]:
        raise ValueError(f"weights do not fit: missing {missing[:3]}, unknown {unknown[:3]}")
    return made


def tokens(tokenizer: Tokenizer, texts: Sequence[str], longest: int = LONGEST_TOKENS) -> list[list[int]]:
    """Token ids of each text, cut to ``longest`` with the end mark kept."""
    coded = [item.ids for item in tokenizer.encode_batch(list(texts))]
    return [ids if len(ids) <= longest else [*ids[: longest - 1], ids[-1]] for ids in coded]


def padded(rows: Sequence[list[int]]) -> tuple[torch.Tensor, torch.Tensor]:
    """Ids and mask as two tensors; padding is piece 0, which the mask hides."""
    width = max(len(row) for row in rows)
    ids = torch.zeros(len(rows), width, dtype=torch.long)
    mask = torch.zeros(len(rows), width, dtype=torch.long)
    for n, row in enumerate(rows):
        ids[n, : len(row)] = torch.tensor(row)
        mask[n, : len(row)] = 1
    return ids, mask


def batches(lengths: Sequence[int], size: int, dice: random.Random) -> list[list[int]]:
    """Indexes in random batches of texts of like length."""
    order = list(range(len(lengths)))
    dice.shuffle(order)
    pool = size * 20
    out = []
    for start in range(0, len(order), pool):
        part = sorted(order[start : start + pool], key=lambda i: lengths[i])
        out += [part[k : k + size] for k in range(0, len(part), size)]
    dice.shuffle(out)
    return out


def loss(logits: torch.Tensor, targets: torch.Tensor, weights: torch.Tensor, positive: float) -> torch.Tensor:
    """Binary cross-entropy over known targets; a target may be a teacher's probability."""
    known = (targets >= 0).float()
    goal = targets.clamp(min=0)
    raw = nn.functional.binary_cross_entropy_with_logits(logits, goal, reduction="none")
    scale = known * (1 + (positive - 1) * goal) * weights.unsqueeze(-1)
    return (raw * scale).sum() / logits.shape[0]


@dataclass(frozen=True)
class Lesson:
    """What is learnt: token ids, targets [n, outputs], weights [n]."""

    rows: Sequence[list[int]]
    targets: npt.NDArray[np.float32]
    weights: npt.NDArray[np.float32]


def _groups(network: Network, plan: Plan) -> list[dict[str, Any]]:
    """Word vectors may stay as they are, so that languages without labels keep their place beside English."""
    network.encoder.embeddings.word_embeddings.requires_grad_(plan.words)
    named = [(name.startswith("encoder"), p) for name, p in network.named_parameters() if p.requires_grad]
    return [
        {"params": [p for inner, p in named if inner], "lr": plan.rate, "weight_decay": 0.01},
        {"params": [p for inner, p in named if not inner], "lr": plan.head_rate, "weight_decay": 0.01},
    ]


def train(network: Network, lesson: Lesson, plan: Plan, say: Callable[[str], None] = print) -> None:
    """Trains in place: AdamW, falling rate, fixed seed; in bfloat16 where the processor has it, else in float32."""
    half = torch.backends.cpu.get_cpu_capability().startswith("AVX512")
    rows = lesson.rows
    torch.manual_seed(plan.seed)
    dice = random.Random(plan.seed)  # noqa: S311
    optimiser = torch.optim.AdamW(_groups(network, plan), fused=True)
    total = plan.epochs * math.ceil(len(rows) / plan.batch)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda n: min((n + 1) / max(1, plan.warm * total), max(0.0, (total - n) / total))
    )
    goal, scale = torch.from_numpy(lesson.targets), torch.from_numpy(lesson.weights)
    lengths = [len(row) for row in rows]
    network.train()
    for epoch in range(plan.epochs):
        running = 0.0
        for part in batches(lengths, plan.batch, dice):
            ids, mask = padded([rows[i] for i in part])
            with torch.autocast("cpu", torch.bfloat16, enabled=half):
                logits = network(ids, mask)
            cost = loss(logits.float(), goal[part], scale[part], plan.positive)
            optimiser.zero_grad()
            cost.backward()
            nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            running += float(cost.detach()) * len(part)
        say(f"epoch {epoch + 1}/{plan.epochs}: loss {running / len(rows):.4f}")


def predict(network: Network, rows: Sequence[list[int]], size: int = 64) -> npt.NDArray[np.float32]:
    """Logits [n, outputs], in the order of the rows."""
    network.eval()
    order = sorted(range(len(rows)), key=lambda i: len(rows[i]))
    out = np.zeros((len(rows), network.bias.shape[0]), dtype=np.float32)
    with torch.inference_mode():
        for start in range(0, len(order), size):
            part = order[start : start + size]
            ids, mask = padded([rows[i] for i in part])
            out[part] = network(ids, mask).float().numpy()
    return out
