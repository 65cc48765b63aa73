"""Articles and their pages in Redis, compressed, kept for as many days as the settings say."""

import zlib
from collections.abc import Sequence
from typing import Final, cast

import msgspec

from worker.articles.model import Article
from worker.ledger import Ledger, Transaction, key

MAX_RECORD: Final = 4 * 1024 * 1024
MAX_PAGE: Final = 8 * 1024 * 1024
_DAY_S: Final = 86_400


class ArticleStore:
    """Reads articles at once; writes them only as part of a transaction."""

    def __init__(self, ledger: Ledger, retention_days: int) -> None:
        """A store that keeps what it is given for this many days after the last write."""
        self._ledger = ledger
        self._keep_s = max(1, retention_days) * _DAY_S
        self._encode = msgspec.msgpack.Encoder().encode
        self._decode = msgspec.msgpack.Decoder(Article).decode

    def get_many(self, ids: Sequence[str]) -> list[Article | None]:
        """The articles with these ids, in order; ``None`` where one is not kept."""
        records = self._ledger.hash_many((key("article", i) for i in ids), "r")
        return [None if r is None else self._decode(_unpacked(r, MAX_RECORD)) for r in records]

    def all(self) -> list[Article]:
        """Every article that is kept, in no order."""
        names = (cast(bytes, k).decode() for k in self._ledger.redis.scan_iter(key("article", "*"), count=1000))
        found = self.get_many([n.removeprefix(key("article", "")) for n in names])
        return [a for a in found if a is not None]

    def put(self, transaction: Transaction, *articles: Article) -> None:
        """Keep these revisions of articles."""
        shelves: dict[str, list[int | str]] = {}
        for article in articles:
            where = key("article", article.id)
            transaction.write("HSET", where, "r", zlib.compress(self._encode(article), 1))
            transaction.write("EXPIRE", where, self._keep_s)
            entry = (int(article.first_seen_at.timestamp() * 1000), article.id)
            for shelf in (key("articles"), key("articles", article.feed)):
                shelves.setdefault(shelf, []).extend(entry)
        for shelf, entries in shelves.items():
            transaction.write("ZADD", shelf, *entries)

    def mark_judged(self, transaction: Transaction, article: Article) -> None:
        """Note that this revision of the article was judged."""
        where = key("article", article.id)
        transaction.write("HSET", where, "j", article.revision)
        transaction.write("EXPIRE", where, self._keep_s)

    def judged(self, ids: Sequence[str]) -> list[int]:
        """The revision of each article that was judged last; 0 where none was."""
        return [int(r or 0) for r in self._ledger.hash_many((key("article", i) for i in ids), "j")]

    def put_page(self, transaction: Transaction, article_id: str, page: bytes) -> None:
        """Keep an article's page as it was fetched, until it is read."""
        transaction.write("SET", key("page", article_id), zlib.compress(page[:MAX_PAGE]), "EX", self._keep_s)

    def pages(self, ids: Sequence[str]) -> list[bytes | None]:
        """The fetched pages of these articles, in order; ``None`` where there is none."""
        packed = self._ledger.get_many(key("page", i) for i in ids)
        return [None if p is None else _unpacked(p, MAX_PAGE) for p in packed]

    def delete_page(self, transaction: Transaction, article_id: str) -> None:
        """Forget an article's page: its text was read."""
        transaction.write("DEL", key("page", article_id))


def _unpacked(packed: bytes, limit: int) -> bytes:
    return zlib.decompressobj().decompress(packed, limit)
