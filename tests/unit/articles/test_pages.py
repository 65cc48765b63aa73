"""What a page says of itself, what stands before its text, who its words come from, and what is new on a live one."""

from datetime import timedelta

import pytest

from tests.support.builders import NOON, article
from worker.articles import live
from worker.articles.about import About, read
from worker.articles.credit import credit
from worker.articles.walls import wall

LINKED = """<html lang="fr-FR"><head><title>Poste clos | Journal</title>
<link rel="canonical" href="https://news.example/1"><meta name="robots" content="index">
<script type="application/ld+json">{"@context": "https://schema.org", "@graph": [{"@type": "WebSite", "name": "x"},
{"@type": ["NewsArticle"], "datePublished": "2026-03-01T11:00:00Z", "dateModified": "2026-03-01T12:00:00Z",
"author": [{"@type": "Person", "name": "A. Nom"}, {"name": "B. Nom"}], "publisher": {"name": "Journal"},
"isAccessibleForFree": "False", "sourceOrganization": {"name": "AFP"}}]}</script></head><body><p>x</p></body></html>"""


def test_json_ld_tells_who_when_and_whether_it_costs() -> None:
    assert read(LINKED) == About(
        title="Poste clos | Journal",
        lang="fr",
        canonical="https://news.example/1",
        author="A. Nom, B. Nom",
        credit="AFP",
        site="Journal",
        published="2026-03-01T11:00:00Z",
        modified="2026-03-01T12:00:00Z",
        robots=["index"],
        free=False,
    )


@pytest.mark.parametrize(
    ("head", "field", "value"),
    [
        ('<meta property="og:url" content="https://news.example/2">', "canonical", "https://news.example/2"),
        ('<meta name="author" content="C. Name">', "author", "C. Name"),
        ('<meta property="article:author" content="https://social.example/c">', "author", ""),
        ('<meta property="article:modified_time" content="2026-03-01">', "modified", "2026-03-01"),
        ('<meta property="article:content_tier" content="locked">', "free", False),
        ('<meta property="article:content_tier" content="free">', "free", True),
        ('<script type="application/ld+json">{"@type": "LiveBlogPosting"}</script>', "live", True),
        ('<script type="application/ld+json">[{"@type": "Product", "datePublished": "x"}]</script>', "published", ""),
        ('<script type="application/ld+json">{"datePublished": "2026", </script>', "published", "2026"),
        ('<script>{"datePublished": "2026"}</script>', "published", ""),
        ('<script type="application/ld+json">' + "[" * 100_000 + "</script>", "published", ""),
        ('<script type="application/ld+json">{"@type": "http://schema.org/LiveBlogPosting"}</script>', "live", True),
        ('<script type="application/ld+json">{"@type": "schema:LiveBlogPosting"}</script>', "live", True),
        ('<script type="application/ld+json"><!--\n{"@type": "LiveBlogPosting"}\n--></script>', "live", True),
        (
            '<script type="application/ld+json">//<![CDATA[\n[{"@type": "LiveBlogPosting"}]\n//]]></script>',
            "live",
            True,
        ),
        (
            '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Over\ntwo lines", '
            '"author": {"name": "D. O&#39;Name"}, "isAccessibleForFree": false,}</script>',
            "author",
            "D. O'Name",
        ),
        (
            '<script type="application/ld+json">{"@type": "NewsArticle", "hasPart": {"@type": "WebPageElement", '
            '"isAccessibleForFree": "False", "cssSelector": ".paywall"}}</script>',
            "free",
            False,
        ),
        (
            '<script type="application/ld+json">{"@type": "NewsArticle", "isAccessibleForFree": '
            '"https://schema.org/True"}</script>',
            "free",
            True,
        ),
        (
            '<script type="application/ld+json">{"@type": "WebPage", "isAccessibleForFree": true, "mainEntity": '
            '{"@type": "NewsArticle", "isAccessibleForFree": false}}</script>',
            "free",
            False,
        ),
        ('<script type="application/ld+json">//' + " " * 200_000 + "</script>", "published", ""),
        ('<meta name="parsely-pub-date" content="2026-03-01T11:00:00Z">', "published", "2026-03-01T11:00:00Z"),
        ("", "free", None),
    ],
)
def test_a_head_is_read_for_what_it_tells(head: str, field: str, value: object) -> None:
    assert getattr(read(f"<html><head>{head}</head><body></body></html>"), field) == value


