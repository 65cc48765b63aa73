"""From bytes to entries, through whichever parser reads them."""

import gzip
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from tests.support.publishers import ENTITY_BOMB, HTML_PAGE, item, rss
from worker.errors import FeedUnreadable
from worker.feeds.model import Entry
from worker.feeds.parse import MAX_ENTRIES, parse

TEN = datetime(2026, 10, 21, 10, tzinfo=UTC)
ATOM = b"""<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom" xml:lang="fr"><title>Postes</title>
<link href="https://news.example/"/><entry><id>tag:news.example,2026:1</id><title>Poste 1</title>
<link rel="alternate" href="https://news.example/1"/><updated>2026-10-21T12:00:00+02:00</updated>
<summary>Le poste est clos.</summary><content type="html">&lt;p&gt;Le poste 1 est clos.&lt;/p&gt;</content>
<author><name>A. Nom</name></author></entry></feed>"""
RDF = b"""<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel rdf:about="https://news.example/"><title>Posten</title><dc:language>de</dc:language></channel>
<item rdf:about="https://news.example/1"><title>Posten 1</title><link>https://news.example/1</link>
<dc:date>2026-10-21T10:00:00Z</dc:date></item></rdf:RDF>"""
JSON = b"""{"version": "https://jsonfeed.org/version/1.1", "title": "Posts", "language": "en", "items": [
{"id": "1", "url": "https://news.example/1", "title": "Post 1", "content_html": "<p>Closed.</p>",
"date_published": "2026-10-21T10:00:00Z"}]}"""


def one(body: bytes, content_type: str = "") -> Entry:
    (entry,) = parse(body, content_type).entries
    return entry


@pytest.mark.parametrize(
    ("body", "title", "language"),
    [(rss(item(1)), "Post 1 closes", ""), (ATOM, "Poste 1", "fr"), (RDF, "Posten 1", "de"), (JSON, "Post 1", "en")],
    ids=["rss", "atom", "rdf", "json"],
)
def test_each_format_gives_title_link_time_and_language(body: bytes, title: str, language: str) -> None:
    entry = one(body)
    assert (entry.title, entry.link) == (title, "https://news.example/1")
    assert (entry.published_at or entry.updated_at) == TEN
    assert entry.published_on == date(2026, 10, 21)
    assert parse(body).language == language


def test_an_atom_entry_keeps_its_id_author_summary_and_content_with_markup() -> None:
    entry = one(ATOM)
    assert (entry.guid, entry.author) == ("tag:news.example,2026:1", "A. Nom")
    assert (entry.summary, entry.content) == ("Le poste est clos.", "<p>Le poste 1 est clos.</p>")


def test_both_parsers_tell_the_same_of_the_same_entry() -> None:
    fast, thorough = parse(rss(item(1), item(2))), parse(rss(item(1), item(2), item(3, date="21 Oct 2026")))
    assert fast.entries == thorough.entries[:2]


@pytest.mark.parametrize("guid", [True, False], ids=["guid", "no guid"])
def test_a_feed_without_dates_or_guids_is_read(guid: bool) -> None:
    entry = one(rss(item(1, date="", guid=guid)))
    assert (entry.published_at, entry.published_on, entry.link) == (None, None, "https://news.example/1")
    assert bool(entry.guid) == guid


def test_an_entry_with_neither_link_nor_guid_is_read() -> None:
    assert one(rss("<item><title>Post closes</title></item>")).title == "Post closes"


def test_one_doubtful_date_takes_no_other_date_with_it() -> None:
    feed = parse(
        rss(item(1), item(2, date="Wed, 21 Oct 2026 10:00:00 IST"), item(3, date="21 октября 2026 10:00 +0000"))
    )
    assert [e.published_at for e in feed.entries] == [TEN, None, TEN]


