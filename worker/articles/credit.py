"""Which news agency a text comes from: ten papers that print one agency's words are one source."""

import re
from typing import Final

_AGENCIES: Final[dict[str, str]] = {
    "reuters": "Reuters|Рейтер|روي?ترز|路透社?",
    "ap": "Associated Press|The Associated Press|AP|أسوشيتد برس",
    "afp": "AFP|Agence France[- ]Presse|АФП|فرانس برس|أ ?ف ?ب|法新社",
    "dpa": "dpa|Deutsche Presse-Agentur",
    "efe": "EFE|Agencia EFE",
    "ansa": "ANSA|ANSAmed",
    "europapress": "Europa Press",
    "apa": "APA",
    "keystone-sda": "Keystone-SDA|Keystone-ATS|SDA|ATS",
    "belga": "Belga",
    "anp": "ANP",
    "tt": "TT",
    "ntb": "NTB",
    "ritzau": "Ritzau",
    "stt": "STT",
    "pap": "PAP",
    "ctk": "ČTK|CTK",
    "mti": "MTI",
    "lusa": "Lusa|Agência Lusa",
    "tass": "TASS|ТАСС",
    "interfax": "Interfax|Интерфакс",
    "ria": "RIA Novosti|РИА Новости",
    "ukrinform": "Ukrinform|Укрінформ",
    "interfax-ukraine": "Interfax-Ukraine|Інтерфакс-Україна",
    "anadolu": "Anadolu|Anadolu Agency|AA",
    "irna": "IRNA",
    "xinhua": "Xinhua|新华社",
    "kyodo": "Kyodo|Kyodo News|共同通信",
    "jiji": "Jiji|Jiji Press|時事通信",
    "yonhap": "Yonhap|연합뉴스",
    "pti": "PTI|Press Trust of India",
    "ani": "ANI",
    "ians": "IANS",
    "app": "APP|Associated Press of Pakistan",
    "bernama": "Bernama",
    "antara": "Antara|ANTARA News",
    "aap": "AAP|Australian Associated Press",
    "pa": "PA Media|Press Association|PA",
    "cp": "The Canadian Press|Canadian Press",
    "upi": "UPI",
    "telam": "Télam|Telam",
    "agencia-brasil": "Agência Brasil",
}
_ANY: Final = "|".join(f"(?P<a{n}>{names})" for n, names in enumerate(_AGENCIES.values()))
_NAMES: Final = tuple(_AGENCIES)
# The name must stand where a credit stands: alone in a by-line, in brackets after the town, or closing the text.
_BYLINE: Final = re.compile(
    rf"(?:(?:[Bb]y|[Vv]on|[Pp]ar|[Pp]or|[Mm]it|[Ww]ith|[Ff]rom) )?(?:{_ANY})(?: ?(?:/|,|&|and|und|et|y) ?.*)?"
)
_DATELINE: Final = re.compile(rf"[^\n]{{0,60}}?[(\[/](?:{_ANY})[)\]/]")
_PLAIN_DATELINE: Final = re.compile(rf"[^\n.]{{2,40}}, (?:[^\n.]{{3,20}} )?(?:{_ANY}) ?[-–—:] ")
_CLOSING: Final = re.compile(
    rf"(?:[(\[/]|[–—-] ?|© ?|\([Cc]\) ?|(?:Quelle|Source|Fuente|Fonte): )(?:\d{{4}} )?(?:{_ANY})"
    r"(?:[)\].]|/\w{1,10}){0,3}$"
)


def credit(author: str, text: str) -> str:
    """The agency that a by-line, a dateline or the last words of a text name, by its short name; empty for none."""
    begins, ends = text[:160].lstrip(), text[-120:].rstrip()
    for found in (
        _BYLINE.fullmatch(author.strip()[:120]) if author else None,
        _DATELINE.match(begins),
        _PLAIN_DATELINE.match(begins),
        _CLOSING.search(ends),
    ):
        if found:
            return next(name for n, name in enumerate(_NAMES) if found[f"a{n}"])
    return ""
