"""Work dealt out in portions that are done before a lease ends."""

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

Item = TypeVar("Item")


def portions(items: Iterable[Item], weigh: Callable[[Item], int], most: int, *, together: int) -> Iterator[list[Item]]:
    """The items in order, at most ``together`` at a time that weigh at most ``most``; a heavier one comes alone."""
    portion: list[Item] = []
    weight = 0
    for item in items:
        own = weigh(item)
        if portion and (weight + own > most or len(portion) >= together):
            yield portion
            portion, weight = [], 0
        portion.append(item)
        weight += own
    if portion:
        yield portion
