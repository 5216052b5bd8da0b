"""Names in the read tables: what the fold says things are called, found however they are spelled."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.dates import day
from domain.entries import Entry, entry_from
from domain.lives import GRADES
from projections.search import Wanted, WorldNames, search
from projections.spelling import folded
from projections.structure import Answer
from projections.tables.names import NAMED, Days, Spelling, named, spellings
from projections.tables.reading import Reading
from projections.tables.shelf import EventCache
from projections.tables.topics import of_key
from tests.history import world_of
from tests.strategies import interesting_days
from tests.tables.reading import INSTITUTION, Store, recorded
from tests.tables.test_laws import mixed_registers

ALL = 1_000


def reading(store: Store, shelf: Any, position: int | None = None) -> Reading:
    """The register as known at *position*; at the head, if it is left out."""
    return Reading(INSTITUTION, shelf, store.head if position is None else position, EventCache())


def as_read(answer: object) -> Any:
    """*answer* as it is read back from JSON."""
    return orjson.loads(orjson.dumps(answer))


def told_by_world(store: Store, position: int, text: str, days: Days | None) -> Answer:
    """What the definition finds: each name of each thing looked at."""
    names = WorldNames(store.world(position))
    answer: Answer = as_read(search(names, Wanted(text), days=days, limit=ALL, most=ALL))
    return answer


def told_by_tables(store: Store, position: int, text: str, days: Days | None) -> Answer:
    """What the tables find."""
    with store.shelf() as shelf:
        answer: Answer = as_read(reading(store, shelf, position).search(Wanted(text), days, NAMED, ALL))
    return answer


# --- laws

spans = st.tuples(*[st.sampled_from(interesting_days())] * 2).map(lambda days: (min(days), max(days)))
texts = st.sampled_from(["u", "n", "un", "a", "p", "1"])


@settings(max_examples=40)
@given(mixed_registers(), spans, texts)
def test_the_tables_find_what_the_fold_finds(entries: list[Entry], span: Days, text: str) -> None:
    """At every known position, ever, on a day and over days, after corrections, unifications and redactions."""
    with recorded(entries) as store:
        for position in store.ends[1:]:
            for when in (None, (span[0], span[0]), span):
                assert told_by_tables(store, position, text, when) == told_by_world(store, position, text, when)


@settings(max_examples=40)
@given(mixed_registers(), spans, texts)
def test_what_is_found_on_a_day_is_found_in_every_time_around_it(entries: list[Entry], span: Days, text: str) -> None:
    """With the same names, and at least as surely; and whatever is found in a time is found of all times."""
    names, (first, last) = WorldNames(world_of(entries)), span

    def found(days: Days | None) -> dict[tuple[str, str], Answer]:
        answer = search(names, Wanted(text), days=days, limit=ALL, most=ALL)
        return {(kind, thing): answer[f"{kind}s"][thing] for kind, thing in answer["ranking"]}

    within, ever = found(span), found(None)
    for on in {first, last, *(one for one in interesting_days() if first <= one <= last)}:
        for thing, told in found((on, on)).items():
            assert {one["text"] for one in told["matched"]} <= {one["text"] for one in within[thing]["matched"]}
            if told["grade"]:
                assert GRADES.index(within[thing]["grade"]) <= GRADES.index(told["grade"])
    assert within.keys() <= ever.keys()


@settings(max_examples=40)
@given(mixed_registers())
def test_the_tables_hold_every_spelling_of_the_fold(entries: list[Entry]) -> None:
    """At every known position, and no other; folded as it would be now."""
    with recorded(entries) as store:
        for position in store.ends[1:]:
            world = store.world(position)
            with store.shelf() as shelf:
                ids = {thing: name for name, thing, _ in shelf.docs(shelf.names())}
                kept: dict[str, set[Spelling]] = {}
                for thing, _, spelling in shelf.spellings_of(list(ids), position):
                    kept.setdefault(ids[thing], set()).add(spelling)

            expected = {of_key(key): set(spellings(world, key)) for key in named(world)}
            assert kept == {name: has for name, has in expected.items() if has}
        _, letters = store.select("SELECT text, folded FROM spellings")
        assert all(folded(row[0]) == row[1] for row in letters)


# --- what a historian asks

ENTRIES: tuple[dict[str, Any], ...] = (
    {
        "entry": "founding",
        "effective": "1995-10-20",
        "changes": [
            {"kind": "institution-declared", "name": {"en": "Office"}},
            {
                "kind": "unit-established",
                "unit": "office",
                "name": {"kk": "Президент Әкімшілігі", "ru": "Администрация Президента", "en": "Administration"},
            },
            {"kind": "post-created", "post": "head", "unit": "office", "title": {"ru": "Руководитель", "en": "Head"}},
            {
                "kind": "person-registered",
                "person": "karin",
                "name": {"kk": "Ерлан Қарин"},
                "names": [{"en": "Y. Qarin"}],
            },
            {"kind": "person-registered", "person": "li", "name": {"ru": "Ли"}},
        ],
    },
    {
        "entry": "decree-552",
        "instrument": {
            "kind": "decree",
            "number": "552",
            "title": {"ru": "О Канцелярии Президента"},
            "signed": "2008-03-11",
        },
        "changes": [{"kind": "unit-renamed", "unit": "office", "name": {"en": "Chancellery", "ru": "Канцелярия"}}],
    },
    {
        "entry": "married",
        "effective": "2010-01-01",
        "changes": [{"kind": "person-renamed", "person": "li", "name": {"ru": "Цой"}}],
    },
    {
        "entry": "end",
        "effective": "2015-01-01",
        "changes": [{"kind": "unit-abolished", "unit": "office"}],
    },
    {
        "entry": "fix",
        "changes": [
            {
                "kind": "corrected",
                "target": "founding#4",
                "reason": "misread",
                "change": {"kind": "person-registered", "person": "karin", "name": {"kk": "Ерлан Кәрім"}},
            }
        ],
    },
)


@pytest.fixture(scope="module")
def store() -> Iterator[Store]:
    """An office, renamed and abolished; a person whose name is corrected at last."""
    with recorded(entry_from(entry, "the test") for entry in ENTRIES) as found:
        assert not found.refused
        yield found


def found(
    store: Store,
    text: str,
    on: str | None = None,
    before: int = 0,
    kinds: tuple[str, ...] = NAMED,
    until: str | None = None,
) -> Answer:
    """What is found, as known at the head, or so many entries *before* it; from *on* to *until*, if that is given."""
    with store.shelf() as shelf:
        at = reading(store, shelf, store.ends[-1 - before])
        days = (day(on), day(until or on)) if on else None
        answer: Answer = at.search(Wanted(text), days, kinds, 20)
        return answer


@pytest.mark.parametrize("text", ["әкімш", "ӘКІМШІЛІГІ", "министрац", "Administratsia", "admin prez"])
def test_names_are_found_inside_words_and_in_other_letters(store: Store, text: str) -> None:
    """Kazakh endings and Russian cases hide the beginning of a word, and the end."""
    assert found(store, text)["ranking"][:1] == [["unit", "office"]]


def test_a_renamed_unit_is_found_by_what_it_was_called_on_the_day(store: Store) -> None:
    """On the eve the old name, on the first day the new one; ever both, each with its days."""
    # when
    eve, first_day = (found(store, "administration", on=day) for day in ("2008-03-10", "2008-03-11"))
    ever = found(store, "administration")

    # then
    assert eve["units"]["office"]["then"]["en"] == "Administration"
    assert eve["units"]["office"]["name"]["en"] == "Chancellery"
    assert eve["units"]["office"]["grade"] == "certain"
    assert first_day["ranking"] == []
    told = ever["units"]["office"]
    assert (told["then"], told["grade"], told["until"]) == (None, None, "2015-01-01")
    first = told["matched"][0]
    assert (first["text"], first["from"], first["until"]) == ("Administration", "1995-10-20", "2008-03-11")


def test_a_unit_is_found_by_every_name_that_it_had_in_a_time(store: Store) -> None:
    """By the old one if the time begins on the eve of the renaming, by the new one if it ends on its day."""
    # when
    old, new = (
        found(store, text, on="2008-03-10", until="2008-03-11")["units"] for text in ("administration", "chancellery")
    )

    # then
    assert old["office"]["then"] == new["office"]["then"] == {"en": "Chancellery", "ru": "Канцелярия"}
    assert old["office"]["grade"] == "certain"
    assert old["office"]["matched"][0]["until"] == new["office"]["matched"][0]["from"] == "2008-03-11"
    assert "office" not in found(store, "administration", on="2008-03-11", until="2014-12-31")["units"]
    assert "office" in found(store, "chancellery", on="2008-03-11", until="2014-12-31")["units"]
    assert "office" not in found(store, "chancellery", on="2000-01-01", until="2008-03-10")["units"]


def test_what_ended_on_the_first_day_of_a_time_or_began_after_its_last_is_not_of_it(store: Store) -> None:
    """The day of the end is out, the first day is in; a person's name goes on until the renaming."""
    assert "office" in found(store, "chancellery", on="2014-12-31", until="2020-01-01")["units"]
    assert "office" not in found(store, "chancellery", on="2015-01-01", until="2020-01-01")["units"]
    assert "office" not in found(store, "administration", on="1990-01-01", until="1995-10-19")["units"]
    assert "office" in found(store, "administration", on="1990-01-01", until="1995-10-20")["units"]
    li, tsoy = (found(store, text, on="2009-12-31", until="2010-01-01")["persons"]["li"] for text in ("ли", "цой"))
    assert li["then"] == tsoy["then"] == {"ru": "Цой"}
    assert "li" not in found(store, "цой", on="2000-01-01", until="2009-12-31")["persons"]
    assert found(store, "ли", on="2000-01-01", until="2009-12-31")["persons"]["li"]["then"] == {"ru": "Ли"}


