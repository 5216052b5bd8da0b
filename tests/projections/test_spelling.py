"""Names in three alphabets fold to the same letters where they are the same name."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projections.search import NothingToSearch, Wanted
from projections.spelling import ALPHABET, CYRILLIC, folded, skeleton, words

SAME = [
    ("Қарин", "Карин", "Karin", "Qarin"),
    ("Тоқаев", "Токаев", "Tokayev", "Tokaev", "Toqaev"),
    ("Қасым-Жомарт", "Касым-Жомарт", "Kassym-Jomart", "Qasym-Jomart", "Kasym-Zhomart"),
    ("Жақсыбеков", "Джаксыбеков", "Zhaksybekov", "Jaqsybekov", "Dzhaksybekov"),
    ("Ерлан", "Yerlan", "Erlan"),
    ("Ёлкин", "Елкин", "Yolkin", "Elkin"),
    ("Бақытжан", "Бахытжан", "Bakytzhan", "Bakhytzhan", "Baqytjan"),
    ("Наталья", "Natalya", "Natalia"),
    ("Алия", "Aliya", "Alia"),
    ("Нұрсұлтан", "Нурсултан", "Nursultan"),
    ("Ғалымжан", "Галымжан", "Galymzhan", "Ğalymjan"),
    ("Әшімбаев", "Ашимбаев", "Ashimbayev", "Äşimbaev"),
    ("Өскемен", "Оскемен", "Oskemen", "Öskemen"),
    ("Григорьев", "Grigoryev", "Grigoriev"),
    ("Григорий", "Grigory", "Grigorii", "Grigori"),
    ("Объединение", "Obyedinenie"),
    ("Максим", "Maxim", "Maksim"),
]


@pytest.mark.parametrize("spellings", SAME, ids=lambda names: names[0])
def test_spellings_of_one_name_are_one(spellings: tuple[str, ...]) -> None:
    """Kazakh, Russian, the usual English, and the Latin alphabets of Kazakh."""
    assert {words(spelling) for spelling in spellings} == {words(spellings[0])}


def test_other_names_stay_apart() -> None:
    """A fold that takes everything for one finds everything."""
    names = ("Карин", "Каримов", "Керимов", "Курин", "Марин", "Карим", "Касымов", "Масимов", "Omarov", "Umarov")

    assert len({words(name) for name in names}) == len(names)


def test_the_table_has_each_letter_of_both_alphabets() -> None:
    """42 letters: nine of Kazakh, the 33 of Russian. None is left Cyrillic."""
    assert len(set(ALPHABET)) == 42
    assert words(ALPHABET)[0].isascii()
    assert CYRILLIC["қ"] == CYRILLIC["к"]


def test_words_joined_by_a_hyphen_are_one_word_too() -> None:
    """Касымжомарт is found in Қасым-Жомарт, and so is Жомарт."""
    assert folded("Қасым-Жомарт") == "  kasim  jomart  kasimjomart  KSM  JMRT "


def test_consonants_are_kept_of_words_that_have_enough_of_them() -> None:
    """Мырзалин is near Murzalin; of Ли nothing would be left."""
    assert skeleton(*words("Мырзалин")) == skeleton(*words("Murzalin")) == "MRZLN"
    assert skeleton(*words("Ли")) == ""


@pytest.mark.parametrize("text", ["", "  ", "—", "ьъ", "'", '%_*"', "а " * 20, "а" * 300, None])
def test_nothing_to_look_for_is_refused(text: object) -> None:
    """Neither everything nor nothing is the answer to no question."""
    with pytest.raises(NothingToSearch):
        Wanted(text)


NAME = st.text(
    alphabet=ALPHABET + ALPHABET.upper() + "abcdefghijklmnopqrstuvwxyzABCXYZ -'’0123456789ıİßé\u0301", max_size=20
)


@given(NAME)
def test_case_and_marks_never_matter(name: str) -> None:
    """Composed or not, in capitals or not: it is written the same name."""
    assert words(unicodedata.normalize("NFD", name)) == words(unicodedata.normalize("NFC", name))
    assert words(name.swapcase().casefold()) == words(name.casefold())


@given(st.text(max_size=30))
def test_what_is_kept_holds_what_is_sought(text: str) -> None:
    """Whatever is written, in any script, is found as it is written, and nothing breaks."""
    try:
        wanted = Wanted(text)
    except NothingToSearch:
        return
    for word in wanted.words:
        assert f" {word} " in folded(text)
    assert wanted.how(text) == "name"
    assert all(len(part) >= 3 for _, parts in wanted.steps for part in parts)