def test_what_a_page_says_in_microdata_is_read() -> None:
    said = read(
        '<html><body itemscope itemtype="https://schema.org/LiveBlogPosting">'
        '<meta itemprop="isAccessibleForFree" content="false">'
        '<time itemprop="datePublished" datetime="2026-03-01T11:00:00Z">noon</time>'
        '<time itemprop="dateModified" datetime="2026-03-01T12:00:00Z">one</time></body></html>'
    )
    assert said == About(live=True, free=False, published="2026-03-01T11:00:00Z", modified="2026-03-01T12:00:00Z")


STORY = "The crossing was shut at noon and nobody could say for how long. " * 60
URL = "https://news.example/1"
COOKIES = "We use cookies. We and our partners store and/or access information. Accept all or manage your consent."
WALLS = {
    "an article": ("https://news.example/1", "Shut", STORY, None, ""),
    "an article that is free": ("https://news.example/1", "Shut", STORY, True, ""),
    "a stub that says so": ("https://news.example/1", "Shut", STORY[:400], False, "paywall"),
    "a stub in English": (URL, "Shut", STORY[:400] + " Subscribe to continue reading.", None, "paywall"),
    "a stub in German": (URL, "Zu", "Der Übergang ist zu. Exklusiv für Abonnenten", None, "paywall"),
    "a stub in French": ("https://news.example/1", "Clos", "Le poste. Article réservé aux abonnés", None, "paywall"),
    "a stub in Spanish": (URL, "Cerrado", "El paso. Contenido exclusivo para suscriptores", None, "paywall"),
    "the whole text though it costs": ("https://news.example/1", "Shut", STORY, False, ""),
    "consent by its text": ("https://news.example/1", "News", COOKIES, None, "consent"),
    "consent by its host": ("https://consent.news.example/x", "News", STORY, None, "consent"),
    "consent by its path": ("https://news.example/collectConsent?to=1", "News", STORY, None, "consent"),
    "consent in German": (
        "https://news.example/",
        "",
        "Wir verwenden Cookies. Alle akzeptieren. Ihre Einwilligung gilt für unsere Partner.",
        None,
        "consent",
    ),
    "a test for robots": ("https://news.example/1", "Just a moment...", "Verify you are human", None, "challenge"),
    "an article on cookies": ("https://news.example/1", "Baker", "The baker sells cookies. " * 30, None, ""),
    "a broken address": ("https://[::1", "Shut", STORY, None, ""),
}  # fmt: skip


@pytest.mark.parametrize(("url", "title", "text", "free", "stands"), WALLS.values(), ids=WALLS)
def test_what_stands_before_a_text_is_recognised(
    url: str, title: str, text: str, free: bool | None, stands: str
) -> None:
    assert wall(url, title, text, free) == stands


