"""The text of article pages, by the real extractor, within bounds."""

import contextlib
import time
from datetime import UTC, datetime

import pytest

from worker.articles.extract import extract
from worker.articles.language import guess_language
from worker.errors import PageUnreadable

SENTENCES = [
    "The crossing at the northern end of the valley was shut at noon, and nobody could say for how long.",
    "Lorries queued for six kilometres while their drivers waited for word from the ministry.",
    "A spokeswoman said that pedestrians with papers would be let through in the evening.",
    "Families had begun to leave the villages along the river two days before.",
]
BODY = "".join(f"<p>{s}</p>" for s in SENTENCES)
PAGE = (
    '<!doctype html><html lang="en-GB"><head><meta charset="utf-8"><title>Crossing shut | Valley News</title>'
    '<meta property="og:title" content="Crossing shut">{head}</head><body><nav><a href="/">Home</a></nav>'
    "<article><h1>Crossing shut</h1>{body}</article><footer>All rights reserved</footer></body></html>"
)


def page(body: str = BODY, head: str = "") -> str:
    return PAGE.format(body=body, head=head)


def test_a_page_gives_its_text_without_what_stands_around_it() -> None:
    found = extract(page().encode(), "https://news.example/1")
    assert found.title == "Crossing shut"
    assert found.lang == "en"
    assert all(s in found.text for s in SENTENCES)
    assert "Home" not in found.text
    assert "rights" not in found.text


@pytest.mark.parametrize(
    ("box", "stands"),
    [
        ('<aside class="subscription-offer"><p>This article is for subscribers only.</p></aside>', "paywall"),
        ('<div id="piano-inline"><button>Abonnez-vous pour lire la suite</button></div>', "paywall"),
        ('<section class="paywall"><p>Il vous reste 72.5% de cet article à lire.</p></section>', "paywall"),
        ('<p class="article__paywall">Jetzt mit Plus+ weiterlesen</p>', "paywall"),
        ('<header class="subscribe"><a href="/in">Already a subscriber? Log in</a></header>', ""),
        ('<div class="paywall"></div>', ""),
        ('<script class="piano">"Subscribe to continue reading"</script>', ""),
        ('<div id="banner"><p>We use cookies. We and our 120 partners ask for consent.</p><b>Accept all</b></div>', ""),
    ],
)
def test_a_box_that_asks_for_money_makes_a_stub_though_it_is_no_text(box: str, stands: str) -> None:
    found = extract(page(BODY + box).encode(), "https://news.example/1")
    assert found.wall == stands
    assert SENTENCES[0] in found.text


def test_a_live_page_by_its_json_ld_is_read_with_all_its_blocks() -> None:
    blocks = "".join(
        f'<div itemprop="liveBlogUpdate" itemscope itemtype="https://schema.org/BlogPosting"><h2>{n}:00</h2><p>{s}</p></div>'
        for n, s in enumerate(SENTENCES)
    )
    head = '<script type="application/ld+json">{"@type": "LiveBlogPosting", "headline": "Crossing"}</script>'
    found = extract(page(blocks, head).encode(), "https://news.example/1")
    assert found.live
    assert all(s in found.text for s in SENTENCES)


@pytest.mark.parametrize(
    ("head", "moment"),
    [
        ('<meta property="article:published_time" content="2026-10-21T12:00:00+02:00">', 10),
        ('<script type="application/ld+json">{"datePublished": "2026-10-21T10:00:00Z"}</script>', 10),
        ('<meta itemprop="datePublished" content="2026-10-21T10:00:00Z">', 10),
        ('<meta property="article:published_time" content="2026-10-21 10:00">', None),
        ("", None),
    ],
)
def test_the_time_of_publication_is_sure_or_unknown(head: str, moment: int | None) -> None:
    expected = datetime(2026, 10, 21, moment, tzinfo=UTC) if moment else None
    assert extract(page(head=head).encode(), "https://news.example/1").published_at == expected


@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "windows-1251", "utf-16"])
def test_a_page_is_read_in_the_charset_that_it_declares(charset: str) -> None:
    sentence = "Пункт пропуску на півночі долини закрили опівдні, і ніхто не може сказати, на який час."
    html = (
        page("".join(f"<p>{n}. {sentence}</p>" for n in range(3)))
        .replace('"utf-8"', f'"{charset}"')
        .replace('lang="en-GB"', 'lang="uk"')
    )
    found = extract(html.encode(charset), "https://news.example/1")
    assert sentence in found.text
    assert found.lang == "uk"


def test_a_page_that_does_not_tell_its_language_is_guessed() -> None:
    assert extract(page().replace(' lang="en-GB"', "").encode(), "https://news.example/1").lang == "en"


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("The border crossing has been closed until further notice.", "en"),
        ("Le poste frontière est fermé jusqu'à nouvel ordre.", "fr"),
        ("Пограничный переход закрыт до дальнейшего уведомления.", "ru"),
        ("Прикордонний перехід зачинено до подальшого повідомлення.", "uk"),
        ("تم إغلاق المعبر الحدودي حتى إشعار آخر.", "ar"),
        ("", ""),
        ("12345", ""),
    ],
)
def test_a_language_is_guessed_where_it_is_clear(text: str, lang: str) -> None:
    assert guess_language(text) == lang


UNREADABLE = {
    "nothing": "",
    "no text": page(""),
    "a picture": "<html><body><img src=x></body></html>",
    "binary": "\x00\x01\x02" * 500,
    "attributes": page("<a " + " ".join(f"a{n}=1" for n in range(50_000)) + ">x</a>"),
}


@pytest.mark.parametrize("html", UNREADABLE.values(), ids=UNREADABLE)
def test_a_page_without_text_is_refused(html: str) -> None:
    with pytest.raises(PageUnreadable):
        extract(html.encode(), "https://news.example/1")


@pytest.mark.parametrize(
    "part", ["<p>x y z w", "<br>", "<h2>a</h2>", "<table><tr><td>x", "<div>", "<!-- ", "<", "<li><a href=x>y</a>"]
)
def test_a_hostile_page_takes_a_few_seconds_at_most(part: str) -> None:
    began = time.process_time()
    html = page(BODY + part * (1_000_000 // len(part)))
    with contextlib.suppress(PageUnreadable):
        assert len(extract(html.encode(), "https://news.example/1").text) <= 100_000
    assert time.process_time() - began < 4.0
