"""Our own tables for the gazetteer, and what the build collects: places and keys."""

import csv
import math
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Protocol

from babel import Locale

from worker.places.model import ANYCASE, CAPS, KINDS
from worker.places.names import TAIL, UNSPACED, key


class Areas(Protocol):
    """Provinces and counties by country and key."""

    found: dict[tuple[str, str], list[dict]]


DATA = Path(__file__).resolve().parents[1] / "worker/places/data"


def words(text: str) -> tuple[str, ...]:
    """The words of a line."""
    return tuple(text.split())


LANGUAGES = words(
    "en es fr de ar ru uk pt tr it zh zh_Hant ja ko fa ur hi bn pl nl he el sv nb da cs ro id hu fi bg sr th"
)
NEIGHBOURS = words("hr sr_Latn sk sl lt lv et")
"""Of these only countries, with names long enough to be nobody else's word."""
KNOWN = 3_000_000
"""Cities of our table of exonyms count as at least this large: everybody means them first."""
PLAIN = frozenset(words("SY LB JO IQ SA YE OM AE QA KW BH EG LY TN DZ MA SD PS MR SO IR AF PK UA IL"))
"""Countries whose places are shown without the dots and macrons of scholarly transliteration."""
ROMANCE = words("o a os as i e es he hi")
SLAVIC = (*words("ий ая ое ие ого ой ому ом их им ими ую ии ы ов ами а е і у ій ої ою ам ин ины"), "")


def entry(name: str) -> str:
    """The key of a name; a name in a script without spaces is kept as it is written."""
    return name.strip("'’ ") if UNSPACED.search(name) else key(name)


class Tables:
    """Places and keys as they grow."""

    def __init__(self) -> None:
        self.rows: list[tuple] = []
        self.keys: dict[str, dict[int, int]] = defaultdict(dict)
        self.flags: dict[str, int] = defaultdict(int)

    def place(self, name, country, kind, *, lat=math.nan, lon=math.nan, admin1="", size=0, radius=0, gid=0) -> int:
        """Add a place; its number."""
        self.rows.append((name, country, KINDS.index(kind), lat, lon, admin1, size, radius, gid))
        return len(self.rows) - 1

    def name(self, text: str, place: int, *, anycase: bool = False) -> None:
        """Let a name mean a place; ``=`` before it asks for exact capitals."""
        exact = text.startswith("=")
        text = text.lstrip("=").strip()
        k = entry(text)
        if not k or (len(k) < 2):
            return
        self.keys[k][place] = 1
        short = text.replace(".", "").replace("'", "")
        if exact or (short.isupper() and len(short) <= 5 and not re.search(r"[^\x00-\x7f]", short)):
            self.flags[k] |= CAPS
        if anycase:
            self.flags[k] |= ANYCASE

    def tail(self, k: str, place: int) -> None:
        """Let a short form mean a province where it follows a town's name and a comma: Paris, Tex."""
        self.keys[TAIL + k][place] = 1


def rows_of(name: str) -> Iterator[list[str]]:
    """The rows of one of our own tables, cells stripped, comments left out."""
    with (DATA / name).open(encoding="utf-8") as lines:
        for row in csv.reader((x for x in lines if not x.startswith("#")), delimiter="|", quoting=csv.QUOTE_NONE):
            if row:
                yield [cell.strip() for cell in row]


def split(cell: str, by: str = ";") -> list[str]:
    """The names in a cell."""
    return [x.strip() for x in cell.split(by) if x.strip()]


def centres_of() -> dict[str, tuple[float, float]]:
    """Centres of large countries and of provinces (country/name) by our own table."""
    return {where: (float(lat), float(lon)) for where, lat, lon in rows_of("centres.txt")}


def _known(areas: Areas, code: str, name: str, towns: dict) -> dict:
    """Where a region of a list lies: as the province or the town of that name; empty where neither is known."""
    for found in areas.found.get((code, key(name)), ())[:1]:
        return {x: found[x] for x in ("lat", "lon", "radius", "admin1")}
    if f"{code}/{name}" in (centres := centres_of()):
        return dict(zip(("lat", "lon"), centres[f"{code}/{name}"], strict=True))
    c = towns.get((code, key(name)))
    return {"lat": c["latitude"], "lon": c["longitude"], "admin1": c["admin1code"], "radius": 15} if c else {}


def regions(t: Tables, areas: Areas, towns: dict) -> None:
    """Our own regions, waters, crossings and front-line towns; ``towns`` are the largest by country and key."""
    for names, code, lat, lon, radius, kind in (*rows_of("regions.txt"), *rows_of("features.txt")):
        listed, kind = kind.isupper(), {"r": "region", "p": "point", "s": "sea", "c": "city"}[kind.lower()]
        where = {
            "lat": float(lat or "nan"),
            "lon": float(lon or "nan"),
            "radius": int(radius or 0),
            "size": 300_000 if kind == "city" else 5_000_000,
        }
        if listed:
            for name in split(names):
                known = _known(areas, code, name, towns)
                t.name(name, t.place(name, code, kind, **{**where, **known}))
        else:
            place = t.place(split(names)[0], code, kind, **where)
            for name in split(names):
                t.name(name, place)