# Consent pages as publishers word them, shortened.
CONSENT = [
    (
        "Willkommen bei SPIEGEL.de\nMit Werbung weiterlesen\nBesuchen Sie SPIEGEL.de wie gewohnt mit Werbung "
        "und üblichem Tracking. Details zum Tracking finden Sie in der Datenschutzerklärung und im Privacy "
        "Center.\nAkzeptieren und weiter\nPur-Abo abschließen\nNutzen Sie SPIEGEL.de ganz ohne Werbung und "
        "nahezu ohne Werbetracking für 4,99 € / Monat."
    ),
    (
        "Bienvenue\nAvec votre accord, nous et nos 230 partenaires utilisons des cookies ou technologies "
        "similaires pour stocker, consulter et traiter des données personnelles.\nAccepter et continuer\n"
        "S'abonner pour refuser"
    ),
    (
        "Con tu aceptación, nosotros y nuestros 150 socios usamos cookies para almacenar y acceder a datos "
        "personales.\nAceptar y continuar\nRechazar y suscribirse"
    ),
    (
        "La nostra informazione ha un valore. Noi e terze parti selezionate (790) utilizziamo cookie o "
        "tecnologie simili.\nAccetta e continua\nRifiuta e abbonati\nIl tuo consenso"
    ),
    (
        "We, Yahoo, are part of the Yahoo family of brands. When you use our sites and apps, we use cookies to: "
        "provide our sites. If you click 'Accept all', we and our partners, including 238 who are part of the "
        "IAB Transparency & Consent Framework, will store and/or access information on a device"
    ),
    (
        "We and our 842 partners store and access personal data, like browsing data or unique identifiers, on "
        "your device. Selecting I Accept enables tracking technologies to support the purposes shown. Cookies.\n"
        "I Accept\nReject All\nShow Purposes"
    ),
    "Wij en onze partners gebruiken cookies en vragen je toestemming.\nAkkoord\nAlles accepteren",
    (
        "Szanujemy Twoją prywatność. My i nasi partnerzy (874) przechowujemy informacje na urządzeniu, takie "
        "jak pliki cookies. Wyrażasz zgodę\nPrzejdź do serwisu\nAkceptuję"
    ),
    "Nós e os nossos parceiros utilizamos cookies. O seu consentimento.\nAceitar tudo\nRejeitar",
    "Мы используем cookie. Нажимая «Принять», вы даёте согласие. Наши партнёры. Принять все",
    "Vážíme si vašeho soukromí. My a naši partneři používáme soubory cookies. Souhlasím a pokračovat. Váš souhlas",
    "Vi och våra partner använder cookies. Ditt samtycke. Godkänn alla",
    "Çerezleri kullanıyoruz. İş ortaklarımız. Onay. Tümünü kabul et çerez",
]
CHALLENGES = [
    ("Just a moment...", "Enable JavaScript and cookies to continue"),
    ("Access to this page has been denied", "Press & Hold to confirm you are a human (and not a bot)."),
    ("x.com", "Please enable JS and disable any ad blocker"),
    ("Access Denied", 'You don\'t have permission to access "http://x.com/" on this server. Reference #18.2'),
    ("", "Request unsuccessful. Incapsula incident ID: 123-456"),
    (
        "Are you a robot?",
        (
            "We've detected unusual activity from your computer network. To continue, please click the box below to "
            "let us know you're not a robot."
        ),
    ),
    ("DDOS-GUARD", "Checking your browser before accessing x.ru"),
    ("Вы не робот?", "Подтвердите, что вы не робот"),
    ("", "ロボットではないことを確認してください"),
]
STUBS = [
    "To continue reading, subscribe now.",
    "This article is for subscribers only.",
    "Subscribe to unlock this article",
    "This is a premium article. Start your free trial to read on.",
    "Already a subscriber? Log in",
    "You have reached your free article limit.",
    "Dieser Artikel ist nur für Abonnenten.",
    "Jetzt mit SPIEGEL+ weiterlesen",
    "Weiterlesen mit F+",
    "Dieser Artikel gehört zum Angebot von WELTplus",
    "Cet article est réservé aux abonnés.",
    "Il vous reste 85% de cet article à lire.",
    "La suite est réservée aux abonnés",
    "Pour lire la suite, abonnez-vous",
    "Contenido exclusivo para suscriptores",
    "Suscríbete para seguir leyendo",
    "Esta noticia es solo para suscriptores",
    "Conteúdo exclusivo para assinantes",
    "Para continuar a ler, torne-se assinante. Exclusivo assinantes",
    "Contenuto riservato agli abbonati",
    "Questo contenuto è riservato agli abbonati",
    "Abbonati per continuare a leggere",
    "Lees verder met een abonnement",
    "Dit artikel is alleen voor abonnees",
    "Artikeln är exklusiv för våra prenumeranter",
    "Logga in för att läsa hela artikeln",
    "Artiklen er kun for abonnenter",
    "Køb abonnement for at læse videre",
    "Denne artikkelen er kun for abonnenter. Logg inn for å lese",
    "Tämä artikkeli on vain tilaajille",
    "Dostęp tylko dla prenumeratorów",
    "Pozostało 85% artykułu. Czytaj dalej w prenumeracie",
    "Článek je pouze pro předplatitele",
    "Předplaťte si a čtěte dál",
    "A cikk folytatása előfizetőknek érhető el. Csak előfizetőknek",
    "Αποκλειστικά για συνδρομητές",
    "Bu içerik sadece abonelere özel",
    "Доступ только по подписке",
    "Материал доступен только подписчикам",
    "Матеріал доступний лише для передплатників",
    "هذا المحتوى للمشتركين فقط",
    "للاستمرار في القراءة اشترك",
    "本文仅限订阅用户阅读",
    "订阅后继续阅读",
    "此內容只供訂閱會員閱讀",
    "この記事は有料会員限定です",
    "会員限定記事です。残り1234文字",
    "구독자 전용 기사입니다",
    "이 기사는 유료 회원만 볼 수 있습니다",
    "הכתבה זמינה למנויים בלבד",
    "Artikel ini khusus pelanggan",
    "यह लेख केवल सदस्यों के लिए है",
]


