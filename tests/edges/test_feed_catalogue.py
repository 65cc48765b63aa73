"""feeds.yaml is read strictly, and an error names the feed and the key."""

from pathlib import Path

import pytest

from tests.support.paths import CONFIG
from worker.errors import CatalogueError
from worker.feeds.catalogue import load
from worker.triggers.model import FAMILIES

GOOD = "{name: posts, url: 'https://news.example/feed', language: en, group: example}"


def loaded(folder: Path, text: str) -> tuple[object, ...]:
    path = folder / "feeds.yaml"
    path.write_text(text)
    return load(path)


def test_a_feed_is_read_with_its_defaults(tmp_path: Path) -> None:
    (feed,) = load_one(tmp_path, f"feeds: [{GOOD}]")
    assert (feed.name, feed.full_text, feed.kind, feed.status) == ("posts", "auto", "news", "unverified")


def load_one(folder: Path, text: str):  # type: ignore[no-untyped-def]
    return loaded(folder, text)


BAD = {
    "not yaml": ("feeds: [", "is not YAML"),
    "a tag that runs code": ("feeds: !!python/object/apply:os.system [true]", "is not YAML"),
    "no list": ("feeds: 1", "one key, `feeds`"),
    "another key": ("feeds: []\nfeed: []", "one key, `feeds`"),
    "nothing": ("", "one key, `feeds`"),
    "an unknown key": (f"feeds: [{GOOD[:-1]}, colour: red}}]", "feed 'posts'.*colour"),
    "a missing key": ("feeds: [{name: posts, url: 'https://x.example/'}]", "feed 'posts'.*language"),
    "a wrong type": (f"feeds: [{GOOD[:-1]}, interval_s: often}}]", "feed 'posts': interval_s"),
    "a wrong word": (f"feeds: [{GOOD[:-1]}, full_text: all}}]", "feed 'posts': full_text"),
    "too often": (f"feeds: [{GOOD[:-1]}, interval_s: 1}}]", "feed 'posts': interval_s: is 1, must be 30 s or more"),
    "a bad name": (f"feeds: [{GOOD.replace('posts', 'my posts')}]", "feed 'my posts': name"),
    "no web address": (f"feeds: [{GOOD.replace('https', 'ftp')}]", "feed 'posts': url"),
    "a password": (f"feeds: [{GOOD.replace('//', '//a:b@')}]", "feed 'posts': url"),
    "a bad language": (f"feeds: [{GOOD.replace('en,', 'English,')}]", "feed 'posts': language"),
    "a bad country": (f"feeds: [{GOOD[:-1]}, country: UKR}}]", "feed 'posts': country"),
    "a bare time": (f"feeds: [{GOOD[:-1]}, recorded_at: '2026-10-21T10:00:00'}}]", "feed 'posts': recorded_at"),
    "no mapping": ("feeds: [posts]", "feed number 1"),
    "no name": ("feeds: [{url: 'https://x.example/'}]", "feed number 1.*name"),
    "a name twice": (f"feeds: [{GOOD}, {GOOD.replace('feed', 'other')}]", "name 'posts' is taken by feed 'posts'"),
    "a url twice": (f"feeds: [{GOOD}, {GOOD.replace('posts', 'others')}]", "feed 'others': url .* by feed 'posts'"),
}


@pytest.mark.parametrize(("text", "message"), BAD.values(), ids=BAD)
def test_a_bad_catalogue_is_refused_by_file_feed_and_key(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(CatalogueError, match=message) as caught:
        loaded(tmp_path, text)
    assert "feeds.yaml" in str(caught.value)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match=r"none\.yaml"):
        load(tmp_path / "none.yaml")


def test_the_catalogue_that_we_ship_loads_and_says_where_each_address_was_seen() -> None:
    feeds = load(CONFIG / "feeds.yaml")
    assert len(feeds) >= 40
    assert all(f.seen_in and f.status == "unverified" for f in feeds)
    assert len({f.language.partition("-")[0] for f in feeds}) >= 6
    assert {f.kind for f in feeds} == {"news", "agency", "broadcaster", "advisory", "hazard"}


def test_the_catalogue_that_we_ship_covers_the_world() -> None:
    feeds = load(CONFIG / "feeds.yaml")
    assert len(feeds) >= 120
    assert len({f.language for f in feeds}) >= 10
    assert {f.kind for f in feeds} == {"news", "agency", "broadcaster", "advisory", "hazard"}
    homes = {f.country for f in feeds}
    for region in (
        {"NG", "ZA"},
        {"UA", "PL", "RU"},
        {"DE", "FR", "ES"},
        {"IR", "TR", "AE"},
        {"IN", "PK", "BD"},
        {"JP", "KR", "CN"},
        {"PH", "ID"},
        {"AU"},
        {"US", "CA"},
        {"MX", "EC", "BR"},
    ):
        assert region <= homes
    assert all(f.group and f.note and f.seen_in for f in feeds)
    assert {f.subject for f in feeds} - {""} <= set(FAMILIES)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("headers: {Host: other.example}", "headers"),
        ("headers: {User-Agent: somebody}", "headers"),
        ('headers: {X-Key: "two\\nlines"}', "headers"),
        ("proxy: socks5://proxy.example", "proxy"),
        ("proxy: socks5://me:hush@proxy.example", "proxy: is 'socks5://\\*\\*\\*@proxy.example'"),
        ('headers: {X-Key: "hush\\n"}', r"headers: is {'X-Key': '\*\*\*'}"),
        ('headers: {X-Key: ""}', "headers"),
        ('headers: {X-Key: "***"}', "headers"),
        ("proxy: 'http://***@proxy.example'", "proxy"),
    ],
)
def test_headers_and_proxies_that_would_do_harm_are_refused(tmp_path: Path, line: str, message: str) -> None:
    file = tmp_path / "feeds.yaml"
    file.write_text(f"feeds:\n  - {{name: a, url: 'https://a.example/', language: en, group: a, {line}}}\n")
    with pytest.raises(CatalogueError, match=message) as caught:
        load(file)
    assert "hush" not in str(caught.value)


def test_a_feed_may_have_headers_and_a_proxy_of_its_own(tmp_path: Path) -> None:
    file = tmp_path / "feeds.yaml"
    file.write_text(
        "feeds:\n  - {name: a, url: 'https://a.example/', language: en, group: a, headers: {X-Key: abc},"
        " proxy: 'http://me:pass@proxy.example:3128'}\n"
    )
    (feed,) = load(file)
    assert (feed.headers, feed.proxy) == ({"X-Key": "abc"}, "http://me:pass@proxy.example:3128")
