"""A document as the rules read it."""

from worker.articles.model import Document
from worker.triggers import sentences
from worker.triggers.context import ContextReader, Words
from worker.triggers.model import Sentence
from worker.triggers.wording import normal


class Text:
    """A document cut into sentences and in its normal form, both made once; context words are found when asked for."""

    def __init__(self, document: Document, reader: ContextReader) -> None:
        self.date = document.date
        self.full = document.full
        self.cut = sentences.split(document.title, self.full)
        self.norm = normal(self.full[: sentences.LIMIT])
        self._reader = reader
        self._known: dict[int, Words] = {}

    @property
    def title(self) -> Sentence | None:
        """The sentence that is the title, if there is one."""
        return self.cut[0] if self.cut and self.cut[0].place == 0 else None

    def plain(self, sentence: Sentence) -> str:
        """A sentence in normal form, without the spaces at its ends."""
        return self.norm[sentence.start + 1 : sentence.end + 1]

    def words(self, sentence: Sentence) -> Words:
        """The context words of a sentence."""
        found = self._known.get(sentence.start)
        if found is None:
            found = self._known[sentence.start] = self._reader.words(f" {self.plain(sentence)} ", sentence.start)
        return found