@pytest.mark.parametrize("words", CONSENT)
def test_a_consent_page_is_recognised_in_its_language(words: str) -> None:
    assert wall(URL, "", words, None) == "consent"


@pytest.mark.parametrize(("title", "words"), CHALLENGES)
def test_a_test_for_robots_is_recognised(title: str, words: str) -> None:
    assert wall(URL, title, words, None) == "challenge"


@pytest.mark.parametrize("words", STUBS)
def test_a_stub_is_recognised_in_its_language(words: str) -> None:
    assert wall(URL, "", f"{STORY[:400]}\n{words}", None) == "paywall"


@pytest.mark.parametrize(
    "words",
    [
        "The price rises by two euros for subscribers of the service.",
        "The union said that its members would register to vote.",
        "Er durfte im Gefängnis weiterlesen mit Brille.",
        "La ministra habló de los suscriptores del servicio.",
        "The minister gave consent to use the army.\nWe use cookies.",
    ],
)
def test_an_article_that_speaks_of_such_things_is_none_of_them(words: str) -> None:
    assert wall(URL, "", f"{STORY[:400]}\n{words}", None) == ""


@pytest.mark.parametrize(
    ("author", "text", "agency"),
    [
        ("Reuters", "", "reuters"),
        ("By Reuters", "", "reuters"),
        ("AFP/AP", "", "afp"),
        ("Associated Press", "", "ap"),
        ("dpa", "", "dpa"),
        ("A. Reuterson", "", ""),
        ("Jane Doe", "", ""),
        ("", "KYIV (Reuters) - The crossing was shut.", "reuters"),
        ("", "PARIS, 1 mars (AFP) – Le poste est clos.", "afp"),
        ("", "NEW DELHI [PTI]: The crossing was shut.", "pti"),
        ("", "Homs, AFP – The crossing was shut.", "afp"),
        ("", "The crossing was shut on Monday, officials told Reuters in the capital.", ""),
        ("", "Der Übergang ist zu. (dpa)", "dpa"),
        ("", "Il valico è chiuso. © 2026 ANSA", "ansa"),
        ("", "Le poste est clos. (Belga)", "belga"),
        ("ТАСС", "", "tass"),
        ("Keystone-SDA", "", "keystone-sda"),
        ("Le Monde avec AFP", "", "afp"),
        ("franceinfo avec AFP", "", "afp"),
        ("By JANE DOE, Associated Press", "", "ap"),
        ("JANE DOE and JOE ROE, Associated Press", "", "ap"),
        ("dpa/AFP", "", "dpa"),
        ("Redaktion mit dpa", "", "dpa"),
        ("mit Material von dpa", "", "dpa"),
        ("Agencia EFE", "", "efe"),
        ("Por EFE", "", "efe"),
        ("Reuters Staff", "", "reuters"),
        ("Jane Doe | Reuters", "", "reuters"),
        ("Jane Doe (AFP)", "", "afp"),
        ("", "МОСКВА, 1 мая — РИА Новости. Взрыв прогремел в городе", "ria"),
        ("", "МОСКВА, 1 мая. /ТАСС/. Взрыв", "tass"),
        ("", "Москва. 1 мая. INTERFAX.RU - Взрыв произошел", "interfax"),
        ("", "新华社北京5月1日电（记者张三）中国", "xinhua"),
        ("", "【北京共同】中国外務省は", "kyodo"),
        ("", "【ワシントン時事】米国", "jiji"),
        ("", "(서울=연합뉴스) 홍길동 기자 = 정부는", "yonhap"),
        ("", "واشنطن (رويترز) - قال", "reuters"),
        ("", "باريس (أ ف ب) - قال", "afp"),
        ("", "LONDON, May 1 (Reuters) - x", "reuters"),
        ("", "KYIV, Ukraine (AP) — x", "ap"),
        ("", "(ANSA) - ROMA, 01 MAG - x", "ansa"),
        ("", "Madrid, 1 may (EFE).- x", "efe"),
        ("", "Madrid, 1 may. (Europa Press) - x", "europapress"),
        ("", "PARIS, 1er mai 2026 (AFP) - x", "afp"),
        ("", "ANKARA (AA) - x", "anadolu"),
        ("", "Warszawa (PAP) x", "pap"),
        ("", "x. (PAP)", "pap"),
        ("", "Lisboa, 01 mai 2026 (Lusa) - x", "lusa"),
        ("", "Some text.\nSource: AFP", "afp"),
        ("", "Some text. © 2026 AFP", "afp"),
        ("", "text\n© Agence France-Presse", "afp"),
        ("", "text\nCopyright 2026 The Associated Press. All rights reserved.", "ap"),
        ("", "text (Reporting by Jane Doe; Editing by Joe Roe)", ""),
        ("", "text. Con información de EFE", "efe"),
        ("", "text. Com informações da Reuters", "reuters"),
        ("", "text. With inputs from PTI", "pti"),
        ("", "text (with agency inputs from ANI)", "ani"),
        ("", "Text\nMit Material der dpa", "dpa"),
        ("", "Praha 1. května (ČTK) - x", "ctk"),
        ("", "Budapest, 2026. május 1., péntek (MTI) - x", "mti"),
        ("ANP", "", "anp"),
        ("Redactie/ANP", "", "anp"),
        ("Von dpa/lnw", "", "dpa"),
        ("dpa-infocom", "", "dpa"),
        ("The Canadian Press", "", "cp"),
        ("TT Nyhetsbyrån", "", "tt"),
        ("TT-AFP", "", "tt"),
        ("Apple Smith", "", ""),
        ("Anita Reuters", "", ""),
        ("Staff writer", "", ""),
        ("Patricia", "", ""),
        ("新华社", "", "xinhua"),
        ("共同通信", "", "kyodo"),
        ("연합뉴스", "", "yonhap"),
        ("وكالة فرانس برس", "", "afp"),
        ("رويترز", "", "reuters"),
        ("Anadolu Ajansı", "", "anadolu"),
        ("AA", "", "anadolu"),
        ("Agence France-Presse in Paris", "", "afp"),
        ("Associated Press in Kyiv", "", "ap"),
        ("Guardian staff and agencies", "", ""),
        ("Jane Doe and agencies", "", ""),
        ("Agence France-Presse", "", "afp"),
        ("", "", ""),
    ],
)
def test_the_agency_behind_a_text_is_named(author: str, text: str, agency: str) -> None:
    assert credit(author, text) == agency