def test_what_has_ended_or_not_begun_is_not_found_on_a_day(store: Store) -> None:
    """The day of the end is out; an instrument is called nothing before it is signed."""
    assert found(store, "chancellery", on="2014-12-31")["units"]
    assert not found(store, "chancellery", on="2015-01-01")["units"]
    assert found(store, "канцелярии", on="2008-03-11", kinds=("instrument",))["instruments"]
    assert not found(store, "канцелярии", on="2008-03-10", kinds=("instrument",))["instruments"]


@pytest.mark.parametrize("text", ["Ли", "l", "Li"])
def test_a_short_name_is_found(store: Store, text: str) -> None:
    """Two letters are a surname; they are looked for where words begin."""
    assert ["person", "li"] in found(store, text)["ranking"]
    assert found(store, "ли", on="2009-12-31")["persons"]["li"]["then"] == {"ru": "Ли"}
    assert "li" not in found(store, "ли", on="2010-01-01")["persons"]


def test_a_corrected_name_was_known_before(store: Store) -> None:
    """As known then the old reading, now the new one; its other spelling is corrected away with it."""
    assert "karin" in found(store, "Карин", before=1)["persons"]
    assert "karin" in found(store, "qarin", before=1)["persons"]
    assert "karin" not in found(store, "qarin")["persons"]
    assert found(store, "каримов")["ranking"] == []
    assert found(store, "карим")["persons"]["karin"]["name"] == {"kk": "Ерлан Кәрім"}


