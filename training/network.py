"""The network that is trained: a BERT encoder, mean pooling, 25 logits; and its training loop (torch, CPU)."""

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
    """Token ids and mask → pooled vector → one logit a trigger."""

    def __init__(self, encoder: BertModel, outputs: int = 25) -> None:
        super().__init__()
        self.encoder = encoder
        self.drop = nn.Dropout(0.1)
        self.head = nn.Linear(encoder.config.hidden_size, outputs)
        self.guide = nn.Linear(encoder.config.hidden_size, encoder.config.hidden_size)
        nn.init.eye_(self.guide.weight)
        nn.init.normal_(self.head.weight, std=0.02)
        nn.init.constant_(self.head.bias, -4.0)

    def pooled(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """The mean of the last layer over the real tokens."""
        hidden = self.encoder(input_ids=ids, attention_mask=mask).last_hidden_state
        weight = mask.unsqueeze(-1).to(hidden.dtype)
        return (hidden * weight).sum(1) / weight.sum(1)

    def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Logits [batch, triggers]."""
        return self.head(self.drop(self.pooled(ids, mask)))


@dataclass(frozen=True, kw_only=True)
class Plan:
    """How one network is trained."""

    epochs: int = 4
    batch: int = 32
    rate: float = 1e-4
    head_rate: float = 1e-3
    warm: float = 0.1
    positive: float = 1.5
    imitate: float = 3.0
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
    """What is learnt: token ids, targets [n, 25], weights [n], and the large encoder's vectors [n, hidden]."""

    rows: Sequence[list[int]]
    targets: npt.NDArray[np.float32]
    weights: npt.NDArray[np.float32]
    vectors: npt.NDArray[np.float32]


def _groups(network: Network, plan: Plan) -> list[dict[str, Any]]:
    """Word vectors stay as they are, so that languages without labels keep their place beside English."""
    network.encoder.embeddings.word_embeddings.requires_grad_(False)
    body = [p for n, p in network.named_parameters() if p.requires_grad and not n.startswith("head")]
    return [
        {"params": body, "lr": plan.rate, "weight_decay": 0.01},
        {"params": list(network.head.parameters()), "lr": plan.head_rate, "weight_decay": 0.01},
    ]


def train(network: Network, lesson: Lesson, plan: Plan, say: Callable[[str], None] = print) -> None:
    """Trains in place on targets and on the large encoder's vectors: AdamW, falling rate, bfloat16, fixed seed."""
    rows = lesson.rows
    torch.manual_seed(plan.seed)
    dice = random.Random(plan.seed)  # noqa: S311
    groups = _groups(network, plan)
    optimiser = torch.optim.AdamW(groups)
    total = plan.epochs * math.ceil(len(rows) / plan.batch)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda n: min((n + 1) / max(1, plan.warm * total), max(0.0, (total - n) / total))
    )
    goal, scale, taught = (torch.from_numpy(a) for a in (lesson.targets, lesson.weights, lesson.vectors))
    lengths = [len(row) for row in rows]
    network.train()
    for epoch in range(plan.epochs):
        running = 0.0
        for part in batches(lengths, plan.batch, dice):
            ids, mask = padded([rows[i] for i in part])
            with torch.autocast("cpu", torch.bfloat16):
                pooled = network.pooled(ids, mask)
                logits, copy = network.head(network.drop(pooled)), network.guide(pooled)
            far = 1 - nn.functional.cosine_similarity(copy.float(), taught[part])
            cost = loss(logits.float(), goal[part], scale[part], plan.positive) + plan.imitate * far.mean()
            optimiser.zero_grad()
            cost.backward()
            nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            running += float(cost.detach()) * len(part)
        say(f"epoch {epoch + 1}/{plan.epochs}: loss {running / len(rows):.4f}")


def predict(network: Network, rows: Sequence[list[int]], size: int = 64) -> npt.NDArray[np.float32]:
    """Logits [n, triggers], in the order of the rows."""
    network.eval()
    order = sorted(range(len(rows)), key=lambda i: len(rows[i]))
    out = np.zeros((len(rows), network.head.out_features), dtype=np.float32)
    with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16):
        for start in range(0, len(order), size):
            part = order[start : start + size]
            ids, mask = padded([rows[i] for i in part])
            out[part] = network(ids, mask).float().numpy()
    return out