@pytest.mark.parametrize(
    ("url", "title", "is_live"),
    [
        ("https://news.example/world/live/2026/mar/01/war", "War", True),
        ("https://news.example/liveblog-war", "War", True),
        ("https://news.example/1", "War live updates: crossing shut", True),
        ("https://news.example/1", "Live: crossing shut", True),
        ("https://news.example/1", "EN DIRECT, le poste est clos", True),
        ("https://news.example/1", "Many live near the crossing", False),
        ("https://news.example/1", "Olive harvest", False),
        ("https://news.example/world/live/2026/may/01/ukraine-war", "Ukraine war live: x", True),
        ("https://news.example/a/b", "Middle East crisis live: Israel strikes – as it happened", True),
        ("https://news.example/a", "DIRECT. Guerre en Ukraine : x", True),
        ("https://news.example/a", "Guerre en Ukraine, en direct : x", True),
        ("https://news.example/a", "Terremoto in Turchia, la diretta: x", True),
        ("https://news.example/a", "Guerra Ucraina, le news di oggi in diretta", True),
        ("https://news.example/a", "AO MINUTO: Sismo", True),
        ("https://news.example/a", "AO VIVO: terremoto", True),
        ("https://news.example/a", "Terremoto en Turquía, en directo | Última hora", True),
        ("https://news.example/a", "Terremoto EN VIVO: minuto a minuto", True),
        ("https://news.example/a", "Wojna na Ukrainie. Relacja na żywo", True),
        ("https://news.example/a", "Liveblog Oekraïne", True),
        ("https://news.example/a", "CANLI | Deprem son dakika", True),
        ("https://news.example/a", "Canlı blog: deprem", True),
        ("https://news.example/a", "تغطية مباشرة.. زلزال", True),
        ("https://news.example/a", "لحظة بلحظة: زلزال", True),
        ("https://news.example/a", "Війна: онлайн-трансляція", True),
        ("https://news.example/a", "Наживо: вибухи у Києві. Текстова трансляція", True),
        ("https://news.example/a", "Землетрясение. Онлайн", True),
        ("https://news.example/a", "直播：地震", True),
        ("https://news.example/a", "實時更新 地震", True),
        ("https://news.example/a", "【ライブ】地震", True),
        ("https://news.example/a", "【速報中】", False),
        ("https://news.example/a", "DIREKT: jordbävning", False),
        ("https://news.example/a", "Ukraine-Newsblog: x", True),
        ("https://news.example/a", "+++ Nahost-Liveblog +++ x", True),
        ("https://news.example/world/live-news/ukraine-russia-05-01-26", "x", True),
        ("https://news.example/news/liveblog/2026/5/1/x", "", True),
        ("https://news.example/news/ukraine-war-live-updates-rcna123", "", True),
        ("https://news.example/politik/ukraine-liveticker-a-123.html", "", True),
        ("https://news.example/wirtschaft/online-banking-stoerung-a-12.html", "Störung", False),
        ("https://news.example/a/live-music-venue-fire", "Fire at venue", False),
        ("https://news.example/a/online-fraud", "Online fraud", False),
        ("https://news.example/a/direct-flights-resume", "Direct flights resume", False),
        ("https://news.example/a/directo-al-hospital", "x", False),
        ("https://news.example/a", "People live in fear", False),
        ("https://news.example/a", "How to watch live coverage of", False),
        ("https://news.example/a", "محادثات مباشرة بين", False),
        ("https://news.example/news/online/123", "x", False),
    ],
)
def test_a_live_page_is_known_by_its_address_or_title(url: str, title: str, is_live: bool) -> None:
    assert live.looks_live(url, title) == is_live


def test_only_what_was_added_to_a_live_page_is_new() -> None:
    first = "The crossing was shut at noon, officials said.\n12:05\nLorries queued for six kilometres."
    text, known = live.added(first, ())
    assert text == "The crossing was shut at noon, officials said.\nLorries queued for six kilometres."
    newer, known = live.added("A curfew begins at eight tonight, officials said.\n" + first, known)
    assert newer == "A curfew begins at eight tonight, officials said."
    assert live.added(first, known)[0] == ""


@pytest.mark.parametrize(("is_live", "hours", "again"), [(True, 1, True), (True, 25, False), (False, 1, False)])
def test_a_live_page_is_read_again_for_a_day(is_live: bool, hours: float, again: bool) -> None:
    assert live.read_again(article(live=is_live), NOON + timedelta(hours=hours)) == again


def test_an_article_of_an_agency_is_the_agencys() -> None:
    assert (article().origin, article(credit="reuters").origin) == ("wire", "reuters")
