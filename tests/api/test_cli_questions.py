"""Questions on the command line: words for people, and with --json the server's own answer."""

from __future__ import annotations

import json
from pathlib import Path
from typing import get_args

import pytest

from api.cli.options import Lowest
from api.phrases import WORDS, date_phrase
from domain.lives import GRADES
from projections.diff import ALTERS, ATTESTED, BEGINS, ENDS
from tests.api.commandline import Ask, in_this_process, line_with, recorded_in

ENTRIES = {
    "1-founding.yaml": """
entry: founding
effective: 1802-09-20
changes:
  - {kind: unit-established, unit: treasury, name: {en: Treasury}}
  - {kind: unit-established, unit: mint, name: {en: Mint}, parent: treasury, unit_kind: office}
  - {kind: unit-established, unit: assay, name: {en: Assay}, parent: treasury, effective: 1802~}
  - {kind: post-created, post: master, unit: mint, title: {en: "Master [of the Mint]"}, seats: 1}
  - {kind: post-created, post: clerk, unit: assay, title: {en: Clerk}, seats: null, effective: 1803}
  - {kind: person-registered, person: ivanov, name: {en: Ivan Ivanov, ru: Иван Иванов}}
  - {kind: person-registered, person: petrov, name: {en: Pyotr Petrov}}
  - {kind: appointed, person: ivanov, post: master, capacity: substantive, effective: 1805-01-01}
  - {kind: relation-started, subject: mint, object: treasury, relation: accountable-to}
""",
    "2-decree-12.yaml": """
entry: decree-12
instrument: {kind: decree, number: 12, signed: 1811-06-20, in_force: 1811-07-01}
changes:
  - {kind: unit-renamed, unit: mint, name: {en: Imperial Mint}, provision: art. 1}
  - {kind: unit-abolished, unit: assay, provision: art. 2}
  - {kind: transferred, person: ivanov, from_post: master, to_post: warden, capacity: substantive}
  - {kind: post-created, post: warden, unit: treasury, title: {en: Warden}, seats: 1}
  - {kind: appointed, person: petrov, post: master, capacity: acting}
""",
}


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the register of the mint."""
    return recorded_in(tmp_path_factory.mktemp("mint"), "mint", ENTRIES)


def test_a_structure_is_a_tree_that_says_how_sure_it_is(ask: Ask) -> None:
    """Grades are words, not colours; a post whose holder nobody knows is not called vacant."""
    # when
    shown = ask("structure", "mint", "--as-of", "1811-06-30")

    # then
    assert "mint on 30 June 1811, as known at position 16" in shown.splitlines()[0]
    treasury = line_with(shown, "Treasury [treasury] — ")
    mint = line_with(shown, "Mint [mint] (office) — certain, since 20 September 1802")
    assert mint.index("Mint") > treasury.index("Treasury")
    assert "since about 1802" in line_with(shown, "Assay [assay]")
    assert "filled" in line_with(shown, "• Master [of the Mint] [master]")
    assert "since 1 January 1805" in line_with(shown, "Ivan Ivanov [ivanov] (founding#8)")
    assert "holder unknown" in line_with(shown, "• Clerk [clerk]")
    assert line_with(
        shown, "Mint [mint]", "accountable-to", "Treasury [treasury]", "presumed", "since 20 September 1802"
    )
    assert "Imperial" not in shown, "a name of a later day"


def test_names_come_in_the_language_asked_for(ask: Ask) -> None:
    """No language is special, and a thing without a name in yours still has one."""
    # when
    shown = ask("structure", "mint", "--as-of", "1811-06-30", "--lang", "ru")

    # then
    assert "Иван Иванов" in shown
    assert "Treasury" in shown


def test_a_difference_names_the_decree_beside_each_change(ask: Ask) -> None:
    """People take office, leave and move; what nobody wrote but follows is marked implied."""
    # when
    shown = ask("diff", "mint", "1811-06-30", "1811-07-01")

    # then
    by = "decree No. 12 of 20 June 1811"
    assert "Imperial Mint" in line_with(shown, "≈ renamed", f"{by}, art. 1 (decree-12#1)")
    assert line_with(shown, "− abolished", "Assay [assay]", f"{by}, art. 2 (decree-12#2)", "1 July 1811")
    assert line_with(shown, "− post abolished, implied", "Clerk [clerk]", f"{by}, art. 2")
    assert line_with(shown, "+ new post", "Warden [warden]")
    moved = line_with(shown, "→ moves to", "Ivan Ivanov [ivanov]")
    assert "Warden [warden], from Master [of the Mint] [master]" in moved
    assert line_with(shown, "+ takes office", "Pyotr Petrov [petrov]", by)


def test_what_did_not_change_is_said_to_be_no_change(ask: Ask) -> None:
    """An empty table could as well be a fault."""
    assert ask("diff", "mint", "1811-07-01", "1811-07-02").splitlines()[-1] == "no changes"


def test_a_question_is_asked_of_what_was_known_then(ask: Ask) -> None:
    """Before the decree was recorded, the mint had its old name for ever."""
    # when
    before = ask("structure", "mint", "--as-of", "1812-01-01", "--known-at", "10")
    after = ask("structure", "mint", "--as-of", "1812-01-01")

    # then
    assert "Mint [mint]" in before
    assert "Imperial Mint" not in before
    assert "Imperial Mint [mint]" in after


@pytest.mark.parametrize(
    ("thing", "told"),
    [
        (
            "mint",
            ["Imperial Mint [mint]", "States", "1 July 1811", "Acts that touched it", "name Mint → Imperial Mint"],
        ),
        ("master", ["Master [of the Mint] [master]", "Persons", "Pyotr Petrov [petrov]", "acting"]),
        ("ivanov", ["Ivan Ivanov [ivanov]", "Posts", "Warden [warden]", "ended by decree No. 12"]),
        ("decree-12", ["[decree-12]", "Effects", "Lost office", "Warden [warden]"]),
        (
            "founding",
            ["[founding]", "Effects", "founding#2", "Amended, repealed or undone by", "name replaced 1 July 1811"],
        ),
    ],
)
def test_the_history_of_any_one_thing_is_told(ask: Ask, thing: str, told: list[str]) -> None:
    """A unit, a post, a person, a decree, an entry: one word for all of them."""
    # when
    shown = ask("history", "mint", thing)

    # then
    for words in told:
        assert words in shown


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        (
            ["structure", "mint", "--as-of", "1811-07-01", "--grade", "certain"],
            ["institution", "as_of", "known_at", "rules", "units", "posts", "relations", "unattested"],
        ),
        (
            ["diff", "mint", "1811-06-30", "1811-07-01"],
            ["from", "to", "known_at", "rules", "changes", "links", "counts"],
        ),
        (["history", "mint", "ivanov"], ["id", "name", "career", "known_at", "rules"]),
        (["findings", "mint"], ["findings", "institution", "known_at", "rules"]),
    ],
)
def test_json_is_the_answer_of_the_contract(ask: Ask, question: list[str], parts: list[str]) -> None:
    """A script may ask the command line today and the server tomorrow."""
    # when
    answer = json.loads(ask(*question, "--json"))

    # then
    assert answer.keys() >= set(parts)
    assert answer["known_at"].keys() == {"position", "recorded", "hash"}


def test_findings_are_told_or_said_to_be_none(ask: Ask) -> None:
    """Silence would leave open whether anybody looked."""
    assert line_with(ask("findings", "mint"), "post-without-holder", "clerk", "1 January 1803 to", "founding#5")
    assert ask("findings", "mint", "--known-at", "0").splitlines()[-1] == "no findings"


@pytest.mark.parametrize(
    ("question", "status", "words"),
    [
        (["structure", "mint", "--as-of", "1811-7-1"], 2, "'1811-7-1' is not a day"),
        (["structure", "mint", "--as-of", "1811-07-01", "--grade", "sure"], 2, "sure"),
        (["structure", "mint"], 2, "--as-of"),
        (["diff", "mint", "1811-07-01", "0"], 2, "'0' is not a day"),
        (["structure", "mnit", "--as-of", "1811-07-01"], 1, "there is no institution 'mnit'"),
        (["structure", "mint", "--as-of", "1811-07-01", "--known-at", "99"], 1, "beyond the head of the log"),
        (["structure", "mint", "--as-of", "1811-07-01", "--known-at", "now"], 1, "neither a position"),
        (["history", "mint", "nobody"], 1, "'nobody'"),
        (["findings", "mint", "--db", "regesta.sqlite"], 2, "give sqlite:///FILE"),
        (["findings", "mint", "--db", "sqlite:///nowhere.sqlite"], 1, "there is no such file"),
    ],
)
def test_a_question_that_has_no_answer_says_why(
    db: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    question: list[str],
    status: int,
    words: str,
) -> None:
    """In a line or two and without a traceback; status 2 for a mistake of use, 1 for a refusal."""
    # when
    ended = in_this_process(monkeypatch, db, *question)

    # then
    said = capsys.readouterr()
    assert (ended, said.out) == (status, "")
    assert words in said.err
    assert "secret" not in said.err
    assert "Traceback" not in said.err


@pytest.mark.parametrize(
    ("edtf", "words"),
    [
        ("2024-05-24", "24 May 2024"),
        ("2021-05", "May 2021"),
        ("2019", "2019"),
        ("2022-01~", "about January 2022"),
        ("2019?", "perhaps 2019"),
        ("../2024-05-24", "24 May 2024 or before"),
        ("2024-05-24/", "24 May 2024 or after"),
        ("2019/2020-03-01", "some day from 2019 to 1 March 2020"),
        ("2019-21", "2019-21"),
        ("201X", "201X"),
        (None, "an unknown day"),
    ],
)
def test_a_badly_known_day_is_put_into_words(edtf: str | None, words: str) -> None:
    """`../2024-05-24` says nothing to a reader."""
    assert date_phrase(edtf) == words


def test_every_kind_of_row_has_its_words_and_every_grade_its_option() -> None:
    """What the projections may say, the command line can tell."""
    assert {*ALTERS.values(), *ATTESTED.values(), *BEGINS.values(), *ENDS.values()} <= WORDS.keys()
    assert get_args(Lowest) == GRADES


def test_flows_tell_how_many_moved_and_then_who(ask: Ask) -> None:
    """A move out of the mint is one out of what hangs on it; posts and bodies are called as they were then."""
    # when
    shown = ask("flows", "mint", "--from", "mint", "--since", "1811-07-01")

    # then
    assert "mint, from Imperial Mint [mint], since 1 July 1811, as known at" in shown.splitlines()[0]
    assert "1" in line_with(shown, "Imperial Mint [mint]", "Treasury [treasury]")
    move = line_with(shown, "Ivan Ivanov [ivanov]", "Warden [warden] in treasury")
    assert "Master [of the Mint] [master] in treasury" in move
    assert "by one act" in move
    assert "nobody is known to have moved" in ask("flows", "mint", "--from", "mint", "--until", "1811-07-01")


def test_a_person_and_a_post_tell_of_moves_and_gaps(ask: Ask) -> None:
    """What a reader would else have to put together himself."""
    assert "by one act" in line_with(ask("history", "mint", "ivanov"), "[master]", "[warden] in treasury")
    gap = line_with(ask("history", "mint", "clerk"), "nobody known")
    assert gap.startswith("1 January 1803")
