"""The demo as a newcomer runs it: real processes, real HTTP, real signatures."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.paths import ROOT

pytestmark = pytest.mark.system

FEED = """<?xml version="1.0"?><rss version="2.0"><channel><title>Wire</title><link>http://seeds.invalid/wire/</link>
<item><title>Poland closes all border crossings with Belarus</title><link>http://seeds.invalid/wire/a</link>
<guid>a</guid><pubDate>Tue, 03 Mar 2026 05:05:00 GMT</pubDate>
<description>Poland closed its border with Belarus at midnight, the interior ministry said.</description></item>
</channel></rss>"""
FEEDS = """feeds:
  - {name: wire, url: "http://seeds.invalid/feeds/wire.xml", language: en, group: wire, full_text: feed,
     recorded_at: 2026-03-03T07:00:00Z}
"""
EXPECTED = """alerts:
  - {trigger: border_closure, country: COUNTRY, place: Poland, phase: active, veracity: reported, feed: wire,
     item: Poland closes all border crossings with Belarus, quote: Poland closes all border crossings with Belarus}
"""


def demo(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "worker.cli.main", "demo", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=100, cwd=ROOT, check=False)


@pytest.fixture
def one_feed(tmp_path: Path) -> Path:
    (tmp_path / "feeds").mkdir()
    (tmp_path / "feeds" / "wire.xml").write_text(FEED)
    (tmp_path / "feeds.yaml").write_text(FEEDS)
    (tmp_path / "expected.yaml").write_text(EXPECTED.replace("COUNTRY", "PL"))
    return tmp_path


def test_the_demo_shows_exactly_the_alerts_that_were_expected_from_reading() -> None:
    done = demo()
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
    assert "Exactly as expected." in done.stdout
    assert "0 refused" in done.stdout


def test_the_demo_says_what_is_missing_and_what_is_too_much_and_fails(one_feed: Path) -> None:
    (one_feed / "expected.yaml").write_text(EXPECTED.replace("COUNTRY", "LT"))
    done = demo("--seeds", str(one_feed))
    assert done.returncode == 1
    assert "missing: border_closure LT" in done.stdout
    assert "too much: border_closure PL" in done.stdout
    assert "NOT as expected." in done.stdout


def test_the_demo_runs_on_the_feeds_of_another_folder(one_feed: Path) -> None:
    done = demo("--seeds", str(one_feed))
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    assert "1 of 1 expected alerts came" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param(("--seeds", "none"), "none/expected.yaml", id="no such folder"),
        pytest.param(("--redis", "redis://localhost:1"), "--redis and --api go together", id="half a stage"),
    ],
)
def test_a_demo_that_cannot_start_says_why(arguments: tuple[str, ...], said: str) -> None:
    done = demo(*arguments)
    assert done.returncode != 0
    assert said in done.stderr
    assert "Traceback" not in done.stderr