def test_an_instrument_is_found_by_its_number_and_its_title(store: Store) -> None:
    """As a citation names it."""
    by_number = found(store, "№ 552")
    by_title = found(store, "о канцелярии президента")

    assert by_number["ranking"] == [] or by_number["instruments"]  # the sign is a word: No
    assert found(store, "552")["ranking"] == [["instrument", "decree-552"]]
    assert by_title["instruments"]["decree-552"]["matched"][0]["how"] == "name"


def test_the_best_match_comes_first(store: Store) -> None:
    """The whole name before words of a name before their beginnings before insides."""
    how = [
        found(store, text)["units"]["office"]["matched"][0]["how"]
        for text in ("chancellery", "президент", "админ", "министр", "chncllry")
    ]

    assert how == ["name", "words", "beginnings", "inside", "near"]


def test_no_more_is_shown_than_is_asked_for(store: Store) -> None:
    """And the answer says that there is more."""
    with store.shelf() as shelf:
        answer = reading(store, shelf).search(Wanted("канцеляр"), None, NAMED, 1)

    assert len(answer["ranking"]) == 1
    assert answer["more"]


@contextmanager
def few(most: int) -> Iterator[None]:
    """Looks at so many spellings in each step."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("projections.tables.reading.MOST", most)
        yield


def test_a_common_word_does_not_hide_a_name_that_is_it(store: Store) -> None:
    """However many hold it inside: what is it, is looked for first."""
    with few(1):
        answer = found(store, "ли")

    assert answer["ranking"][0] == ["person", "li"]
    assert answer["more"]
