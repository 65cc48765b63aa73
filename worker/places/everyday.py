"""Everyday words that are the name of a town somewhere: where they are no name, by language."""

from typing import Final

from worker.places.names import fold


def _folded(words: str) -> frozenset[str]:
    return frozenset(fold(word) for word in words.split())


def _lines(words: str) -> frozenset[str]:
    return frozenset(" ".join(word.split()) for word in words.split(","))


# Before a German noun, and never right before a German name of a town: das Buch, im Hof, alle Stellen.
ARTICLES: Final = _folded(
    """der die das den dem des ein eine einen einem einer eines kein keine keinen keinem keiner keines im zum zur vom
    beim ins ans dieser diese dieses diesem diesen jeder jede jedes jedem jeden alle allen aller mein meine meinen
    meinem meiner sein seine seinen seinem seiner seines ihr ihre ihren ihrem ihrer ihres unser unsere unseren unserem
    unserer deren dessen viele vielen vieler mehr weniger wenige mehrere mehreren einige einigen keinerlei welche
    welcher zwei drei vier fünf sechs sieben acht neun zehn"""
)
# German nouns that often stand without an article, and are towns to others: a town only after "in".
NOUNS: Final = _folded(
    """Apotheke Basis Bau Berg Boden Bund Bundes Dach Dämme Dax Eis Ende Feld Ferne Feuer Flucht Frieden Frost Furcht
    Garten Gas Geld Gold Hagel Haus Heer Helden Herzen Hilfe Hof Holz Jagd Kanal Kanton Keller Kellers Kirchen Kita
    Kitas Kraft Laden Lage Land Leben Leck Lehre Licht Mai Mangel Markt Mengen Mitte Mut Norden Osten Panik Papier Penne
    Piste Raub Recht Regen Reihe Rot Ruhe Sand Schlangen Schnee Schule Sinne Sorge Stadt Stärke Starkes Steinen Stelle
    Straßen Strassen Strom Süden Tal Tag Teil Türen Uran Wald Wasser Wehr Weite Werk Westen Wind Wissen Zug"""
)
IDIOMS: Final = _folded(
    "Kraft Ruhe Panik Reihe Flucht Teil Mitte Recht Sorge Stelle Lage Ende Basis Bau Furcht Frieden"
)
# A word of one language that another writes as a place: Island is Iceland only to Germans and Scandinavians.
ONLY: Final = {
    "island": frozenset({"de", "sv", "no", "da"}),
    "landes": frozenset({"en", "fr", "es", "it", "pt", "nl"}),
    "la": frozenset({"en"}),
    "vs": frozenset({"nl"}),
    "fas": frozenset({"tr"}),
    "cad": frozenset({"tr"}),
    "umman": frozenset({"tr"}),
    "man": frozenset[str](),
    "ege": frozenset({"tr"}),
    "fin": frozenset({"tr"}),
    "hint": frozenset({"tr"}),
    "turk": frozenset({"tr", "en"}),
    "mars": frozenset[str](),
    "car": frozenset({"en"}),
    "manche": frozenset({"fr", "en"}),
    "oder": frozenset({"en", "fr", "es", "pl"}),
    "virus": frozenset[str](),
    "sars": frozenset[str](),
    "dpr": frozenset({"en", "de", "fr", "es", "it", "pt", "nl", "pl"}),
}
# What is a town somewhere, and in this language a common word, however it is written there.
COMMON: Final[dict[str, frozenset[str]]] = {
    "en": _lines(
        """sam, ham, ahmad, earth, jupiter, mercedes, gallup, nov, eden, mako, zara, tui, mcdonald, winona, raman, hagi,
        change, sales, twist, siri, forbes, happy, spy, rule, run, down, christmas, macy, greg, ok, id, in, or, me, hi,
        oh, ne, old city, old town"""
    ),
    "es": _lines(
        """universidad, justicia, plaza, valle, columna, baja, habrá, comodoro, república, cóndor, pueblo, punta,
        fuerte, río, alto, marte, nada, son, socorro, peste, sacó, cerró, tiro, bulo, la guardia, el segundo, el
        banco, la unión, la banda, el centro, la junta, el tránsito, la feria, la vista, la salud, la puerta, el
        río, el valle, el plan, artes, litoral, cerro, playas, infanta, bahía, fundación, registro, sol, flores,
        federación, corte, palacio, montaña, retiro, regla, barra, canta, canoas, rige, vence, arco, caño, sueca"""
    ),
    "fr": _lines(
        """son, mon, celle, noël, vénus, bol, levant, nord, la défense, l'union, l’union, la grande, la porte, la
        belle, la croix-rouge, la sierra, la ville, le port, la chapelle, les salles, la garde, croix, la croix, mer,
        sens, serres, change, gare, centrale, cargo, sucre"""
    ),
    "pt": _lines(
        """saúde, união, para, república, glória, salgado, igreja, paraíso, sete, hospital, reforma, palácio, luz,
        liberdade, castelo, superior, fronteiras, fronteira, rio, jardim, maio, aliança, chico, cabra, centro, litoral,
        volta, largo, ponte, minas, serra"""
    ),
    "it": _lines("""paese, borsa, porta, monte, borgo, var, punta, moro, brent, la guardia, la quinta, la riviera,
        corte, carta, laguna, centro, sala, nord, centrale"""),
    "de": _lines("muss, schaffen, langen, orange"),
    "no": _lines("først, verden, nord, kampene, hele, boende"),
    "da": _lines("først, verden, nord, hele, boende"),
    "pl": _lines("sądu"),
    "cs": _lines("lidé, budou, loni"),
    "ru": _lines("метро, совет"),
    "tr": _lines(
        """iki, barış, bakanı, adalet, sabah, suluk, borsa, banka, batı, bilgi, gücün, hâlâ, tümen, saray, sarayı,
        kent, albay, derbi, sakız, hattı, yarım, vize, kara, pazar"""
    ),
    "sv": _lines("först, hela, boende, armén, norra"),
    "id": _lines("negara, kota, desa, raya, utama, bangsa, surat, orang, rumah, aman, kali, mobil, mati"),
    "nl": _lines("vorst, ford, ajax, haar, wil"),
    "uk": _lines("схід, розі, донець, тоді, мати, метро, буде"),
    "ar": _folded(
        """مدينة سلطات بن سنة سن بيان دولة قصر إطار خميس أبيض ساحل ميلة سالم وقف حصار صف هوية تربة أمان سد معسكر بني
        فحص طراز ينقل وجه فرقة ماس كبيرة جزيرة جديد جميل نه مدان حد سيول جامعة ثورة ميدان مشهد خبراء جرف عبور مساكن
        رماح منشأة كورونا خبر جأوا بركان"""
    ),
}
