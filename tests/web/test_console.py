"""The console in a real browser: what people do with it, what must not happen to them, and whether all can use it."""

import json
import re
from datetime import UTC, datetime
from typing import Literal

import msgspec
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.support import stage
from tests.support.sink import Answer, Received, Sink
from tests.support.town import Item, Publisher
from tests.web.conftest import PASSWORD, sign_in
from worker.subscriptions.model import Filter
from worker.subscriptions.quiet import Quiet
from worker.wiring import House

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
PAGES = (
    *("/", "/alerts/al_border_closure-jo", "/subscribe", "/subscriptions", "/feeds", "/deliveries", "/health"),
    *("/explain", "/help", "/help/triggers"),
)


def echo(request: Received) -> Answer:
    return Answer(200, body=json.dumps(json.loads(request.body)["data"]).encode())


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


def test_somebody_subscribes_with_a_preview_and_a_verified_endpoint(page: Page, house: House) -> None:
    page.goto("/subscribe")
    expect(page.locator("#preview")).to_contain_text("Would have sent 14")
    page.get_by_label("Countries").fill("Jordan, Italy")
    expect(page.locator("#preview")).to_contain_text("Would have sent 2")
    page.get_by_label("curfew").check()
    expect(page.locator("#preview")).to_contain_text("Nothing of the last seven days")
    page.get_by_label("curfew").uncheck()
    page.get_by_label("Webhook address").fill("http://169.254.169.254/")
    page.get_by_role("button", name="Verify and subscribe").click()
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_label("Countries")).to_have_value("Jordan, Italy")
    with Sink(answer=echo) as sink:
        page.get_by_label("Webhook address").fill(f"{sink.url}/hook")
        page.get_by_role("button", name="Verify and subscribe").click()
        expect(page.locator("#secret")).to_contain_text("whsec_")
    secret = page.locator("#secret").text_content() or ""
    for language in ("Python", "Node", "Go"):
        expect(page.locator("summary", has_text=language)).to_be_visible()
    expect(page.locator("#code-python")).to_contain_text(secret)
    made = next(s for s in house.subscriptions.all() if s.url.startswith(sink.url))
    assert made.filter.countries == ("JO", "IT")
    page.goto(f"/subscriptions/{made.id}")
    assert secret not in page.content()


@pytest.mark.parametrize(
    ("name", "typed", "field", "said"),
    [
        ("near", "Nowhere at all", "near", "no place is known"),
        ("near", "95, 10", "near", "latitude is -90 to 90"),
        ("polygon", "1,2 3,4", "polygon", "needs 3 to 500 different points"),
        ("quiet_start", "22:00", "quiet", "give both"),
        ("min_independent_sources", "40", "min_independent_sources", "between 1 and 20"),
        ("rate", "5000", "rate", "not between"),
        ("countries", "Atlantis", "countries", "is no country"),
    ],
)
def test_what_cannot_be_is_said_at_its_field(page: Page, name: str, typed: str, field: str, said: str) -> None:
    page.goto("/subscribe")
    for fold in page.locator("summary").all():
        fold.click()
    box = page.locator(f"[name={name}]")
    box.fill(typed)
    expect(page.locator(f"#said-{field}")).to_contain_text(said, timeout=20_000)  # the gazetteer is loaded first
    expect(box).to_have_attribute("aria-invalid", "true")
    page.get_by_label("Webhook address").fill("https://example.org/hook")
    page.get_by_role("button", name="Verify and subscribe").click()
    expect(page.get_by_role("alert")).to_contain_text(said)
    expect(page.locator(f"#said-{field}")).to_be_visible()


