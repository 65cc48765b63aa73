"""Names that the words beside them make a river, a lake, a sea or a mountain, and those inside names of streets.

The lago Victoria is no state of Australia, the river Don no town, the calle Venezuela no country.
"""

import math
from typing import Final

from worker.places.memo import Memo
from worker.places.model import Names, Spot
from worker.places.names import Words, fold, key
from worker.places.sight import Sighting


def _folded(words: str) -> frozenset[str]:
    return frozenset(fold(word) for word in words.split())


_WATERS: Final = _folded(
    """lake river mount lago laguna lagoa lac rio río ríos fleuve rivière fiume torrente fluss monte mont montagne
    volcán volcan vulcão vulcano vulkan volcano река реки реке реку рекой рек озеро озера озере озером річка річки
    річці річку річкою ріки ріці ріку озері гора горы гору гори горі вулкан вулкана نهر بحيرة جبل بركان"""
)
_RIVERS: Final = _folded("river rio río ríos fleuve rivière fiume fluss река реки реке реку рекой ріка ріки ріці نهر")
_SEAS: Final = _folded(
    """sea gulf bay strait mar golfo bahía baía estrecho estreito mer golfe baie détroit mare stretto golf meer bucht
    خليج بحر مضيق"""
)
_RANGES: Final = _folded("sierra serra cordillera massif volcán volcan vulcão vulcano cerro laguna lagoa lago")
_BANKS: Final = _folded(
    """bank banks orilla orillas ribera riberas margen margem margens rive rives berge riva rive sponda sponde ufer
    ufern берег берега берегу берегом березі берегах ضفة ضفاف affluent afluente affluente"""
)
_UNLED: Final = _SEAS | _BANKS
"""Right before the name in languages without such a word as of."""
_BEHIND: Final = _folded(
    "river lake nehri nehrinde gölü gölünde irmağı ırmağı dağı denizi denizinde körfezi körfezinde"
)
_OF: Final = _folded("of de del do da du des d di della dell dello von the la el le l der")
_STREETS: Final = {
    "es": _folded("calle avenida av avda carrera paseo bulevar colonia"),
    "pt": _folded("rua avenida av alameda travessa"),
    "fr": _folded("rue avenue boulevard bd quai"),
    "it": _folded("via viale corso piazza piazzale"),
    "ru": _folded("улица улице улицы улицу"),
    "uk": _folded("вулиця вулиці вулицю"),
    "ar": _folded("شارع"),
}
_BUREAUS: Final = _folded(
    """ministerio ministério ministère ministero ministerium bundesministerium viceministerio secretaría secretaria
    superintendencia compañía companhia compagnie compagnia empresa agencia agência agence agenzia confederación
    federación sindicato sindicado"""
)
_JOINING: Final = _folded("de del do da dos das du des d di della dell dello degli von der für y e et und la los las")
_PEOPLE: Final = frozenset({"demonym", "actor", "group"})
_SMALL: Final = frozenset({"city", "region"})
_SHAPES: Final = ("{}", "lake {}", "{} river", "river {}", "mount {}")
_REACH: Final = 6


def natural(text: str, run: Words, sights: list[Sighting], names: Names, lang: str) -> list[Sighting]:
    """The same names, waters and mountains made such, without those of streets and ministries; linear."""
    streets = _STREETS.get(lang, frozenset())
    out = []
    for sight in sights:
        kind = sight.spots[0].kind
        if kind in _PEOPLE or kind in ("sea", "point"):
            out.append(sight)
        elif _flows(text, run, sight, lang):
            out.append(_water(run, sight, names))
        elif not (_led(run, sight.first, streets) or (kind in _SMALL and _bureau(run, sight.first))):
            out.append(sight)
    return out


def _flows(text: str, run: Words, sight: Sighting, lang: str) -> bool:
    """Whether the words beside the name make it a water or a mountain: lago X, X Gölü, the banks of the X."""
    first, last = sight.first, sight.last
    if last < len(run.texts) and run.tight[last - 1] and run.folded[last] in _BEHIND:
        return run.texts[last][0].isupper() or lang == "tr"
    if not first or not run.tight[first - 1]:
        return False
    if run.folded[first - 1] in _WATERS and text[sight.start - 1] == " ":
        return True
    if lang in ("ar", "ru", "uk"):
        return run.folded[first - 1] in _UNLED
    at = _past(run, first)
    return 0 <= at < first - 1 and (run.folded[at] in _SEAS | _RANGES or _bank(run, at, first))


def _bank(run: Words, at: int, first: int) -> bool:
    """Whether it is the bank of a river, not a bank of a country: in English only before an article."""
    if run.folded[at] not in _BANKS or not run.texts[at].islower():
        return False
    english = run.folded[at] in ("bank", "banks")
    return not english or run.folded[first - 1] == "the"


def _past(run: Words, first: int) -> int:
    """The word before the small words that lead to a name."""
    at = first - 1
    while at >= 0 and at >= first - 3 and run.tight[at] and run.folded[at] in _OF:
        at -= 1
    return at if at >= 0 and run.tight[at] else -1


def _led(run: Words, first: int, leads: frozenset[str]) -> bool:
    """Whether a street's word stands before the name, in one breath: rue d'Alger, avenida Colombia."""
    if not leads or not first or not run.tight[first - 1]:
        return False
    at = _past(run, first) if run.folded[first - 1] in _OF else first - 1
    return at >= 0 and run.folded[at] in leads


def _bureau(run: Words, first: int) -> bool:
    """Whether a small place's name is a word in that of a ministry or a company: Ministerio de Energía y Minas."""
    at = first - 1
    while at >= 0 and at >= first - _REACH and run.tight[at]:
        if run.folded[at] in _BUREAUS:
            return True
        if run.texts[at][0].islower() and run.folded[at] not in _JOINING:
            return False
        at -= 1
    return False


def _water(run: Words, sight: Sighting, names: Names) -> Sighting:
    """The same name as a water: the one that the gazetteer knows, under its own or its English name, or an unknown."""
    words = dict.fromkeys((" ".join(run.folded[sight.first : sight.last]), key(sight.spots[0].name)))
    for form in (shape.format(word) for word in words for shape in _SHAPES):
        found = names.find(form)
        known = tuple(s for s in found[1] if s.kind in ("sea", "point")) if found else ()
        if known:
            return Sighting(sight.start, sight.end, sight.first, sight.last, 0, known)
    owned = sight.first > 0 and run.folded[sight.first - 1] in _RIVERS
    return Sighting(
        sight.start, sight.end, sight.first, sight.last, 0, _UNKNOWN[sight.spots] if owned else _NOWHERE[sight.spots]
    )


def _unknown(spots: tuple[Spot, ...]) -> tuple[Spot, ...]:
    """A river that the gazetteer lacks: it lies in the country of the province that is called by it, if in any."""
    lands = {s.country for s in spots if s.kind == "region"}
    whole = any(s.kind in ("country", "capital") for s in spots)
    country = lands.pop() if len(lands) == 1 and not whole else ""
    return _called(spots[0].name, country)


def _nowhere(spots: tuple[Spot, ...]) -> tuple[Spot, ...]:
    """A lake, a sea or a mountain that the gazetteer lacks: nobody knows where it lies."""
    return _called(spots[0].name, "")


def _called(name: str, country: str) -> tuple[Spot, ...]:
    return (Spot(name, country, "sea", math.nan, math.nan, "", 1_000_000, 300, 0),)


_UNKNOWN: Final = Memo(_unknown, 4096)
_NOWHERE: Final = Memo(_nowhere, 4096)
