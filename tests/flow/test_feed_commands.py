"""Feeds on the command line: paused, moved between readers, and looked for on a site."""

import json
from pathlib import Path
from typing import Any

import pytest
import redis
from click.testing import CliRunner, Result

from tests.support.paths import CONFIG
from tests.support.publishers import HTML_PAGE, Page, Publisher, document, item, rss, status
from worker.cli.main import tocsin
from worker.embedded import EmbeddedRedis
from worker.feeds import catalogue


class Shell:
    """Runs commands as a person would, over a Redis of the test's own."""

    def __init__(self, url: str) -> None:
        self._environ = {
            "TOCSIN_REDIS_URL": url,
            "TOCSIN_CONFIG_DIR": str(CONFIG),
            "TOCSIN_ALLOW_NETWORKS": "127.0.0.0/8",
            "TOCSIN_HOST_SPACING_S": "0",
        }

    def __call__(self, *words: str, typed: str = "") -> Result:
        result = CliRunner(env=self._environ).invoke(tocsin, list(words), typed)
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    def listed(self, *words: str) -> list[dict[str, object]]:
        return [json.loads(line) for line in self("feeds", "list", "--json", *words).stdout.splitlines()]


@pytest.fixture
def shell(redis_client: redis.Redis, redis_server: EmbeddedRedis) -> Shell:
    return Shell(redis_server.url)


def test_a_paused_feed_is_polled_no_more_until_it_is_enabled(shell: Shell, redis_client: redis.Redis) -> None:
    shell("feeds", "add", "posts", "https://news.example/feed", "--language", "en")
    shell("feeds", "pause", "posts", "--reason", "it repeats itself")
    (feed,) = shell.listed("--health", "paused")
    assert (feed["reason"], feed["remedy"]) == ("it repeats itself", "tocsin feeds enable posts")
    assert redis_client.zcard("tocsin:due:feed") == 0
    shell("feeds", "enable", "posts")
    assert shell.listed("--health", "paused") == []
    assert redis_client.zcard("tocsin:due:feed") == 1


def test_headers_and_a_proxy_are_told_once_and_never_shown(
    shell: Shell, redis_client: redis.Redis, tmp_path: Path
) -> None:
    way = ("--header", "Authorization", "--header", "X-Client: hu5h", "--proxy", "http://me:hu5h@proxy.example:3128")
    words = ("feeds", "add", "posts", "https://news.example/feed", "--language", "en")
    said = shell(*words, *way, typed="Bearer hu5h\n").output
    (feed,) = shell.listed()
    definition: Any = feed["definition"]
    assert definition["headers"] == {"Authorization": "***", "X-Client": "***"}
    assert definition["proxy"] == "http://***@proxy.example:3128"
    told = (
        ("feeds", "list"),
        ("feeds", "list", "--json"),
        ("feeds", "show", "posts"),
        ("feeds", "export"),
        ("export",),
    )
    assert "hu5h" not in "".join([said, *(shell(*t).output for t in told)])
    file = tmp_path / "house.json"
    file.write_text(shell("export", "--secrets").stdout)
    assert "Bearer hu5h" in file.read_text()
    shell(*words)  # told anew without them, it has none
    assert redis_client.keys("tocsin:credentials:*") == []
    shell("feeds", "remove", "posts")
    assert "feed posts: added\n" in shell("import", str(file)).output
    assert redis_client.keys("tocsin:credentials:*") == [b"tocsin:credentials:posts"]
    file.write_text(shell("export").stdout)
    shell("feeds", "remove", "posts")
    assert redis_client.keys("tocsin:credentials:*") == []
    assert "without its secret headers and proxy" in shell("import", str(file)).output


def test_a_feed_that_is_told_anew_is_awake_and_follows_the_new_rules(shell: Shell) -> None:
    words = ("feeds", "add", "posts", "https://news.example/feed", "--language", "en")
    shell(*words)
    shell("feeds", "pause", "posts")
    shell(*words, "--interval", "60")
    (feed,) = shell.listed("--health", "new")
    assert feed["definition"]["interval_s"] == 60  # type: ignore[index]


