"""``make screenshots``: the console's main pages, in light and dark and on a phone, in build/screenshots.

The picture of the README, docs/console.png, is taken anew too.
"""

import sys
import tempfile
from pathlib import Path

import redis
from playwright.sync_api import Page, sync_playwright

from tests.support import stage
from tests.support.paths import ROOT
from tests.support.town import house_over
from tests.web.conftest import CHROMIUM
from worker.embedded import EmbeddedRedis

PAGES = {
    "now": "/",
    "alert": "/alerts/al_border_closure-jo",
    "subscribe": "/subscribe",
    "feeds": "/feeds",
    "deliveries": "/deliveries",
    "health": "/health",
    "help": "/help/receiving",
}
VIEWS = {"light": ("light", 1360, 900), "dark": ("dark", 1360, 900), "phone": ("light", 390, 844)}
FOLDER = ROOT / "build" / "screenshots"
README = ROOT / "docs" / "console.png"


def take(page: Page, url: str, file: Path) -> None:
    """One picture, once the page has settled."""
    page.goto(url)
    page.wait_for_timeout(300)
    page.screenshot(path=file)
    print(file)


def main() -> None:
    if CHROMIUM is None:
        sys.exit("no chromium on PATH (Debian: apt-get install chromium)")
    for folder in (FOLDER, README.parent):
        folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, EmbeddedRedis(Path(folder)) as server:
        house = house_over(redis.Redis.from_url(server.url))
        stage.furnish(house)
        with stage.serving(house) as address, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
            for view, (scheme, width, height) in VIEWS.items():
                page = browser.new_page(color_scheme=scheme, viewport={"width": width, "height": height})  # type: ignore[arg-type]
                for name, path in PAGES.items():
                    take(page, address + path, FOLDER / f"{name}-{view}.png")
            page = browser.new_page(viewport={"width": 1300, "height": 720})
            take(page, address, README)
            browser.close()


if __name__ == "__main__":
    main()
