"""The words of an article as linking compares them: content words, names, and hashed runs of five words."""

import re
import unicodedata
import zlib
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Final

RUN: Final = 5
MOST_WORDS: Final = 48
MOST_RUNS: Final = 160
MOST_MARKS: Final = 4
LEAST_RUNS: Final = 6  # fewer are shared by chance
LEAD: Final = 400  # words of a text in which a copy is recognised: cut copies keep the beginning
_STEM: Final = 6
ONE_NAME: Final = 0.7

_WORD: Final = re.compile(r"[^\W_]+(?:['’ʼ][^\W\d_]+)?")
# Before an apostrophe an article is left out (l'armée), inside a Cyrillic word it is a sign (Куп'янськ), else a suffix.
_ARTICLE: Final = re.compile(r"[cdjlmnst]|qu|(?:a|d|de|ne|su)ll")
_CYRILLIC: Final = re.compile(r"[\u0400-\u04ff]")
_UNSPACED: Final = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]+")
# Words that stand in news of every kind, and those that most news of danger shares: they tell no event from another.
_EMPTY: Final = frozenset(
    """
    about after again against all also amid among and are around because been before being between but can could did
    does during each even every first for from get got had has have her here him his how into its just last latest like
    live made make many may more most much must near new news next not now off one only other our out over own people
    report reported reports said same say says see she should since some still such take than that the their them then
    there these they this those through time today told too two under until update updates was way week were what when
    where which while who why will with would year years yesterday you your monday tuesday wednesday thursday friday
    saturday sunday january february march april june july august september october november december morning night
    video watch photos pictures breaking
    los las del una uno por para con que como más sus está han sobre tras entre desde este esta pero sin según años fue
    les des une dans pour par sur avec est qui que pas plus son ses aux après selon être ont fait cette entre mais
    der die das den dem des ein eine einer einem einen und oder nicht mit von für auf aus bei nach über wird wurde
    werden sind ist hat haben auch sich als wie noch nur laut
    che del della dei delle nel nella gli una con per non sono dopo più anche dal alla alle degli è
    uma dos das com para não que mais por após sobre foi são seu sua
    что как это его она они был была были для при или над под без после также уже все еще из-за году года
    про від для або але вже після також його буде через
    bir için ile daha sonra olarak olan kadar gibi ancak
    من في على إلى عن مع هذا هذه التي الذي بعد قبل كان كانت
    """.split()  # noqa: SIM905 - a table is read more easily than a list of strings
)
_SHARED: Final = frozenset(
    """
    attack attacked attacks strike strikes struck bomb bombs bombing blast blasts explosion explosions killed kill kills
    killing dead deaths death died dies injured wounded police army military forces troops soldiers officials official
    government minister ministry president authorities city town village region area province state country capital
    residents thousands hundreds dozens least fire fires flood floods storm earthquake quake border closed close closes
    closing closure shut airport flights airspace curfew evacuation evacuated evacuate evacuations emergency war
    fighting missile missiles drone drones rocket rockets shelling shooting gunman protests protest protesters coup
    power outage hit hits damage damaged warning warns home homes rescue security victims
    muertos ataque ataques explosión policía ejército gobierno heridos frontera incendio terremoto morts attaque
    attaques explosion armée gouvernement blessés frontière séisme incendie tote angriff angriffe explosion polizei
    armee regierung verletzte grenze erdbeben brand morti attacco esplosione polizia esercito governo feriti confine
    погибли удар удары взрыв взрывы атака армия войска власти область граница землетрясение пожар вибух вибухи
    """.split()  # noqa: SIM905 - a table is read more easily than a list of strings
)