def test_a_place_a_polygon_quiet_hours_and_terms_are_kept_as_they_were_asked_for(page: Page, house: House) -> None:
    page.goto("/subscribe")
    page.get_by_label("Near").fill("Catania, Italy")
    page.get_by_label("Within km").fill("80")
    expect(page.locator("#preview")).to_contain_text("Would have sent 1 in", timeout=20_000)
    expect(page.locator("#preview")).to_contain_text("within 80 km of 37.49")
    page.get_by_text("Inside a polygon").click()
    page.get_by_label("Polygon").fill("12,36 16,36 16,39 12,39")
    page.get_by_label("Independent sources").fill("1")
    page.get_by_text("Quiet hours with a digest").click()
    page.get_by_label("From", exact=True).fill("22:00")
    page.get_by_label("To", exact=True).fill("06:30")
    page.get_by_label("Time zone").fill("Europe/Rome")
    page.get_by_text("Pace and messages").click()
    page.get_by_label("Posts a second").fill("2")
    page.get_by_label("tell again and again").check()
    with Sink(answer=echo) as sink:
        page.get_by_label("Webhook address").fill(f"{sink.url}/hook")
        page.get_by_role("button", name="Verify and subscribe").click()
        expect(page.locator("#secret")).to_contain_text("whsec_")
    made = next(s for s in house.subscriptions.all() if s.url.startswith(sink.url))
    assert made.filter.near is not None
    assert (round(made.filter.near.lat, 1), made.filter.near.km) == (37.5, 80)
    assert made.filter.polygon == ((12, 36), (16, 36), (16, 39), (12, 39))
    assert made.filter.quiet == Quiet(start="22:00", end="06:30", zone="Europe/Rome", unless="extreme")
    assert (made.terms.rate, made.terms.heartbeat, made.terms.system) == (2.0, True, True)
    page.goto(f"/subscriptions/{made.id}")
    expect(page.locator("dl.facts")).to_contain_text("22:00 to 06:30 Europe/Rome, then one digest")


def test_a_subscription_is_changed_in_a_form_that_is_filled_with_what_it_has(page: Page, house: House) -> None:
    known, secret = house.subscriptions.new("https://hooks.example/T0/" + "s" * 30, Filter(countries=("JO",)), NOON)
    house.subscriptions.add(known.verified())
    page.goto(f"/subscriptions/{known.id}")
    page.get_by_role("link", name="Change").click()
    expect(page.get_by_label("Countries")).to_have_value("Jordan")
    expect(page.get_by_label("Webhook address")).to_have_value("https://hooks.example/T0/ssss…")
    expect(page.locator("#preview")).to_contain_text("Would have sent 1")
    page.get_by_label("Countries").fill("Jordan, Italy")
    expect(page.locator("#preview")).to_contain_text("Would have sent 2")
    page.get_by_role("button", name="Change").click()
    expect(page).to_have_url(re.compile(f"/subscriptions/{known.id}$"))
    changed = house.subscriptions.get(known.id)
    assert changed == msgspec.structs.replace(known.verified(), filter=Filter(countries=("JO", "IT")))
    page.get_by_role("link", name="Change").click()
    with Sink() as mute, Sink(answer=echo) as sink:
        page.get_by_label("Webhook address").fill(f"{mute.url}/hook")
        page.get_by_role("button", name="Change").click()
        expect(page.get_by_role("alert")).to_contain_text("without the challenge")
        assert house.subscriptions.get(known.id) == changed
        page.get_by_label("Webhook address").fill(f"{sink.url}/hook")
        page.get_by_role("button", name="Change").click()
        expect(page.locator("h1")).to_have_text(f"{sink.url}/hook")
    assert house.subscriptions.secret(house.subscriptions.get(known.id)) == secret
    page.get_by_role("link", name="Change").click()
    page.get_by_role("button", name="Disable").click()
    expect(page.locator(".badges")).to_contain_text("disabled")
    page.get_by_role("button", name="Enable").click()
    expect(page.locator(".badges")).to_contain_text("active")
    page.get_by_role("link", name="Change").click()
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Remove").click()
    expect(page).to_have_url(re.compile("/subscriptions$"))
    assert known.id not in {s.id for s in house.subscriptions.all()}


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
