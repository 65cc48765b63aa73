"""The words for numbers, vague amounts and casualties, for ten languages, their letters made even."""

import re
from typing import Final


def even(text: str) -> str:
    """Small letters, and one for those that patterns without case take for the same: İ and ı for i, ſ for s."""
    return text.replace("İ", "i").lower().replace("ı", "i").replace("ſ", "s")


def _table(rows: str) -> dict[str, float]:
    pairs = (cell.rsplit("=", 1) for row in even(rows).split("\n") for cell in row.split(";") if "=" in cell)
    return {word.strip(): float(value) for word, value in pairs}


def _list(rows: str) -> tuple[str, ...]:
    return tuple(x.strip() for row in even(rows).split("\n") for x in re.split(r"\|(?![^()]*\))", row) if x.strip())


EXACT: Final = _table(
    """zero=0;one=1;two=2;three=3;four=4;five=5;six=6;seven=7;eight=8;nine=9;ten=10;eleven=11;twelve=12;thirteen=13
    fourteen=14;fifteen=15;sixteen=16;seventeen=17;eighteen=18;nineteen=19;twenty=20;thirty=30;forty=40;fifty=50
    sixty=60;seventy=70;eighty=80;ninety=90;a hundred=100;one hundred=100;a thousand=1000;two dozen=24;three dozen=36
    dos=2;tres=3;cuatro=4;cinco=5;seis=6;siete=7;ocho=8;nueve=9;diez=10;once=11;doce=12;trece=13;catorce=14;quince=15
    veinte=20;treinta=30;cuarenta=40;cincuenta=50;cien=100
    deux=2;trois=3;quatre=4;cinq=5;sept=7;huit=8;neuf=9;dix=10;onze=11;douze=12;treize=13;quinze=15;vingt=20
    trente=30;quarante=40;cinquante=50;une dizaine=10;une douzaine=12;une quinzaine=15;une vingtaine=20
    une trentaine=30;une quarantaine=40;une cinquantaine=50;une centaine=100;un millier=1000
    zwei=2;drei=3;vier=4;fünf=5;sechs=6;sieben=7;acht=8;neun=9;zehn=10;elf=11;zwölf=12;zwanzig=20;dreißig=30
    due=2;tre=3;quattro=4;cinque=5;sei=6;sette=7;otto=8;nove=9;dieci=10;undici=11;dodici=12;venti=20;trenta=30
    una decina=10;una ventina=20;una trentina=30;un centinaio=100
    dois=2;duas=2;três=3;quatro=4;sete=7;oito=8;dez=10;doze=12;vinte=20;trinta=30
    два=2;две=2;двое=2;три=3;трое=3;четыре=4;четверо=4;пять=5;пятеро=5;шесть=6;шестеро=6;семь=7;семеро=7;восемь=8
    восьмеро=8;девять=9;девятеро=9;десять=10;одиннадцать=11;двенадцать=12;двадцать=20;тридцать=30
    двоє=2;дві=2;троє=3;чотири=4;п'ять=5;п'ятеро=5;п’ятеро=5;п’ять=5;шість=6;сім=7;вісім=8;дев'ять=9;дев’ять=9
    дев'ятеро=9;десятеро=10
    ثلاثة=3;ثلاث=3;أربعة=4;أربع=4;خمسة=5;خمس=5;ستة=6;ست=6;سبعة=7;سبع=7;ثمانية=8;ثماني=8;تسعة=9;تسع=9;عشرة=10
    iki=2;üç=3;dört=4;beş=5;altı=6;yedi=7;sekiz=8;dokuz=9;on iki=12;on=10;yirmi=20;otuz=30"""
)
VAGUE: Final = _table(
    """hundreds of thousands=100000;tens of thousands=10000;millions=1000000;thousands=1000;hundreds=100;scores=40
    dozens=24;several thousand=2000;several hundred=200;several dozen=24;a few hundred=200;a few thousand=2000
    cientos de miles=100000;decenas de miles=10000;miles=1000;cientos=100;centenares=100;decenas=20
    des dizaines de milliers=10000;des centaines de milliers=100000;des milliers=1000;des centaines=100;des dizaines=20
    plusieurs centaines=200;plusieurs dizaines=20;plusieurs milliers=2000
    hunderttausende=100000;zehntausende=10000;tausende=1000;hunderte=100;dutzende=24;mehrere hundert=200
    decine di migliaia=10000;centinaia di migliaia=100000;migliaia=1000;centinaia=100;decine=20
    dezenas de milhares=10000;centenas de milhares=100000;milhares=1000;centenas=100;dezenas=20
    десятки тысяч=10000;сотни тысяч=100000;тысячи=1000;сотни=100;десятки=20
    десятки тисяч=10000;сотні тисяч=100000;тисячі=1000;сотні=100
    عشرات الآلاف=10000;مئات الآلاف=100000;الآلاف=1000;آلاف=1000;المئات=100;مئات=100;العشرات=20;عشرات=20
    on binlerce=10000;yüz binlerce=100000;binlerce=1000;yüzlerce=100;onlarca=20"""
)
"""The least that each vague word can mean; a headline's dozens is two dozen or more."""
SCALE: Final = _table(
    """thousand=1000;million=1000000;m=1000000;mn=1000000;k=1000;mil=1000;millón=1000000;millones=1000000
    millions=1000000;mille=1000;millionen=1000000;tausend=1000;mila=1000;milioni=1000000;milione=1000000
    milhão=1000000;milhões=1000000;тысяч=1000;тысячи=1000;тыс=1000;миллиона=1000000;миллионов=1000000;млн=1000000
    тисяч=1000;тисячі=1000;мільйона=1000000;мільйонів=1000000;ألف=1000;آلاف=1000;ألفا=1000;مليون=1000000
    bin=1000;milyon=1000000"""
)
FLOOR: Final = _list(
    """at least|more than|over|upwards of|al menos|más de|por lo menos|au moins|plus de|plus d'|mindestens|mehr als|über
    almeno|più di|oltre|pelo menos|mais de|ao menos|не менее|более|больше|свыше|как минимум|по меньшей мере
    щонайменше|не менше|понад|більше|більш як|ما لا يقل عن|لا يقل عن|أكثر من|en az"""
)
CEILING: Final = _list(
    """up to|as many as|at most|fewer than|less than|hasta|menos de|jusqu'à|moins de|bis zu|weniger als|fino a|meno di
    até|до|менее|менш як|حتى|أقل من|en fazla"""
)
ABOUT: Final = _list(
    """about|around|approximately|roughly|some|nearly|almost|close to|an estimated|estimated|unos|unas|cerca de|casi
    alrededor de|environ|près de|quelque|etwa|rund|fast|knapp|circa|quasi|около|почти|примерно|порядка|близько|майже
    приблизно|نحو|حوالي|قرابة|yaklaşık"""
)
BETWEEN: Final = _list("between|entre|zwischen|tra|fra|между|між|بين")
AND: Final = _list("and|to|y|a|et|à|und|e|ed|или|и|та|до|و|ile")
MORE: Final = _list("another|a further|a total of|also|otras|otros|autres|weitere|altri|altre|outros|ещё|еще|ще|были")
"""What may stand between what happened and to how many."""
STOP: Final = _list(
    """and|but|as|after|when|where|closed|for|with|y|et|und|e|ed|и|а|но|та|і|й|ve|ile|con|avec|mit|com|ещё|ще|while
    arrested|detained|arrestados|detenidos|arrêtés|festgenommen|arrestati|задержаны|затримано"""
)
"""Words at which the reach of a figure ends."""
AFTER: Final = {
    "killed": _list(
        r"""killed|dead|died|dies|die(?= (?:in|after|as|when|at|on|from|of|during|amid)\b|$|[.,;:])
        deaths|fatalities|slain|massacred|drowned|perished|bodies|lost their lives
        muert[oa]s|fallecid[oa]s|asesinad[oa]s|murieron|morts|mortes|tuée?s|décès|sont morts|tote[nr]?|todesopfer
        getötet|starben|gestorben|ums leben|mort[ie]|uccis[ie]|vittime|mort[oa]s|погиб(?:ли|ших|шими|ло)
        убит(?:ы|ых|о)|жертв|умерли|загину(?:ли|ло)|загиблих|вбит[оі]|قتيل[ا]?|قتلى|شهيد[ا]?|شهداء
        öldü|ölü|hayatını kaybetti|yaşamını yitirdi|şehit|can verdi"""
    ),
    "injured": _list(
        r"""injured|wounded|hurt|injuries|herid[oa]s|lesionad[oa]s|blessée?s|verletzte[nr]?|verletzt|ferit[ie]
        ferid[oa]s|ранен(?:ы|ых|ыми|о|ия)|пострада(?:ли|вших|ло)|поранен[іо]|поранених|постражда(?:ли|лих)
        جريح[ا]?|جرحى|مصاب[ا]?|مصابين|yaralı|yaralandı"""
    ),
    "missing": _list(
        r"""missing|unaccounted|desaparecid[oa]s|disparu[es]*|portées? disparue?s|vermisste[nr]?|vermisst|dispers[ie]
        пропа(?:ли|вших)|зник(?:ли|лих)|مفقود[ا]?|مفقودين|kayıp|kayboldu"""
    ),
    "displaced": _list(
        r"""displaced|flee|fled|fleeing|homeless|uprooted|forced from|driven from|driven out|expelled|desplazad[oa]s
        déplacée?s|fui(?:ent|r)|vertrieben|vertriebene|auf der flucht|geflohen|sfollat[ie]|desloc?ad[oa]s|desalojad[oa]s
        беженцев|покинули|переселенц(?:ев|ів)|біженців|نازح[ا]?|نازحين|evlerini terk etti|yerinden edildi"""
    ),
    "evacuated": _list(
        r"""evacuated|evacuees|evacuate|evacuad[oa]s|évacuée?s|evakuiert|evacuat[ie]|эвакуирован[ыо]|эвакуировали
        евакуйован[оі]|евакуювали|tahliye edildi"""
    ),
}
BEFORE: Final = {
    "killed": _list(
        r"""kill(?:s|ed|ing)?|claim(?:s|ed|ing) the lives of|leav\w+ dead|massacr(?:ed|es|ing)|slaughter(?:ed|s)
        matan? a|mat[óo] a|mataron a|murieron|murió|mueren|fallecieron|tuant|a tué|ont tué|töten|töteten|tötete|tötet
        starben|sterben|uccid\w+|uccis[oi]|morreram|morrem|matou|погиб(?:ли|ло)|убит[ыо]|убили|загину(?:ли|ло)|вбит[оі]
        و?مقتل|و?قتل|و?استشهاد|و?استشهد|و?مصرع|و?وفاة|و?لقي"""
    ),
    "injured": _list(
        r"""injur(?:es|ed|ing)|wound(?:s|ed|ing)|hurt(?:s|ing)?|resultaron herid[oa]s|hirió a|hirieron a|verletzte
        sono|ранен[ыо]|пострадали|ранения получили|получили ранения|поранен[оі]|و?إصابة|و?أصيب|و?جرح"""
    ),
    "missing": _list(r"пропали без вести|зникли безвісти|зникли безвести|و?فقدان|و?فقد"),
    "displaced": _list(r"displac(?:es|ed|ing)|uproot(?:s|ed|ing)|forc(?:es|ed|ing)|و?نزوح|و?نزح|و?تهجير|و?تشريد"),
    "evacuated": _list(
        r"""evacuat(?:es|ed|ing)|evacuation of|evacuation orders? (?:cover|affect|for|issued for)|evacuaron a|evacua
        эвакуировали|эвакуирован[ыо]|евакуйован[оі]|евакуювали|و?إجلاء|و?إخلاء"""
    ),
}
TOLL: Final = _list(
    r"""death toll|toll|number of dead|number of deaths|cifra de muertos|número de muertos|número de mortos|saldo|bilan
    bilancio|zahl der toten|zahl der todesopfer|число погибших|число жертв|кількість загиблих|عدد القتلى
    حصيلة القتلى|عدد الضحايا|ölü sayısı|can kaybı"""
)
MAGNITUDE: Final = _list(
    """magnitud|stärke|магнитудой|магнітудою|بقوة|قوته|quake|büyüklüğünde|richter
    tremor|sismo|temblor|terremoto|séisme|beben"""
)
"""One of these stands wherever the size of an earthquake is told."""
