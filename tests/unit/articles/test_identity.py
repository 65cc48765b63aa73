"""The same entry stays the same article, whatever its publisher edits."""

from datetime import UTC, date, datetime

import pytest
from msgspec.structs import replace

from worker.articles.identity import article_id, canonical_link, digest, entry_key
from worker.feeds.model import Entry

ENTRY = Entry(
    guid="urn:post:1",
    link="https://news.example/world/post-1",
    title="Post 1 closes",
    summary="<p>Guards shut the post.</p>",
    published_at=datetime(2026, 10, 21, 10, tzinfo=UTC),
    published_on=date(2026, 10, 21),
)
LINKED = replace(ENTRY, guid="")


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        ("https://news.example/a", "https://news.example/a"),
        ("HTTPS://News.Example/a", "https://news.example/a"),
        ("https://news.example:443/a", "https://news.example/a"),
        ("http://news.example:80/a", "http://news.example/a"),
        ("https://news.example:8443/a", "https://news.example:8443/a"),
        ("https://news.example", "https://news.example/"),
        ("https://news.example./a", "https://news.example/a"),
        (" https://news.example/a\n", "https://news.example/a"),
        ("https://news.example/a?utm_source=rss&utm_medium=feed", "https://news.example/a"),
        ("https://news.example/a?at_medium=RSS&at_campaign=KARANGA", "https://news.example/a"),
        ("https://news.example/a?id=7&fbclid=x&gclid=y", "https://news.example/a?id=7"),
        ("https://news.example/a?b=2&a=1", "https://news.example/a?a=1&b=2"),
        ("https://news.example/a?partner=rss&emc=rss", "https://news.example/a"),
        ("https://news.example/a?q=", "https://news.example/a?q="),
        ("https://news.example/a#0", "https://news.example/a"),
        ("https://news.example/a#xtor=RSS-3208", "https://news.example/a"),
        ("https://news.example/a#:~:text=border", "https://news.example/a"),
        ("https://news.example/log#release-2", "https://news.example/log#release-2"),
        ("https://news.example/#!/story/7", "https://news.example/#!/story/7"),
        ("tag:news.example,2026:1", "tag:news.example,2026:1"),
        ("12345", "12345"),
        ("https://[::1", "https://[::1"),
        ("https://news.example:port/", "https://news.example:port/"),
        ("https://news.example/a?" + "&".join(f"k{n}" for n in range(500)), None),
    ],
)
def test_a_canonical_link_names_the_page_and_not_the_way_to_it(url: str, canonical: str | None) -> None:
    found = canonical_link(url)
    assert found == canonical or canonical is None
    assert canonical_link(found) == found or canonical is None


@pytest.mark.parametrize("entry", [ENTRY, LINKED], ids=["guid", "link"])
@pytest.mark.parametrize(
    "edit",
    [
        {"title": "Post 1 reopens"},
        {"summary": "<p>All is well.</p>"},
        {"published_at": None, "published_on": None},
        {"link": "https://news.example/world/post-1?utm_source=rss"},
        {"link": "http://news.example/world/post-1#2"},
        {"author": "somebody"},
    ],
    ids=lambda edit: next(iter(edit)),
)
def test_an_edited_entry_is_the_same_article(entry: Entry, edit: dict[str, object]) -> None:
    assert article_id("posts", replace(entry, **edit)) == article_id("posts", entry)


def test_a_moved_link_under_the_same_guid_is_the_same_article() -> None:
    assert entry_key(replace(ENTRY, link="https://news.example/new-address")) == entry_key(ENTRY)


def test_another_guid_or_link_is_another_article() -> None:
    assert len({entry_key(e) for e in (ENTRY, replace(ENTRY, guid="urn:post:2"), LINKED)}) == 3
    assert entry_key(replace(LINKED, link="https://news.example/world/post-2")) != entry_key(LINKED)


def test_a_guid_that_is_the_link_and_no_guid_at_all_are_the_same() -> None:
    assert entry_key(replace(ENTRY, guid=ENTRY.link)) == entry_key(LINKED)


def test_without_guid_and_link_title_and_day_make_the_article() -> None:
    bare = replace(ENTRY, guid="", link="")
    assert entry_key(replace(bare, title="  post 1  CLOSES")) == entry_key(bare)
    assert entry_key(replace(bare, published_at=None)) == entry_key(bare)
    assert entry_key(replace(bare, title="Post 2 closes")) != entry_key(bare)
    assert entry_key(replace(bare, published_on=date(2026, 10, 22))) != entry_key(bare)
    untitled = replace(bare, title="")
    assert entry_key(untitled) != entry_key(replace(untitled, summary="another text"))


def test_one_entry_in_two_feeds_is_two_articles() -> None:
    assert article_id("posts", ENTRY) != article_id("others", ENTRY)
    assert article_id("posts", ENTRY) == "ar_" + article_id("posts", ENTRY)[3:]
    assert len(article_id("posts", ENTRY)) == 27


@pytest.mark.parametrize(
    "edit", [{"title": "Post 1 reopens"}, {"summary": "<p>Guards left the post.</p>"}, {"content": "More."}], ids=str
)
def test_edited_words_give_another_digest(edit: dict[str, str]) -> None:
    assert digest(replace(ENTRY, **edit)) != digest(ENTRY)


@pytest.mark.parametrize(
    "edit",
    [
        {"link": "https://news.example/world/post-1?utm_source=x"},
        {"summary": '<p class="a1b2">Guards shut\n the post.</p><img src="https://ads.example/?n=81723">'},
        {"published_at": None},
        {"title": "POST 1  closes"},
    ],
    ids=["tracking", "markup", "date", "letter case"],
)
def test_what_changes_without_any_news_gives_the_same_digest(edit: dict[str, object]) -> None:
    assert digest(replace(ENTRY, **edit)) == digest(ENTRY)


def test_hostile_texts_are_hashed_in_linear_time() -> None:
    assert digest(replace(ENTRY, summary="<" * 500_000))
    assert digest(replace(ENTRY, summary="<a " * 150_000))
    assert entry_key(replace(ENTRY, guid="https://x/" + "?&=" * 600))
    assert entry_key(replace(ENTRY, guid="\ud800\x00"))
