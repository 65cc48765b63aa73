"""The semantic scorer that an operator runs: asked over HTTP, and done without where it does not answer (edge)."""

import time
from collections.abc import Sequence
from typing import Final

import httpx
import msgspec

from worker.triggers.model import FAMILIES

MAX_ANSWER: Final = 4_000_000


class RemoteScorer:
    """Asks a model of the operator's own.

    It posts ``{"sentences": [...], "langs": [...], "triggers": [...]}`` and reads ``{"scores": [[25 chances], ...]}``.
    ``deadline_s`` holds for the whole exchange. Whatever fails gives no rows: the rules then stand alone.
    """

    def __init__(self, url: str, *, deadline_s: float = 2.0, token: str = "") -> None:
        headers = {"authorization": f"Bearer {token}"} if token else {}
        self._client = httpx.Client(timeout=deadline_s, headers=headers, follow_redirects=False)
        self._url = url
        self._deadline = deadline_s

    def score(self, sentences: Sequence[str], langs: Sequence[str]) -> Sequence[Sequence[float]]:
        """One row a sentence in the order of FAMILIES, or no rows at all when the answer is late, broken or refused."""
        asked = {"sentences": list(sentences), "langs": list(langs), "triggers": tuple(FAMILIES)}
        try:
            body = self._answer(msgspec.json.encode(asked))
            scores = msgspec.json.decode(body, type=dict[str, list[list[float]]])["scores"]
        except (httpx.HTTPError, msgspec.MsgspecError, KeyError, TimeoutError):
            return ()
        fits = len(scores) == len(sentences) and all(len(row) == len(FAMILIES) for row in scores)
        return scores if fits and all(0.0 <= chance <= 1.0 for row in scores for chance in row) else ()

    def _answer(self, body: bytes) -> bytes:
        """The body of a 2xx answer of at most 4 MB that is complete before the deadline."""
        end = time.monotonic() + self._deadline
        headers = {"content-type": "application/json"}
        read = bytearray()
        with self._client.stream("POST", self._url, content=body, headers=headers) as reply:
            reply.raise_for_status()
            for part in reply.iter_bytes():
                read += part
                if len(read) > MAX_ANSWER or time.monotonic() > end:
                    raise TimeoutError(self._url)
        return bytes(read)

    def close(self) -> None:
        """Closes the connection."""
        self._client.close()
