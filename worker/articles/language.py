"""Which language a text is in, where nobody says so, and by which code what is known of a language is kept."""

from functools import cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

# Written so alike that what is known of the one serves the other.
KIN: Final = {"nb": "no", "nn": "no", "ms": "id"}
# Below this, of two likely languages either may be the right one.
CONFIDENT: Final = 0.6
_LANGUAGES: Final = (
    "ar az be bg bn bs ca cs da de el en es et fa fi fr he hi hr hu hy id it ja ka kk ko lt lv mk ms ne nl no pl ps pt"
    " ro ru sk sl sq sr sv sw ta th tl tr uk ur vi zh"
)


def spoken(lang: str) -> str:
    """The two letters by which words and rules for a language are kept; empty where it is not known."""
    code = lang[:2].lower()
    return KIN.get(code, code)


def guess_language(text: str) -> str:
    """The language that this text is most likely in, of about fifty; empty where that is open."""
    lang, confidence = _identifier().classify(text[:2000])
    return str(lang) if confidence >= CONFIDENT else ""


@cache
def _identifier() -> "LanguageIdentifier":
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # with numpy and a model

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(_LANGUAGES.split())
    return identifier
