"""From text to detections: offsets, roles, background, hostile text, and the seed article."""

import json
import time
from functools import cache

import pytest

from tests.support.paths import CONFIG, SHARED
from worker.articles.model import Document
from worker.triggers import catalogue
from worker.triggers.detect import Detector
from worker.triggers.judge import THRESHOLD
from worker.triggers.lint import lint
from worker.triggers.model import FAMILIES, Detection


@cache
def detector() -> Detector:
    return Detector(catalogue.load(CONFIG / "triggers"))


def detections(title: str, text: str = "", lang: str = "en") -> tuple[Detection, ...]:
    (found,) = detector().detect([Document(title=title, text=text, lang=lang)])
    return found


def test_every_trigger_has_a_file_with_examples_and_counter_examples() -> None:
    files = catalogue.load(CONFIG / "triggers").triggers
    assert {file.trigger for file in files} == set(FAMILIES)
    assert all(len(file.examples) >= 3 and len(file.counter_examples) >= 2 for file in files)


def test_every_rule_keeps_to_its_examples() -> None:
    assert lint(catalogue.load(CONFIG / "triggers")) == []


@pytest.mark.parametrize("dateline", ["CAIRO, May 15 (Reuters) - A", "CAIRO, 15 May (Reuters) - A", "In May a"])
def test_the_month_of_may_casts_no_doubt(dateline: str) -> None:
    rest = "tanker ran aground in the Suez Canal and blocked it in both directions, the canal authority said."
    candidates = detector().explain(Document(title="", text=f"{dateline} {rest}", lang="en")).candidates
    assert candidates
    assert all(c.phase == "active" and "before:modal" not in c.evidence for c in candidates)


def test_a_quote_stands_where_its_offsets_say() -> None:
    document = Document(title="Town sleeps", text="All was calm. Jordan closed its border on Monday.", lang="en")
    (found,) = detector().detect([document])
    (one,) = [d for d in found if d.trigger == "border_closure"]
    assert document.full[one.start : one.end] == one.quote
    assert one.sentence[0] <= one.start < one.end <= one.sentence[1]


def test_the_one_who_closes_is_the_agent() -> None:
    title = "Jordan closed its border with Syria"
    (one,) = [d for d in detections(title) if d.trigger == "border_closure"]
    (agent,) = [span for span in one.roles if span.role == "agent"]
    assert title[agent.start : agent.end].strip() == "Jordan"


def test_an_event_in_the_ninth_paragraph_counts() -> None:
    dull = "\n".join(f"The choir sang for the {n}th time and the hall was warm." for n in range(3, 11))
    found = detections("A week in the provinces", f"{dull}\nOn Monday the army closed its border with Chad.")
    assert "border_closure" in {d.trigger for d in found}


def test_a_threat_is_told_of_on_a_suspicion() -> None:
    (one,) = detections("Grid operator warns of potential rolling blackouts")
    assert (one.trigger, one.phase) == ("infrastructure_damage", "threatened")
    assert one.confidence < THRESHOLD


def test_a_repeat_of_one_event_is_told_once() -> None:
    text = "Jordan closed its border. Jordan closed its border. Jordan closed its border."
    found = [d for d in detections("Jordan closes its border", text) if d.trigger == "border_closure"]
    assert len(found) == 1


@pytest.mark.parametrize("lang", ["en", "es", "xx", "", "EN-us"])
def test_any_language_code_is_taken(lang: str) -> None:
    assert isinstance(detections("Nothing to see", "", lang), tuple)


@pytest.mark.parametrize(
    ("lang", "title"),
    [
        ("es", "Colombia cierra la frontera con Venezuela"),
        ("fr", "Le Niger ferme sa frontière avec le Bénin"),
        ("de", "Polen schließt die Grenze zu Belarus"),
        ("it", "La Turchia chiude il confine con l'Iran"),
        ("pt", "Colômbia fecha a fronteira com a Venezuela"),
        ("ru", "Финляндия закрыла границу с Россией"),
        ("uk", "Польща закрила кордон з Білоруссю"),
        ("ar", "الأردن يعلن إغلاق الحدود مع سوريا"),
        ("tr", "Irak ile sınır kapısı kapatıldı"),
        ("no", "Norge stenger grensen mot Russland"),
        ("nb", "Norge stenger grensen mot Russland"),
        ("sv", "Sverige stänger gränsen mot Norge"),
        ("da", "Danmark lukker grænsen til Tyskland"),
        ("nl", "Polen sluit de grens met Belarus"),
        ("pl", "Polska zamyka granicę z Białorusią"),
        ("cs", "Polsko uzavřelo hranici s Běloruskem"),
        ("ja", "ポーランド、ベラルーシとの国境を封鎖"),
        ("zh", "波兰宣布关闭与白俄罗斯的边境"),
        ("ko", "폴란드, 벨라루스와의 국경 폐쇄"),
        ("id", "Malaysia tutup perbatasan dengan Thailand"),
        ("ms", "Malaysia tutup sempadan dengan Thailand"),
    ],
)
def test_a_closed_border_is_found_in_each_language(lang: str, title: str) -> None:
    assert "border_closure" in {d.trigger for d in detections(title, "", lang)}


@pytest.mark.parametrize(
    "unit",
    ["if ", "“‘\"'", "attack bomb strike killed troops border close ", "a.b. ", "\n", "Troops seize a town in Mali. "],
    ids=["a word", "quotes", "one endless sentence", "dots", "line ends", "an event"],
)
def test_a_text_of_ten_times_the_length_costs_about_ten_times_as_much(unit: str) -> None:
    def cost(size: int) -> float:
        document = Document(title="", text=(unit * (size // len(unit) + 1))[:size], lang="en")
        start = time.process_time()
        detector().detect([document])
        return time.process_time() - start

    cost(1_000)
    small = max(min(cost(30_000) for _ in range(3)), 0.002)
    assert cost(300_000) < 40 * small


def test_the_seed_article_yields_what_it_reports_and_nothing_else() -> None:
    if not (SHARED / "seeds" / "homs.expected.json").exists():
        pytest.skip("the shared seeds are not here")
    expected = json.loads((SHARED / "seeds" / "homs.expected.json").read_text(encoding="utf-8"))
    _, title, text = (SHARED / "seeds" / expected["id"]).read_text(encoding="utf-8").split("\n", 2)
    document = Document(title=title, text=text, lang="en")
    (found,) = detector().detect([document])
    told = {(d.trigger, d.phase, d.veracity) for d in found}
    for event in expected["events"]:
        wanted = {(name, event["phase"], event["veracity"]) for name in (event["trigger"], event.get("or", ""))}
        assert wanted & told, event
    for calm in expected["no_event"]:
        at = document.full.index(calm["quote"])
        assert not [d for d in found if d.start < at + len(calm["quote"]) and d.end > at], calm