# Storms and wildfires have names, and two with different names are never one.
_GIVEN: Final = re.compile(
    r"\b(?:[Hh]urricane|[Tt]yphoon|[Cc]yclone|(?:[Tt]ropical )?[Ss]torm|[Hh]urac[aá]n|[Tt]if[oó]n|[Cc]icl[oó]n"
    r"|[Oo]uragan|[Tt]emp[eê]te|[Hh]urrikan|[Tt]aifun|[Oo]rkan|[Tt]ormenta(?: tropical)?|[Uu]ragano|[Tt]ifone"
    r"|[Ff]uracão)"
    r" ([A-Z][a-zé]{2,})\b|\b([A-Z][a-z]{2,}) [Ff]ire\b"
)

# Crossings, bridges and the like have names that no gazetteer holds: "the Medyka crossing", "Grenzübergang Medyka".
_POST: Final = r"[Bb]order (?:[Pp]ost|[Pp]oint|[Gg]ate)"
_KIND: Final = rf"[Cc]rossing|[Cc]heckpoint|[Bb]ridge|[Tt]unnel|[Gg]ate|[Dd]am|[Pp]ass|{_POST}"
_NAME: Final = r"([^\W\d_a-zß-ÿа-яё][^\W\d_]{2,})"
_SITE: Final = re.compile(
    rf"\b(?!The |This |That |Its )([A-ZÀ-Þ][^\W\d_]{{2,}})(?:['’]s)? (?:(?:[Bb]order|[Rr]oad|[Rr]ail|[Ll]and) )?"
    rf"(?:{_KIND})\b"
    rf"|\b(?:[Cc]rossing|[Bb]order)(?: with (?:[A-Z][\w.]+ ){{1,3}}| )at {_NAME}"
    rf"|\b(?:{_KIND}|[Pp]ort)(?: (?:at|of|in|near))? {_NAME}"
    rf"|\b(?:[Gg]renzübergang|[Kk]ontrollpunkt|[Bb]rücke)s?(?: (?:bei|in|von))? {_NAME}"
    r"|\b(?:poste[- ]fronti[eè]re|point de passage|paso(?: fronterizo)?|puesto fronterizo|valico(?: di frontiera)?"
    r"|posto (?:fronteiriço|de fronteira)|passagem|pont|puente|ponte|przejści\w+(?: graniczn\w+)?)"
    rf" (?:(?:de|du|del|di|do|da|w) |d['’])?{_NAME}"
    rf"|\b[Пп]ункт\w* пропуска?у? [«\"]?{_NAME}|(?:^|\W)معبر (\w{{3,}})|\b{_NAME}(?:['’]\w+)? [Ss]ınır [Kk]apısı"
)


_ACCENTS: Final = {c: None for c in range(0x300, 0x10000) if unicodedata.combining(chr(c))}


def folded(text: str) -> str:
    """Small letters without accents, so that Córdoba is cordoba."""
    small = text.casefold()
    return small if small.isascii() else unicodedata.normalize("NFKD", small).translate(_ACCENTS)


def stem(word: str) -> str:
    """The beginning of a folded word, which most of its forms share."""
    if word[:2] == "ال" and len(word) > 4:  # the Arabic article
        word = word[2:]
    return word[:_STEM]


def _stems(words: Iterable[str]) -> frozenset[str]:
    return frozenset(stem(folded(w)) for w in words)


EMPTY: Final = _stems(w for w in _EMPTY)
SHARED: Final = _stems(_SHARED) - EMPTY
_NO_NAMES: Final = (
    EMPTY
    | SHARED
    | _stems(
        ("brush", "forest", "wild", "house", "apartment", "hits", "batters", "slams", "nears", "makes", "threatens")
    )
)


def content(text: str) -> tuple[str, ...]:
    """The stems of the words that say something, in their order, each once, at most 48."""
    found: dict[str, None] = {}
    for raw in _pieces(folded(text)):
        if len(raw) < 3 and not (raw.isdigit() and len(raw) == 2) and not _UNSPACED.match(raw):
            continue
        word = stem(raw)
        if word not in EMPTY:
            found.setdefault(word)
            if len(found) == MOST_WORDS:
                break
    return tuple(found)


