"""Articles to measure with: ordinary days' news where it is at hand, else the recorded feeds."""

import json
import re
from itertools import cycle

from tests.support.builders import NOON
from tests.support.paths import SEEDS, SHARED
from worker.articles.model import Document


def texts(count: int, size: int = 4000) -> list[Document]:
    """Articles of about so many characters, made of ordinary days' news, or of the recorded feeds where that is absent.

    The recorded feeds are dense with events: figures over them are about half of those over ordinary news.
    """
    ordinary = SHARED / "eval" / "unlabelled.jsonl"
    if ordinary.exists():
        rows = [json.loads(line) for line in ordinary.read_text(encoding="utf-8").splitlines()[:6000]]
        sentences = [f"{r['title']}. {r['text']}" for r in rows if r["lang"] == "en"]
    else:
        raw = " ".join(p.read_bytes().decode("utf-8", "replace") for p in sorted((SEEDS / "feeds").glob("*.xml")))
        sentences = [s.strip() for s in re.findall(r"[A-Z][^<>]{40,300}?[.!?]", raw)]
    turning = cycle(sentences)
    made = []
    for number in range(count):
        words = [next(turning)]
        while sum(map(len, words)) < size:
            words.append(next(turning))
        title, _, rest = words[0].partition(". ")
        made.append(
            Document(id=str(number), title=title, text=" ".join([rest, *words[1:]])[:size], lang="en", date=NOON)
        )
    return made