@pytest.mark.parametrize(
    "written",
    ["Wed, 21 Oct 2026 10:00:00", "10/11/2026 10:00 +0000", "Sun, 29 Feb 2026 10:00:00 GMT", "1970-01-01T00:00:00Z"],
)
def test_a_date_that_parsers_would_guess_at_is_unknown(written: str) -> None:
    assert one(rss(item(1, date=written))).published_at is None


def test_dates_of_json_feeds_are_doubted_too() -> None:
    assert one(JSON.replace(b"10:00:00Z", b"10:00:00")).published_at is None


@pytest.mark.parametrize(
    ("head", "seconds"),
    [
        ("<ttl>15</ttl>", 900),
        ("<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>", 900),
        ("<sy:updatePeriod> daily </sy:updatePeriod>", 86_400),
        ("<ttl>1</ttl><sy:updatePeriod>hourly</sy:updatePeriod>", 60),
        ("<ttl>soon</ttl>", None),
    ],
)
def test_what_a_feed_asks_for_is_read_from_its_head(head: str, seconds: int | None) -> None:
    assert parse(rss(item(1), head=head)).ttl_s == seconds


@pytest.mark.parametrize("body", [b'{"error": "too many requests"}', b'{"items": 3}', b"{}"])
def test_a_json_answer_that_is_no_json_feed_is_no_empty_feed(body: bytes) -> None:
    with pytest.raises(FeedUnreadable, match="not a feed"):
        parse(body)


def test_an_empty_json_feed_is_a_feed() -> None:
    assert parse(b'{"version": "https:\\/\\/jsonfeed.org\\/version\\/1", "title": "Posts", "items": []}').entries == ()


def test_a_json_feeds_numbers_are_ids() -> None:
    assert one(b'{"version": "https://jsonfeed.org/version/1", "items": [{"id": 17, "title": "Post"}]}').guid == "17"


def test_a_document_that_is_gzip_itself_is_read() -> None:
    assert one(gzip.compress(rss(item(1)))).title == "Post 1 closes"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (gzip.compress(b"<rss>" + b" " * 20_000_000), "unpacks to more than"),
        (gzip.compress(rss(item(1)))[:-9], "ends early"),
        (b"\x1f\x8bno gzip", "cannot be unpacked"),
    ],
    ids=["bomb", "cut", "none"],
)
def test_a_document_that_cannot_be_unpacked_is_named(body: bytes, reason: str) -> None:
    with pytest.raises(FeedUnreadable, match=reason):
        parse(body)


def test_an_entity_that_a_doctype_elsewhere_defines_is_read() -> None:
    doctype = b'<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://news.example/rss-0.91.dtd">'
    feed = b'<rss version="0.91"><channel><item><title>Caf&eacute; ferm&eacute;</title></item></channel></rss>'
    assert one(b'<?xml version="1.0"?>' + doctype + feed).title == "Caf\u00e9 ferm\u00e9"


def test_an_empty_feed_is_a_feed() -> None:
    assert parse(rss()).entries == ()


UNREADABLE = {
    "nothing": (b"", "empty"),
    "blanks": (b" \n ", "empty"),
    "NUL bytes": (b"\0" * 100, "empty"),
    "text": (b"try later", "not a feed"),
    "HTML": (HTML_PAGE, 'titled "Please enable cookies"'),
    "HTML with a feed's words": (HTML_PAGE + b"<item>", "HTML page"),
    "sitemap": (b"<urlset><url><loc>https://a.example/</loc></url></urlset>", "not a feed"),
    "the name of a file": (b"/etc/hostname", "not a feed"),
    "an address": (b"http://127.0.0.1:1/", "not a feed"),
    "entity bomb": (ENTITY_BOMB, "entity bomb"),
    "entity from a file": (b'<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss>&x;</rss>', "entity bomb"),
    "one huge entity": (b'<!DOCTYPE r [<!ENTITY x "' + b"y" * 9999 + b'">]><rss>&x;</rss>', "entity bomb"),
    "parameter entity": (b'<!DOCTYPE r [<!ENTITY % x "y">]><rss/>', "entity bomb"),
    "bomb in UTF-16": (ENTITY_BOMB.decode().encode("utf-16"), "entity bomb"),
}


