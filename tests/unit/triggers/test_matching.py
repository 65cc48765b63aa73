"""Words and rules: what a set stands for, what a line reaches over, who is named as the doer."""

import pytest

from worker.triggers.lexicon import Lexicon, Rule, Section, TriggerFile
from worker.triggers.matcher import Matcher
from worker.triggers.wording import Automaton, PatternError, expand, normal


@pytest.mark.parametrize(
    ("word", "forms"),
    [
        pytest.param("seal~", (" seal ", " seals ", " sealed ", " sealing "), id="a regular verb"),
        pytest.param("close~", (" close ", " closes ", " closed ", " closing "), id="a verb in e"),
        pytest.param("deny~", (" deny ", " denies ", " denied ", " denying "), id="a verb in y"),
        pytest.param("call~ on", (" call on ", " calls on ", " called on ", " calling on "), id="a verb in a phrase"),
        pytest.param("border(s)", (" border ", " borders "), id="an ending that may be there"),
        pytest.param("evacuat*", (" evacuat",), id="any ending"),
        pytest.param("*angriff", ("angriff ",), id="any beginning"),
        pytest.param("air-strike", (" air strike ",), id="a hyphen is a space"),
        pytest.param("地震", ("地震",), id="no spaces in this script"),
    ],
)
def test_a_word_of_a_set_stands_for_its_forms(word: str, forms: tuple[str, ...]) -> None:
    assert expand(word) == forms


@pytest.mark.parametrize("word", ["*", "a*b", ""])
def test_a_word_that_cannot_be_meant_is_refused(word: str) -> None:
    with pytest.raises(PatternError):
        expand(word)


def test_the_normal_form_keeps_every_place() -> None:
    text = "İzmir’s “shut” borders_now\n"
    assert len(normal(text)) == len(text) + 2


def test_hits_are_whole_words_with_their_places() -> None:
    automaton = Automaton({0: ("war",), 1: ("evacuat*",), 2: ("*angriff",)})
    text = "Toward war: evacuated after Luftangriff."
    assert [(text[a:b], owners) for a, b, owners in automaton.hits(normal(text))] == [
        ("war", (0,)),
        ("evacuated", (1,)),
        ("Luftangriff", (2,)),
    ]


def matcher(*lines: str, unless: tuple[str, ...] = ()) -> Matcher:
    section = Section(
        words={"close": ("close~", "shut"), "border": ("border(s)", "frontier")},
        rules=(Rule(name="closes", match=lines, unless=unless),),
    )
    file = TriggerFile(trigger="border_closure", about="", languages={"en": section})
    return Matcher(Lexicon(triggers=(file,)), ["en"])


def found(one: Matcher, text: str) -> list[str]:
    (hits,) = one.run(normal(text), [(0, len(text))])
    return [text[hit.start : hit.end] for hit in hits]


@pytest.mark.parametrize(
    ("line", "text", "wanted"),
    [
        pytest.param("{close} {border}", "It closed its border", ["closed its border"], id="side by side"),
        pytest.param("{close} {border}", "It closed a shop that stood at the border", [], id="too far apart"),
        pytest.param(
            "{close} ... {border}", "It shut the whole northern border", ["shut the whole northern border"], id="far"
        ),
        pytest.param("{border} ... {close}", "It closed its border", [], id="in order"),
        pytest.param("sealed {border|close}", "They sealed frontier posts", ["sealed frontier"], id="either set"),
        pytest.param("border posts", "Two border posts", ["border posts"], id="bare words"),
    ],
)
def test_a_line_finds_its_elements_in_order_and_in_reach(line: str, text: str, wanted: list[str]) -> None:
    assert found(matcher(line), text) == wanted


def test_a_word_that_rules_out_silences_the_line() -> None:
    assert found(matcher("{close} {border}", unless=("bookshop",)), "Bookshop closes borders branch") == []


def test_a_match_does_not_reach_over_a_sentence() -> None:
    text = "They closed. Border towns slept."
    first, second = matcher("{close} ... {border}").run(normal(text), [(0, 12), (13, len(text))])
    assert (first, second) == ([], [])


@pytest.mark.parametrize(
    ("line", "doer"), [("@ {close} {border}", "before"), ("{border} {close} @", "after"), ("{close}", "")]
)
def test_a_line_says_where_its_doer_stands(line: str, doer: str) -> None:
    text = "Jordan closed border closed"
    (hits,) = matcher(line).run(normal(text), [(0, len(text))])
    assert {hit.doer for hit in hits} == {doer}


def test_a_line_with_an_unknown_set_is_refused() -> None:
    with pytest.raises(PatternError, match="gate"):
        matcher("{close} {gate}")


def test_what_a_section_rules_out_is_ruled_out_by_whatever_means_it_was_found() -> None:
    rule = Rule(name="shut", match=("bridge shut",))
    section = Section(unless=("opens two",), rules=(rule,))
    lexicon = Lexicon(triggers=(TriggerFile(trigger="route_closure", about="", languages={"en": section}),))
    text = "A metro line opens two stations. A bridge is shut."
    first, second, other = ("route_closure", 0, 32), ("route_closure", 33, len(text)), ("coup", 0, 32)
    assert Matcher(lexicon, ["en"]).barred(normal(text), [first, second, other]) == [True, False, False]
