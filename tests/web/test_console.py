"""The console in a real browser: what people do with it, what must not happen to them, and whether all can use it."""

import re
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.support import stage
from tests.support.sink import Answer, Received, Sink
from tests.support.town import Item, Publisher
from tests.web.conftest import PASSWORD, sign_in
from worker.wiring import House

PAGES = (
    *("/", "/alerts/al_border_closure-jo", "/subscribe", "/subscriptions", "/feeds", "/deliveries", "/health"),
    *("/explain", "/help", "/help/triggers"),
)


def test_a_stranger_is_refused_and_whoever_knows_the_password_comes_back_to_where_they_wanted(
    browser: Browser, address: str
) -> None:
    with browser.new_context(base_url=address) as context:
        page = context.new_page()
        page.goto("/feeds")
        expect(page).to_have_url(re.compile("/signin"))
        page.get_by_label("API key").fill("wrong")
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("alert")).to_contain_text("No key or password")
        page.goto("/feeds")
        page.get_by_label("API key").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        expect(page).to_have_url(f"{address}/feeds")
        (cookie,) = context.cookies()
        assert (cookie["httpOnly"], cookie["sameSite"]) == (True, "Lax")
        page.get_by_role("button", name="Sign out").click()
        page.goto("/feeds")
        expect(page).to_have_url(re.compile("/signin"))


def test_an_alert_arrives_on_list_and_map_without_a_reload(page: Page, house: House) -> None:
    expect(page.locator("#pulse")).to_have_attribute("data-state", "on")
    marks = page.locator(".map circle.mark").count()
    page.evaluate("window.stays = true")
    stage.keep(
        house,
        stage.rang(
            ("Tsunami warning for Honiara", "evacuation", "Honiara", "SB", -9.4, 160.0, "severe", 0), house.clock()
        ),
    )
    expect(page.get_by_role("link", name="Tsunami warning for Honiara")).to_be_visible()
    expect(page.locator(".map circle.mark")).to_have_count(marks + 1)
    expect(page.locator("#news")).to_contain_text("Tsunami warning")
    assert page.evaluate("window.stays") is True


def test_filters_change_list_map_and_address(page: Page) -> None:
    page.get_by_label("What").select_option("coup")
    expect(page.locator(".alerts li")).to_have_count(1)
    expect(page.locator(".map circle.mark")).to_have_count(1)
    expect(page).to_have_url(re.compile("trigger=coup"))


def test_an_alert_shows_its_evidence_in_context_who_was_told_and_every_payload(page: Page) -> None:
    page.get_by_role("link", name="Jordan closes its last crossing").click()
    quote = page.locator("blockquote mark").filter(has_text="Jordan closes its last crossing with Syria")
    expect(quote).to_be_visible()
    around = page.locator("blockquote").filter(has=page.locator("mark", has_text="Jordan closes its last crossing"))
    expect(around).to_contain_text("Aid groups said")
    expect(page.locator("blockquote[lang=ar]")).to_have_attribute("dir", "rtl")
    expect(page.get_by_text("border_closure/closed").first).to_be_visible()
    expect(page.get_by_role("cell", name="https://desk.example/hooks/tocsin")).to_be_visible()
    page.get_by_text("application/cap+xml").click()
    expect(page.get_by_text("urn:oasis:names:tc:emergency:cap:1.2")).to_be_visible()


def test_an_operator_takes_an_alert_back_and_says_why(page: Page, house: House) -> None:
    page.goto("/alerts/al_coup-ne")
    page.get_by_text("It is wrong").click()
    page.get_by_label("Why").fill("it was a film set")
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Withdraw").click()
    expect(page.locator("p.wrong")).to_contain_text("Withdrawn: it was a film set")
    assert house.ledger.due_now("alert") == 1


