"""Headlines in our own wording, in 27 languages, as training samples: events and look-alikes that are none."""

import random
import re
from pathlib import Path

from training.samples import STATUS, TRIGGERS, UNKNOWN, Sample
from worker.triggers.model import FAMILIES

HERE = Path(__file__).parent
_SLOT = re.compile(r"\{(\w+)\}")
FILLERS = {
    "city": "Aden Aleppo Bamako Bangui Basra Beirut Benghazi Bogota Cali Caracas Chennai Colombo Dakar Dhaka Donetsk "
    "Erbil Fresno Gaza Goma Guayaquil Hama Herat Homs Hodeidah Izmir Jakarta Juba Kabul Kano Karachi Kharkiv Khartoum "
    "Kunduz Kyiv Lagos Lima Lyon Manila Marseille Mosul Nairobi Naples Odesa Oaxaca Port-au-Prince Quetta Quito Rafah "
    "Reno Sanaa Seville Tampa Tbilisi Tripoli Tulsa Valencia Yangon Zagreb",
    "country": "Armenia Azerbaijan Belarus Bolivia Burundi Cameroon Chad Chile China Colombia Cyprus Ecuador Egypt "
    "Ethiopia Finland France Georgia Ghana Greece Guinea Haiti Honduras India Indonesia Iran Iraq Israel Italy Jordan "
    "Kenya Kuwait Lebanon Libya Mali Mexico Moldova Mozambique Myanmar Nepal Niger Nigeria Pakistan Peru Poland Qatar "
    "Romania Russia Rwanda Senegal Serbia Somalia Spain Sudan Sweden Syria Thailand Togo Tunisia Turkey Uganda Ukraine "
    "Venezuela Vietnam Yemen Zambia",
    "n": "2 3 4 5 6 7 8 9 11 12 14 17 20 23 30 40",
    "day": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
}
# Triggers that real news in our reach shows too seldom: their lines count as much as real ones.
RARE = {
    "embassy_drawdown", "leave_advisory", "communications_shutdown", "cbrn", "coup", "mass_displacement",
    "territory_change", "emergency_rule", "route_closure", "war_escalation", "abduction", "border_closure",
}  # fmt: skip
_CHOICES = {name: words.split() for name, words in FILLERS.items()}


def _filled(text: str, dice: random.Random) -> str:
    used: set[str] = set()

    def pick(slot: re.Match[str]) -> str:
        choices = _CHOICES[slot[1].rstrip("2")]
        word = dice.choice([choice for choice in choices if choice not in used])
        used.add(word)
        return word

    return _SLOT.sub(pick, text)


def _targets(said: set[str]) -> tuple[float, ...]:
    """Of a family that is said the other triggers are left open: one act is often two of them."""
    families = {FAMILIES[trigger] for trigger in said}
    targets = (1.0 if t in said else UNKNOWN if FAMILIES[t] in families else 0.0 for t in TRIGGERS)
    return (*targets, *[UNKNOWN] * len(STATUS))


def synthetic(copies: int) -> list[Sample]:
    """All lines of the tables; those with slots are filled ``copies`` times, the same way on every run."""
    dice = random.Random(7)  # noqa: S311
    out = []
    for path in sorted(HERE.glob("synthetic_*.tsv")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines()):
            *lang, names, text = line.split("\t")
            said = set(names.split(",")) - {"-"}
            if said - set(TRIGGERS):
                raise ValueError(f"{path.name}:{number + 1}: unknown trigger {said - set(TRIGGERS)}")
            for _ in range(copies if "{" in text else 1):
                made = _filled(text, dice)
                item = f"{path.stem}:{number}"
                weight = 1.0 if said & RARE else 0.6
                out.append(Sample(item, "title", made, lang[0] if lang else "en", _targets(said), weight))
    return out
