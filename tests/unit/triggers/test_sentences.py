"""Sentences: where they end, where they do not, and that hostile text costs no more than its length."""

import pytest

from worker.triggers.sentences import LIMIT, LONGEST, split


def said(title: str, text: str) -> list[str]:
    full = f"{title}\n{text}"
    return [full[s.start : s.end] for s in split(title, full)]


@pytest.mark.parametrize(
    ("title", "text", "wanted"),
    [
        pytest.param("Border shut", "", ["Border shut"], id="a title alone"),
        pytest.param("", "One. Two.", ["One.", "Two."], id="a text without a title"),
        pytest.param("Ash. Fire", "Cat. Dog", ["Ash. Fire", "Cat.", "Dog"], id="a title is one sentence"),
        pytest.param("", "Mr. Ito left. He ran.", ["Mr. Ito left.", "He ran."], id="an abbreviation"),
        pytest.param("", "The U.S. closed it. It did.", ["The U.S. closed it.", "It did."], id="initials"),
        pytest.param("", "“Go!” she said. They went", ["“Go!”", "she said.", "They went"], id="a quoted cry"),
        pytest.param("", "Uno\nDos", ["Uno", "Dos"], id="a line is a sentence"),
        pytest.param("", "地震が発生。避難した。", ["地震が発生。", "避難した。"], id="Japanese stops"),
        pytest.param("", "Zarar yok. 3,5 büyüklük.", ["Zarar yok.", "3,5 büyüklük."], id="a number after a stop"),
    ],
)
def test_a_text_is_cut_into_its_sentences(title: str, text: str, wanted: list[str]) -> None:
    assert said(title, text) == wanted


def test_the_title_stands_at_place_zero_and_the_lead_at_one() -> None:
    assert [s.place for s in split("T", "T\nOne. Two.")] == [0, 1, 2]


def test_an_endless_sentence_is_cut_at_a_space() -> None:
    pieces = split("", "\n" + "word " * 1000)
    assert all(p.end - p.start <= LONGEST for p in pieces)
    assert len(pieces) > 5


def test_what_lies_beyond_the_limit_is_not_read() -> None:
    pieces = split("", "\n" + "So it was. " * (LIMIT // 5))
    assert pieces[-1].end <= LIMIT