@pytest.mark.parametrize(("body", "reason"), UNREADABLE.values(), ids=UNREADABLE)
def test_what_is_no_feed_is_named(body: bytes, reason: str) -> None:
    with pytest.raises(FeedUnreadable, match=reason):
        parse(body)


def test_entities_that_only_name_a_character_are_read() -> None:
    body = (
        b'<!DOCTYPE rss [<!ENTITY eacute "&#233;">]>'
        + rss("<item><title>Caf&eacute;</title></item>").partition(b"?>")[2]
    )
    assert one(body).title == "Café"


CYRILLIC = rss("<item><title>Кордон закрито</title><link>https://news.example/1</link></item>").decode()
CHARSETS = {
    "utf-8": (CYRILLIC.encode(), ""),
    "utf-8 with mark": (CYRILLIC.encode("utf-8-sig"), ""),
    "utf-8 that says windows-1251": (CYRILLIC.replace("utf-8", "windows-1251").encode(), ""),
    "utf-8 that says nothing": (CYRILLIC.partition("?>")[2].encode(), ""),
    "windows-1251": (CYRILLIC.replace("utf-8", "windows-1251").encode("cp1251"), ""),
    "windows-1251 by its header": (
        CYRILLIC.partition("?>")[2].encode("cp1251"),
        'text/xml; charset="windows-1251"',
    ),
    "koi8-r": (CYRILLIC.replace("utf-8", "koi8-u").encode("koi8-u"), ""),
    "utf-16": (CYRILLIC.replace("utf-8", "utf-16").encode("utf-16"), ""),
    "utf-16 without mark": (CYRILLIC.replace("utf-8", "utf-16").encode("utf-16-le"), ""),
    "utf-16 big-endian that says utf-8": (CYRILLIC.encode("utf-16-be"), ""),
    "a charset that does not exist": (CYRILLIC.replace("utf-8", "utf-9").encode(), "text/xml; charset=klingon"),
    "a charset that is no charset": (CYRILLIC.replace("utf-8", "zlib").encode(), "text/xml; charset=hex"),
    "with NUL bytes": (CYRILLIC.replace("закрито", "за\0крито").encode(), ""),
    "with control characters": (CYRILLIC.replace("закрито", "за\x01\x0bкрито").encode(), ""),
}


@pytest.mark.parametrize(("body", "content_type"), CHARSETS.values(), ids=CHARSETS)
def test_the_text_is_right_whatever_the_bytes_say_of_themselves(body: bytes, content_type: str) -> None:
    assert one(body, content_type).title == "Кордон закрито"


def test_one_broken_byte_costs_one_character() -> None:
    long = rss(*(f"<item><title>Кордон {n} закрито</title></item>" for n in range(30)))
    feed = parse(long.replace("закрито".encode(), b"\xff" + "закрито".encode(), 1))
    assert [e.title for e in feed.entries[1:]] == [f"Кордон {n} закрито" for n in range(1, 30)]
    assert "закрито" in feed.entries[0].title


@pytest.mark.parametrize("charset", ["gb2312", "shift_jis", "euc-jp", "euc-kr", "big5", "iso-2022-jp"])
def test_asian_charsets_are_read(charset: str) -> None:
    title = "서울 국경" if charset == "euc-kr" else "東京国境" if "j" in charset else "北京中山"
    body = rss(f"<item><title>{title}</title></item>").decode().replace("utf-8", charset).encode(charset)
    assert one(body).title == title


