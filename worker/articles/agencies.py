"""News agencies: ten papers that print one agency's words are one source."""

from typing import Final, NamedTuple


class Agency(NamedTuple):
    """How an agency is spelled: a pattern for where only a credit stands, and lower-case words that are it anywhere.

    ``opens`` is a pattern for how its texts begin, where that is no name in brackets after a town.
    """

    credited: str
    named: tuple[str, ...] = ()
    opens: str = ""


# A name that is a word too (PA, APP, TT) is trusted only where nothing but a credit can stand.
AGENCIES: Final[dict[str, Agency]] = {
    "reuters": Agency("Reuters|Рейтер|روي?ترز|路透社?", ("reuters",)),
    "ap": Agency("Associated Press|The Associated Press|AP|أسوشيتد برس", ("associated press", "ap")),
    "afp": Agency(
        "AFP|Agence France[- ]Presse|АФП|(?:وكالة )?فرانس برس|أ ?ف ?ب|法新社", ("afp", "agence france-presse")
    ),
    "dpa": Agency("dpa(?:-infocom)?|Deutsche Presse-Agentur", ("dpa",)),
    "efe": Agency("EFE|Agencia EFE", ("efe",)),
    "ansa": Agency("ANSA|ANSAmed", ("ansa",)),
    "europapress": Agency("Europa Press"),
    "apa": Agency("APA", ("apa",)),
    "keystone-sda": Agency("Keystone-SDA|Keystone-ATS|SDA|ATS"),
    "belga": Agency("Belga"),
    "anp": Agency("ANP"),
    "tt": Agency("TT(?: Nyhetsbyrån)?"),
    "ntb": Agency("NTB"),
    "ritzau": Agency("Ritzau"),
    "stt": Agency("STT"),
    "pap": Agency("PAP"),
    "ctk": Agency("ČTK|CTK"),
    "mti": Agency("MTI"),
    "lusa": Agency("Lusa|Agência Lusa", ("lusa",)),
    "tass": Agency("TASS|ТАСС", ("tass", "тасс")),
    "interfax": Agency("Interfax|Интерфакс", ("interfax", "интерфакс"), r"[^\n]{2,40}\. INTERFAX\.RU\b"),
    "ria": Agency("RIA Novosti|РИА Новости", ("ria novosti", "риа новости"), r"[^\n.]{2,40} [-–—] РИА Новости\b"),
    "ukrinform": Agency("Ukrinform|Укрінформ", ("ukrinform", "укринформ", "укрінформ")),
    "interfax-ukraine": Agency("Interfax-Ukraine|Інтерфакс-Україна"),
    "anadolu": Agency("Anadolu(?: Agency| Ajansı)?|AA", ("anadolu", "anadolu agency")),
    "irna": Agency("IRNA"),
    "xinhua": Agency("Xinhua|新华社", ("xinhua",), r"新华社[^\n,，。]{2,16}日电"),
    "kyodo": Agency("Kyodo|Kyodo News|共同通信(?:社)?", ("kyodo",), r"【[^】\n]{1,12}共同】"),
    "jiji": Agency("Jiji|Jiji Press|時事通信(?:社)?", (), r"【[^】\n]{1,12}時事】"),
    "yonhap": Agency("Yonhap|연합뉴스", ("yonhap",), r"\([^()\n]{1,20}=연합뉴스\)"),
    "pti": Agency("PTI|Press Trust of India", ("pti",)),
    "ani": Agency("ANI", ("ani",)),
    "ians": Agency("IANS"),
    "app": Agency("APP|Associated Press of Pakistan"),
    "bernama": Agency("Bernama", ("bernama",)),
    "antara": Agency("Antara|ANTARA News", ("antara",)),
    "aap": Agency("AAP|Australian Associated Press", ("aap",)),
    "pa": Agency("PA Media|Press Association|PA", ("pa media", "press association")),
    "cp": Agency("The Canadian Press|Canadian Press", ("canadian press",)),
    "upi": Agency("UPI"),
    "telam": Agency("Télam|Telam"),
    "agencia-brasil": Agency("Agência Brasil"),
    "bloomberg": Agency("", ("bloomberg",)),
    "unian": Agency("", ("unian",)),
}
