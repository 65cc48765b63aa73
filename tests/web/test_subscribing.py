"""The form of a subscription in a real browser: made with a preview, refused at the field, changed later."""

import json
import re
from datetime import UTC, datetime

import msgspec
import pytest
from playwright.sync_api import Page, expect

from tests.support.sink import Answer, Received, Sink
from worker.subscriptions.model import Filter
from worker.subscriptions.quiet import Quiet
from worker.wiring import House

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def echo(request: Received) -> Answer:
    return Answer(200, body=json.dumps(json.loads(request.body)["data"]).encode())


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


def test_who_asks_for_a_key_pair_is_shown_the_public_key_and_no_code_that_wants_a_secret(page: Page) -> None:
    page.goto("/subscribe")
    page.get_by_text("Pace and messages").click()
    page.get_by_label("Signature").select_option("v1a")
    with Sink(answer=echo) as sink:
        page.get_by_label("Webhook address").fill(f"{sink.url}/hook")
        page.get_by_role("button", name="Verify and subscribe").click()
        expect(page.locator("#secret")).to_contain_text("whpk_")
    expect(page.locator("#verify")).to_have_count(0)


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