def exonyms(t: Tables) -> None:
    """Foreign names of cities: those of CLDR's time zones, and a table of our own."""
    capitals = defaultdict(list)
    for p, row in enumerate(t.rows):
        if row[2] in (2, 3) and row[6] > 100_000:
            capitals[key(row[0])].append(p)
    for language in LANGUAGES:
        for zone, names in Locale.parse(language).time_zones.items():
            spots = capitals.get(key(zone.rsplit("/", 1)[-1].replace("_", " ")), ())
            if spots and names.get("city"):
                t.name(names["city"], max(spots, key=lambda p: t.rows[p][6]))
    for code, name, cell in rows_of("exonyms.txt"):
        found = [p for p in t.keys.get(key(name), ()) if t.rows[p][1] == code and t.rows[p][2] in (1, 2, 3)]
        if not found:
            print("no such city:", code, name)
            continue
        best = max(found, key=lambda p: (t.rows[p][2] != KINDS.index("region"), t.rows[p][6]))
        row = t.rows[best]
        shown = next((n[1:] for n in split(cell) if n[0] == "*"), row[0] if name.isascii() else split(cell)[0])
        t.rows[best] = (shown, *row[1:6], max(row[6], KNOWN), *row[7:])
        for other in split(cell):
            t.name(other.lstrip("*"), best)


def unaccent(w: str) -> str:
    """The word without accents."""
    return "".join(c for c in unicodedata.normalize("NFKD", w) if unicodedata.category(c) != "Mn")


def forms(language: str, w: str) -> set[str]:
    """The inflected forms of an adjective or noun of origin in one language."""
    if language == "en":
        return {w} if w.endswith(("s", "ese", "ish", "ch")) else {w, w + "s"}
    if language == "romance":
        plain = {w} | {w + e for e in (("s", "es", "") if w[-1] in "íe" else ROMANCE)}
        return plain | ({unaccent(w) + e for e in ("a", "as", "es")} if w.endswith(("és", "es", "ês")) else set())
    if language == "french":
        return {w + e for e in ("", "s", "e", "es", *(("ne", "nes") if w.endswith("en") else ()))}
    if language == "german":
        return {w + e for e in ("", "e", "er", "en", "es", "em", "n", "r")}
    if language == "slavic":
        return {w + e for e in SLAVIC}
    if language == "arabic":
        return {a + w + e for a in ("", "ال") for e in ("", "ة", "ون", "ين", "ات", "تين")}
    return {w} if UNSPACED.search(w) else {w + e for e in ("", *words("a e i ie ich ego ej im lar ler"))}


def demonyms(t: Tables, ids: dict[str, int]) -> None:
    """Who comes from where: stems and the endings of each language."""
    for code, *cells in rows_of("demonyms.txt"):
        c = t.rows[ids[code]]
        p = t.place(c[0], code, "demonym", lat=c[3], lon=c[4], size=c[6], radius=c[7], gid=c[8])
        for language, cell in zip(
            ("en", "romance", "french", "german", "slavic", "arabic", "other"), cells, strict=False
        ):
            for w in split(cell, ","):
                for form in forms(language, w):
                    small = language in ("french", "slavic") or (language == "german" and w[0].islower())
                    t.name(form, p, anycase=small or (language == "romance" and len(form) > 3))


def actors(t: Tables, ids: dict[str, int], file: str, kind: str) -> None:
    """Seats of power, leaders and groups as hints at a country."""
    for code, cell in rows_of(file):
        c = t.rows[ids[code]]
        p = t.place(c[0], code, kind, lat=c[3], lon=c[4], size=c[6], radius=c[7], gid=c[8])
        for name in split(cell):
            t.name(name, p)


def people(groups: tuple[str, ...]) -> set[str]:
    """First or family names of a dozen locales."""
    out = set()
    for locale in ("en_US", "en_GB", "es_ES", "fr_FR", "de_DE", "it_IT", "pt_BR", "ru_RU", "uk_UA", "tr_TR"):
        provider = import_module(f"faker.providers.person.{locale}").Provider
        for group in groups:
            out |= {key(n) for n in getattr(provider, group, ())}
    return {n for n in out if n and " " not in n and len(n) > 2}


PLACES = frozenset(words("nice cali asia sarawak москва русскии советскии"))
"""Names of places that lists of the commonest words hold."""


def commonest(t: Tables) -> dict[str, str]:
    """By language, those of its commonest words that are names, in small letters: French "seul"; no country's name."""
    lists, found = import_module("stopwordsiso"), {}
    names = t.keys.keys() - PLACES
    for lang in sorted(lists.langs() - {"en"}):
        named = {word.lower() for word in lists.stopwords(lang) if key(word) in names}
        towns = sorted(word for word in named if KINDS[t.rows[_first(t, key(word))][2]] != "country")
        if towns:
            found[lang] = "\n".join(towns)
    return found


def _first(t: Tables, k: str) -> int:
    """The largest place of a name."""
    return max(t.keys[k], key=lambda place: t.rows[place][6])