def names(text: str) -> tuple[str, ...]:
    """The given names of storms and wildfires, marked so that they are no common words: ``=erin``, ``=lake``."""
    found = {m.group(1) or m.group(2) for m in _GIVEN.finditer(text)}
    return tuple(sorted("=" + stem(folded(n)) for n in found if stem(folded(n)) not in _NO_NAMES))


_NO_SITES: Final = _NO_NAMES | _stems(
    ("land", "main", "road", "rail", "river", "checkpoint", "crossing", "bridge", "gate")
)


def sites(text: str) -> tuple[str, ...]:
    """The names of crossings, bridges and the like, marked so that they are no common words: ``@medyka``."""
    found = {stem(folded(name)) for m in _SITE.finditer(text) for name in m.groups() if name}
    return tuple(sorted("@" + name for name in found - _NO_SITES))


def comparable(one: str, other: str) -> bool:
    """Whether two marked names are written in one script."""
    return _script(one[1:]) == _script(other[1:])


def _script(word: str) -> str:
    return unicodedata.name(word[0], "").partition(" ")[0]


@lru_cache(maxsize=8192)
def alike(one: str, other: str) -> bool:
    """Whether two names may be one in the spelling of two languages: Kherson and Cherson."""
    return one == other or SequenceMatcher(None, one, other).ratio() > ONE_NAME


@lru_cache(maxsize=8192)
def names_in(words: tuple[str, ...]) -> frozenset[str]:
    """Those of these words that are given names."""
    return frozenset(w for w in words if w.startswith("="))


def _pieces(text: str) -> Iterable[str]:
    """Words; a script without spaces between words gives pairs of its signs."""
    for match in _WORD.finditer(text):
        word = _bare(match.group())
        if _UNSPACED.fullmatch(word):
            yield from (word[i : i + 2] for i in range(max(1, len(word) - 1)))
        else:
            yield word


def _bare(word: str) -> str:
    """A folded word without what an apostrophe joins to it."""
    first, sign, rest = word.replace("’", "'").replace("ʼ", "'").partition("'")
    if not sign:
        return first
    if _CYRILLIC.match(first):
        return first + rest
    return rest if _ARTICLE.fullmatch(first) and len(rest) > len(first) else first


def weights(words: Iterable[str]) -> float:
    """How much these words say together."""
    return sum(0.25 if w in SHARED else 1.0 for w in words)


def sketch(text: str) -> tuple[int, ...]:
    """Hashes of the five-word runs at the beginning of a text, sorted; of a long one the smallest 160.

    A hash is 32 bits of a checksum that is the same on every machine.
    """
    words = [m.group() for m in _WORD.finditer(folded(text[: LEAD * 12]))][:LEAD]
    runs = {zlib.crc32(" ".join(words[i : i + RUN]).encode()) for i in range(len(words) - RUN + 1)}
    return tuple(sorted(runs)[:MOST_RUNS])


def marks(runs: Sequence[int]) -> list[str]:
    """A few of the runs, by which a copy of a text is found wherever it was thought to happen."""
    return [f"{run:08x}" for run in runs[:MOST_MARKS]] if len(runs) >= LEAST_RUNS else []


def containment(a: tuple[int, ...], b: tuple[int, ...]) -> float:
    """Which share of the shorter text's runs stands in the other one too: 1 for a copy or a cut copy."""
    if not a or not b:
        return 0.0
    reach = min(a[-1] if len(a) == MOST_RUNS else 1 << 32, b[-1] if len(b) == MOST_RUNS else 1 << 32)
    common = _set(a) & _set(b)
    if not common:
        return 0.0
    least = min(bisect_right(a, reach), bisect_right(b, reach))
    return sum(h <= reach for h in common) / least if least >= LEAST_RUNS else 0.0


@lru_cache(maxsize=8192)
def _set(runs: tuple[int, ...]) -> frozenset[int]:
    return frozenset(runs)