def test_a_feed_that_breaks_off_gives_what_came() -> None:
    body = rss(*(item(n) for n in range(20)))
    assert len(parse(body[: len(body) // 2]).entries) >= 9


@pytest.mark.parametrize(
    "junk", [b"\n\n", b"<!-- cached -->\n", b"Warning: something in line 3\n", b"\xef\xbb\xbf\xef\xbb\xbf"]
)
def test_junk_before_the_feed_is_passed_over(junk: bytes) -> None:
    assert one(junk + rss(item(1))).title == "Post 1 closes"


def test_of_a_million_entries_ten_thousand_are_read() -> None:
    body = rss("<item><title>x</title></item>" * 300_000)
    assert len(parse(body).entries) == MAX_ENTRIES


def test_a_guid_given_to_several_entries_tells_them_apart_no_more() -> None:
    same = "<item><guid>1</guid><title>{0}</title><link>https://news.example/{0}</link></item>"
    keys = [e.guid for e in parse(rss(same.format("a"), same.format("b"), item(3))).entries]
    assert keys == ["1 https://news.example/a", "1 https://news.example/b", "urn:post:3"]


def test_entries_that_all_link_to_the_same_page_are_told_apart_by_title() -> None:
    same = "<item><title>{0}</title><link>https://news.example/</link></item>"
    assert len({e.guid for e in parse(rss(same.format("a"), same.format("b"))).entries}) == 2


def test_a_very_long_field_is_cut() -> None:
    entry = one(rss(f"<item><title>{'t' * 9_000}</title><description>{'x' * 900_000}</description></item>"))
    assert (len(entry.title), len(entry.summary)) == (2_000, 500_000)


def test_a_document_that_is_not_well_formed_keeps_its_texts() -> None:
    text = "Кордон закрито & більше <b>нічого</b>&nbsp;не відомо"
    feed = parse(rss(f"<item><title>{text}</title><link>https://news.example/1</link></item>", item(2)))
    assert feed.entries[0].title.startswith("Кордон закрито & більше")
    assert len(feed.entries) == 2


@pytest.mark.parametrize("codec", ["latin-1", "cp1252"])
def test_utf_8_that_was_taken_for_another_charset_is_put_right(codec: str) -> None:
    mangled = "Évacuation à Nîmes : « fermé »".encode().decode(codec, "ignore" if codec == "latin-1" else "strict")
    assert one(rss(f"<item><title>{mangled}</title></item>")).title == "Évacuation à Nîmes : « fermé »"


@pytest.mark.parametrize(
    "title", ["Évacuation à Nîmes", "Zürich: Straße gesperrt", "São Paulo", "Ã la carte", "€ 5 – «ок»"]
)
def test_a_text_that_is_right_stays(title: str) -> None:
    assert one(rss(f"<item><title>{title}</title></item>")).title == title


def test_the_first_of_several_links_is_the_entrys() -> None:
    related = (
        "<item><title>x</title><link>https://news.example/1</link><pubDate>21 Oct 2026</pubDate>"
        '<atom:link xmlns:atom="http://www.w3.org/2005/Atom" rel="alternate" href="https://news.example/related"/></item>'
    )
    assert one(rss(related)).link == "https://news.example/1"


def test_a_link_that_was_escaped_twice_is_put_right() -> None:
    assert one(rss("<item><title>x</title><link><![CDATA[https://news.example/?a=1&amp;b=2]]></link></item>")).link == (
        "https://news.example/?a=1&b=2"
    )


def test_real_feeds_give_the_same_entries_through_either_parser(shared: Path) -> None:
    compared = 0
    for path in sorted((shared / "feeds").glob("*.xml")):
        body = path.read_bytes()
        # A doubtful date at the end sends the whole document to the thorough parser.
        doubtful = body.replace(b"</channel>", item(1, date="21 Oct 2026").encode() + b"</channel>")
        if b"<rss" not in body[:1000]:
            continue
        first, second = parse(body).entries, parse(doubtful).entries
        for one_way, other_way in zip(first, second, strict=False):
            named = [(e.guid, e.link, e.title, e.published_at) for e in (one_way, other_way)]
            assert named[0] == named[1], path.name
            compared += 1
    assert compared > 2_500
