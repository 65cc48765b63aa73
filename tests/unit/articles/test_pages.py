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
        ("", "free", None),
    ],
)
def test_a_head_is_read_for_what_it_tells(head: str, field: str, value: object) -> None:
    assert getattr(read(f"<html><head>{head}</head><body></body></html>"), field) == value


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
