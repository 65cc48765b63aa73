"""The forms of warning services, news sitemaps, and the hours that a feed asks to skip."""

from datetime import UTC, datetime

import pytest

from tests.support.publishers import item, rss
from tests.support.warnings import CAP_ATOM, GDACS, QUAKES, cap
from worker.errors import FeedUnreadable
from worker.feeds.model import Notice
from worker.feeds.parse import parse

ELEVEN = datetime(2026, 3, 1, 11, tzinfo=UTC)


def form(body: bytes, number: int = 0) -> Notice | None:
    return parse(body).entries[number].notice


def test_a_cap_alert_is_a_feed_of_one_entry_in_english() -> None:
    (entry,) = parse(cap(expires="2026-03-01T20:00:00+02:00", instruction="Move to higher ground.")).entries
    assert (entry.guid, entry.title, entry.published_at) == (
        "urn:warning:1",
        "Flood Warning for the lower valley",
        ELEVEN,
    )
    assert entry.summary == "The river stands above its banks.\nMove to higher ground."
    assert entry.notice == Notice(
        category="Met",
        event="Flood Warning",
        areas=("Homs",),
        status="Actual",
        message="Alert",
        urgency="Immediate",
        severity="Severe",
        certainty="Likely",
        lat=34.73,
        lon=36.72,
        radius_km=25.0,
        expires=datetime(2026, 3, 1, 18, tzinfo=UTC),
    )


def test_cap_inside_atom_is_read_for_the_entries_that_have_it() -> None:
    notice = form(CAP_ATOM)
    assert notice is not None
    assert (notice.event, notice.severity, notice.certainty, notice.message) == (
        "Tornado Warning",
        "Extreme",
        "Observed",
        "Alert",
    )
    assert (notice.areas, notice.lat, notice.lon) == (("Adams; Boone",), 40.5, -99.5)
    assert notice.radius_km == pytest.approx(70, abs=5)
    assert form(CAP_ATOM, 1) is None


def test_georss_gives_a_point_and_nothing_else() -> None:
    assert form(QUAKES) == Notice(lat=34.70, lon=36.70)


def test_gdacs_gives_its_kind_level_country_and_point() -> None:
    assert form(GDACS) == Notice(
        category="Met", event="Tropical cyclone", areas=("Haiti",), severity="Extreme", lat=18.5, lon=-72.3
    )


@pytest.mark.parametrize(
    "area",
    ["<circle>nonsense</circle>", "<polygon>91,0 92,1</polygon>", "<polygon>1,2,3,x</polygon>", "<circle>1,2</circle>"],
)
def test_a_place_that_is_none_is_left_out(area: str) -> None:
    notice = form(cap(area=area))
    assert notice is not None
    assert (notice.lat, notice.areas) == (None, ())


def test_a_form_never_costs_an_entry() -> None:
    broken = CAP_ATOM.replace(b"</cap:polygon>", b"", 1)
    assert len(parse(broken).entries) >= 1


def test_an_ordinary_feed_has_no_forms() -> None:
    assert [e.notice for e in parse(rss(item(1), item(2))).entries] == [None, None]


SITEMAP = b"""<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
 xmlns:news="http://www.google.com/schemas/sitemap-news/0.9" xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
<url><loc>https://news.example/1</loc><lastmod>2026-03-01T12:00:00Z</lastmod><news:news><news:publication>
<news:name>Posts</news:name><news:language>en</news:language></news:publication>
<news:publication_date>2026-03-01T11:00:00Z</news:publication_date><news:title>Post 1 closes</news:title></news:news>
<image:image><image:title>not this</image:title></image:image></url>
<url><loc>https://news.example/about</loc></url></urlset>"""


def test_a_news_sitemap_is_a_feed() -> None:
    feed = parse(SITEMAP)
    (entry,) = feed.entries
    assert (feed.title, feed.language, entry.title, entry.link) == (
        "Posts",
        "en",
        "Post 1 closes",
        "https://news.example/1",
    )
    assert (entry.published_at, entry.updated_at) == (ELEVEN, datetime(2026, 3, 1, 12, tzinfo=UTC))


def test_an_index_of_sitemaps_says_what_to_use_instead() -> None:
    with pytest.raises(FeedUnreadable, match="news sitemap that it names"):
        parse(b"<sitemapindex><sitemap><loc>https://news.example/news.xml</loc></sitemap></sitemapindex>")


@pytest.mark.parametrize(
    ("head", "hours", "days"),
    [
        ("<skipHours><hour>0</hour><hour>1</hour><hour>24</hour></skipHours>", (0, 1), ()),
        ("<skipHours><hour> 23 </hour><hour>99</hour></skipHours>", (23,), ()),
        ("<skipDays><day>Saturday</day><day>sunday</day></skipDays>", (), (5, 6)),
        ("<skipDays><day>Caturday</day></skipDays><skipHours></skipHours>", (), ()),
    ],
)
def test_hours_and_days_to_skip_are_read(head: str, hours: tuple[int, ...], days: tuple[int, ...]) -> None:
    feed = parse(rss(item(1), head=head))
    assert (feed.skip_hours, feed.skip_days) == (hours, days)
