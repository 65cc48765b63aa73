"""The scorer's seam: what is read of an article, how its answer counts, what it finds alone."""

from collections.abc import Sequence
from functools import cache

import msgspec
import pytest

from tests.support.paths import CONFIG
from worker.articles.model import Document
from worker.triggers import catalogue
from worker.triggers.detect import Detector
from worker.triggers.lexicon import Lexicon
from worker.triggers.model import FAMILIES
from worker.triggers.scoring import LEAD, MOST
from worker.triggers.semantic import load_scout

ORDER = list(FAMILIES)


@cache
def lexicon() -> Lexicon:
    return catalogue.load(CONFIG / "triggers")


class Told:
    """A scorer that gives one chance for one trigger to every text, and remembers what it was asked."""

    def __init__(self, trigger: str, chance: float) -> None:
        self.row = [chance if name == trigger else 0.001 for name in ORDER]
        self.asked: list[Sequence[str]] = []

    def score(self, sentences: Sequence[str], langs: Sequence[str]) -> Sequence[Sequence[float]]:
        self.asked.append(sentences)
        return [self.row for _ in sentences]


def test_many_documents_are_scored_in_one_call() -> None:
    scorer = Told("curfew", 0.5)
    Detector(lexicon(), scorer).detect([Document(title=f"Item {n}", text="Nothing.", lang="en") for n in range(5)])
    assert [len(asked) for asked in scorer.asked] == [5]


def test_of_a_long_article_at_most_three_texts_are_read() -> None:
    scorer = Told("air_strike", 0.5)
    text = " ".join(f"Missiles hit the port of town {n} and killed {n} people." for n in range(60))
    Detector(lexicon(), scorer).detect([Document(title="War", text=text, lang="en")])
    asked = [one for call in scorer.asked for one in call]
    assert len(asked) == MOST
    assert all(len(one) <= LEAD for one in asked)


@pytest.mark.parametrize(
    ("sentence", "read"),
    [
        pytest.param("An air strike hit Tashir on Monday, killing nine people.", True, id="may be an event"),
        pytest.param("A court heard how the 1994 bombing was planned.", False, id="is none whatever the scorer says"),
    ],
)
def test_of_a_quiet_article_only_sentences_that_may_tell_of_an_event_are_read(sentence: str, read: bool) -> None:
    scorer = Told("coup", 0.001)
    text = "The harvest was good. " * 20 + sentence
    explained = Detector(lexicon(), scorer).explain(Document(title="Fine weather on the farm", text=text, lang="en"))
    assert explained.candidates
    assert (sentence in [one for call in scorer.asked for one in call]) is read


def test_a_sentence_far_down_that_no_rule_matches_is_read_where_its_words_point_at_an_event() -> None:
    scorer, far = (
        Told("evacuation", 0.001),
        "Families from the lower quarter were moved to church halls before the flood.",
    )
    document = Document(title="Fine weather on the farm", text="The harvest was good. " * 40 + far, lang="en")
    Detector(lexicon(), scorer, load_scout()).detect([document])
    (_, further) = scorer.asked
    assert further == [far]


@pytest.mark.parametrize(("chance", "order"), [(0.99, 1), (0.001, -1)], ids=["it agrees", "it does not"])
def test_the_scorer_raises_or_lowers_what_rules_found(chance: float, order: int) -> None:
    document = Document(title="Residents sealed off from the valley", text="", lang="en")
    document = msgspec.structs.replace(document, title="Jordan closes its border with Syria")
    (alone,) = Detector(lexicon()).detect([document])
    explained = Detector(lexicon(), Told("border_closure", chance)).explain(document)
    told = max(one.confidence for one in explained.candidates if one.trigger == "border_closure")
    assert (told - alone[0].confidence) * order > 0


def test_the_scorer_finds_alone_what_no_rule_foresaw() -> None:
    document = Document(title="An unusual sentence without known words", text="", lang="en")
    (found,) = Detector(lexicon(), Told("evacuation", 0.9999)).detect([document])
    assert [(one.trigger, one.rule) for one in found] == [("evacuation", "semantic scorer")]


def test_without_a_scorer_the_rules_stand_alone() -> None:
    document = Document(title="An unusual sentence without known words", text="", lang="en")
    assert Detector(lexicon()).detect([document]) == [()]