def test_the_feeds_of_another_reader_are_read_too_and_only_once(shell: Shell, tmp_path: Path) -> None:
    file = tmp_path / "mine.opml"
    file.write_text('<opml><body><outline text="Posts" xmlUrl="https://news.example/feed"/></body></opml>')
    assert "added 1 feed" in shell("feeds", "import", str(file), "--language", "en").stdout
    assert "added 0 feeds" in shell("feeds", "import", str(file)).stdout
    (feed,) = shell.listed()
    assert feed["definition"]["language"] == "en"  # type: ignore[index]


def test_what_is_exported_can_be_imported(shell: Shell, tmp_path: Path) -> None:
    file = tmp_path / "all.opml"
    shell("feeds", "add", "floods", "https://floods.example/feed", "--language", "en", "--kind", "hazard")
    file.write_text(shell("feeds", "export").stdout)
    shell("feeds", "remove", "floods")
    count = len(catalogue.load(CONFIG / "feeds.yaml"))
    assert f"added {count + 1} feeds" in shell("feeds", "import", str(file)).stdout
    known: list[Any] = [f["definition"] for f in shell.listed()]
    assert [d["name"] for d in known if d["kind"] == "hazard" and "floods" in d["url"]] == ["floods"]


def test_the_feeds_of_a_site_are_found_from_any_of_its_pages(shell: Shell) -> None:
    feed = document(rss(item(1), item(2)))
    head = b'<html><head><link rel="alternate" type="application/rss+xml" href="/a.xml"></head><body>x</body></html>'
    with Publisher({"/": document(head, "text/html"), "/a.xml": feed}) as site:
        (row,) = [json.loads(line) for line in shell("feeds", "discover", site.url("/"), "--json").stdout.splitlines()]
        assert (row["url"], row["title"], row["entries"]) == (site.url("/a.xml"), "Posts", 2)
        (itself,) = shell("feeds", "discover", site.url("/a.xml"), "--json").stdout.splitlines()
        assert json.loads(itself)["why"] == "it is a feed itself"


def test_the_feeds_that_a_link_header_and_a_robots_txt_name_are_found(shell: Shell) -> None:
    news = (
        b'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
        b' xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"><url><loc>https://news.example/1</loc>'
        b"<news:news><news:title>Post 1 closes</news:title></news:news></url></urlset>"
    )
    header = {"Content-Type": "text/html", "Link": '</>; rel=self, </a.xml>; type="application/rss+xml"; rel=alternate'}
    pages: dict[str, Page] = {
        "/": lambda visit: visit.answer(200, HTML_PAGE, header),
        "/a.xml": document(rss(item(1))),
        "/news.xml": document(news, "application/xml"),
    }
    with Publisher(pages) as site:
        robots = f"User-agent: *\nAllow: /\nSitemap: {site.url('/all.xml')}\nSitemap: {site.url('/news.xml')}\n"
        pages["/robots.txt"] = document(robots.encode(), "text/plain")
        site.pages = pages
        rows = [json.loads(line) for line in shell("feeds", "discover", site.url("/"), "--json").stdout.splitlines()]
        asked = [a.path for a in site.asked]
    assert [(r["url"], r["why"]) for r in rows] == [
        (site.url("/a.xml"), "its Link header declares it"),
        (site.url("/news.xml"), "its robots.txt names it"),
    ]
    assert "/all.xml" not in asked


def test_a_site_without_a_feed_says_so(shell: Shell) -> None:
    with Publisher({"/": document(HTML_PAGE, "text/html"), "/feed": status(500)}) as site:
        result = shell("feeds", "discover", site.url("/"))
    assert result.exit_code == 1
    assert "No feed was found" in result.output