def test_a_feed_is_added_from_the_address_of_a_page(page: Page, house: House) -> None:
    publisher = Publisher([Item("one", "Local bakery wins prize")])

    def site(request: Received) -> Answer:
        if request.path == "/":
            link = '<link rel="alternate" type="application/rss+xml" href="/feed.xml" title="All news">'
            return Answer(200, {"content-type": "text/html"}, f"<html><head>{link}</head></html>".encode())
        return publisher.answer(request)

    with Sink(answer=site) as sink:
        publisher.base = sink.url
        page.goto("/feeds")
        page.get_by_label("Add by address").fill(f"{sink.url}/")
        page.get_by_role("button", name="Look").click()
        page.get_by_label("Name").fill("bakery")
        page.locator(".candidates").get_by_label("Language").fill("en")
        page.get_by_role("button", name="Add", exact=True).click()
        expect(page.locator("table")).to_contain_text("bakery")
    assert house.feeds.get("bakery").definition.url == f"{sink.url}/feed.xml"


def test_a_dead_letter_is_sent_again(page: Page, house: House) -> None:
    page.goto("/deliveries?state=dead")
    expect(page.locator("tbody tr")).to_have_count(1)
    page.get_by_role("button", name="Send again").click()
    expect(page.get_by_text("Nothing here.")).to_be_visible()
    assert house.ledger.due_now("delivery") == 1


def test_what_a_feed_says_is_text_and_nothing_else(page: Page, house: House) -> None:
    hostile = "<img src=x onerror=\"document.title='taken'\"><script>document.title='taken'</script>{{7*7}} ‮gnitnaw"
    stage.keep(house, stage.rang((hostile, "curfew", "<b>Town</b>", "FR", 48.0, 2.0, "minor", 0), house.clock()))
    for path in ("/", "/alerts/al_curfew-fr", "/subscribe"):
        page.goto(path)
        expect(page.get_by_text("<img src=x").first).to_be_attached()
        assert page.locator("img, main script, main b:text-is('Town')").count() == 0
        assert page.title() != "taken"


def test_a_page_from_elsewhere_cannot_act_for_who_is_signed_in(page: Page, address: str, house: House) -> None:
    for given in ({}, {"csrf": "guessed"}):
        answer = page.request.post(f"{address}/feeds/levant-wire/remove", form=given)
        assert answer.status == 403
    assert "levant-wire" in house.feeds.names()


def test_who_may_only_read_sees_no_levers(browser: Browser, address: str, house: House) -> None:
    from worker.api.keys import KeyStore

    _, key = KeyStore(house.ledger).add("reader", "read", house.clock())
    with browser.new_context(base_url=address) as context:
        page = context.new_page()
        sign_in(page, key)
        page.goto("/feeds")
        expect(page.locator("table")).to_be_visible()
        assert page.get_by_role("button", name="Pause").count() == 0
        page.goto("/subscribe")
        expect(page.get_by_role("heading")).to_contain_text("Forbidden")


@pytest.mark.parametrize("width", [1280, 390], ids=["desk", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_can_be_used_by_everybody_and_fits(
    page: Page, house: House, scheme: Literal["light", "dark"], width: int
) -> None:
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 844})
    owner, sent = house.subscriptions.all()[0], house.deliveries.recent(1)[0]
    own = (f"/subscriptions/{owner.id}", f"/subscriptions/{owner.id}/change", f"/deliveries/{sent.id}", "/alerts/none")
    faults = []
    for path in (*PAGES, *own):
        page.goto(path)
        page.evaluate("document.querySelectorAll('details').forEach(fold => fold.open = true)")
        found = Axe().run(page).response["violations"]
        faults += [f"{path}: {v['id']}: {v['nodes'][0]['html'][:200]}" for v in found]
        if page.evaluate("document.documentElement.scrollWidth") > width:
            faults.append(f"{path} is too wide")
    assert faults == []


def test_the_first_page_is_light(page: Page) -> None:
    sizes: list[int] = []
    page.on("response", lambda r: None if "/live" in r.url else sizes.append(len(r.body())))
    page.goto("/")
    page.wait_for_function("document.fonts.status === 'loaded'")
    expect(page.locator("#pulse")).to_have_attribute("data-state", "on")
    assert 0 < sum(sizes) < 200_000
    assert page.request.get("/").headers["content-type"] == "text/html; charset=utf-8"
