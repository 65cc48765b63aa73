"""A real browser, where there is one: Debian's chromium, driven by playwright."""

import shutil
from collections.abc import Iterator

import pytest
import redis
from playwright.sync_api import Browser, Page, sync_playwright

from tests.support import stage
from tests.support.town import house_over
from worker.wiring import House

PASSWORD = "a long password of the operator"  # noqa: S105 - of the test's own house
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("no chromium on PATH (Debian: apt-get install chromium)")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture
def house(redis_client: redis.Redis) -> House:
    return house_over(redis_client, console_password=PASSWORD)


@pytest.fixture
def address(house: House) -> Iterator[str]:
    stage.furnish(house)
    with stage.serving(house) as served:
        yield served


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """A signed-in page on which every mistake of a script, and every request to another host, is an error."""
    context = browser.new_context(base_url=address, viewport={"width": 1280, "height": 900})
    context.set_default_timeout(30_000)
    opened = context.new_page()
    mistakes: list[str] = []
    opened.on("pageerror", lambda error: mistakes.append(str(error)))
    opened.on("console", lambda said: mistakes.append(said.text) if "Content Security" in said.text else None)
    opened.on("request", lambda r: None if r.url.startswith((address, "data:")) else mistakes.append(r.url))
    sign_in(opened, PASSWORD)
    yield opened
    context.close()
    assert mistakes == []


def sign_in(page: Page, secret: str) -> None:
    page.goto("/signin")
    page.get_by_label("API key or operator password").fill(secret)
    page.get_by_role("button", name="Sign in").click()
