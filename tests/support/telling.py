"""What is told of a run of text, read with the real word lists."""

from pathlib import Path

from worker.articles.model import Document
from worker.triggers import catalogue, testimony
from worker.triggers.context import ContextReader
from worker.triggers.model import Detection, Span
from worker.triggers.text import Text

ROOT = Path(__file__).resolve().parents[2]
LEXICON = catalogue.load(ROOT / "config" / "triggers")
READERS = {
    code: ContextReader(LEXICON, [code]) for code in ("en", "es", "fr", "de", "it", "pt", "ru", "uk", "ar", "tr")
}


def told(text: str, core: str, trigger: str, lang: str = "en", phase: str = "active") -> Detection:
    """What is told of the run ``core``; a line feed parts a headline from its text."""
    title, _, body = text.partition("\n")
    document = Document(title=title, text=body, lang=lang)
    start = document.full.index(core)
    read = Text(document, READERS[lang])
    sentence = next(s for s in read.cut if s.start <= start < s.end)
    one = Detection(
        trigger=trigger,
        phase=phase,  # type: ignore[arg-type]
        veracity="reported",
        quote=core,
        start=start,
        end=start + len(core),
        sentence=(sentence.start, sentence.end),
        rule="test",
        confidence=0.9,
        roles=(Span("object", start, start + len(core)),),
    )
    return testimony.told(read, [one])[0]
