"""Knowledge, previews, counts and the later kinds of facts on the command line, as a historian reads them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from api.phrases import WORDS, during_phrase
from domain.changes import KINDS
from domain.entries import yaml_text
from tests.api.commandline import entry, folder_of, in_this_process, regesta
from tests.api.test_cli_questions import Ask, line_with

ENTRIES = {
    "1-founding.yaml": """
entry: founding
instrument: {kind: decree, number: 1, signed: 1802-09-08, in_force: 1802-09-20}
changes:
  - {kind: unit-established, unit: treasury, name: {en: Treasury}}
  - {kind: unit-established, unit: mint, name: {en: Mint, ru: Двор}, parent: treasury}
  - {kind: unit-established, unit: assay, name: {en: Assay}, parent: mint}
  - {kind: post-created, post: warden, unit: mint, title: {en: Warden}, seats: 1, portfolio: {en: coin and medals}}
  - {kind: post-created, post: clerk, unit: assay, title: {en: Clerk}}
  - {kind: person-registered, person: ann, name: {en: Ann Lee}, names: [{ru: Анна Ли}], born: 1770~}
  - {kind: person-registered, person: bob, name: {en: Bob Ray}}
  - {kind: person-registered, person: robert, name: {en: Robert Ray}}
  - {kind: appointed, person: ann, post: warden, capacity: substantive}
  - {kind: appointed, person: robert, post: clerk, capacity: substantive}
  - {kind: function-assigned, holder: mint, function: coining, text: {en: strikes coin}}
  - {kind: function-assigned, holder: warden, function: seals, text: {en: keeps the seals}}
  - {kind: mandate-declared, unit: mint, gist: {en: coin for the realm}, provision: art. 2}
""",
    "2-almanac.yaml": """
entry: almanac
effective: 1805-06
changes:
  - {kind: quantity-observed, subject: mint, quantity: staff, value: 40, approximate: true, claimant: the Almanac}
  - {kind: count-claimed, what: wardens, post: warden, during: 1802/1812, value: 3, claimant: the Almanac}
  - {kind: count-claimed, what: clerks, unit: assay, during: 1802/1812, value: 1}
  - {kind: statement-made, about: mint, topic: rule, gist: {en: strikes no copper}, during: 1803/1804, claimant: Smith}
  - {kind: life-event, person: ann, what: education, place: {en: Riga}, effective: 1790}
  - {kind: statement-made, about: mint, topic: other, gist: {en: a slander}}
""",
    "3-decree-2.yaml": """
entry: decree-2
instrument: {kind: decree, number: 2, signed: 1811-06-20, in_force: 1811-07-01}
changes:
  - {kind: unit-renamed, unit: mint, name: {en: Imperial Mint}}
  - {kind: capacity-changed, person: ann, post: warden, capacity: acting}
  - {kind: function-transferred, holder: treasury, function: coining}
  - {kind: units-reorganized, form: transform, before: [assay],
     after: [{unit: trials, name: {en: Trials}, parent: mint}]}
  - {kind: unnamed-units-abolished, count: 4, unit_kind: office, parent: mint}
""",
    "4-mending.yaml": """
entry: mending
changes:
  - {kind: annulled, target: "decree-2#1", reason: a forgery}
  - {kind: annulled, target: "decree-2#4", reason: a forgery}
  - {kind: corrected, target: "almanac#1", reason: misprint,
     change: {kind: quantity-observed, subject: mint, quantity: staff, value: 41}}
  - {kind: redacted, targets: ["almanac#6"], scope: all, ground: privacy}
""",
    "5-one-man.yaml": """
entry: one-man
changes:
  - {kind: identities-unified, ids: [bob, robert], reason: one man}
""",
}
FOUNDED, FORGED, MENDED = 15, 27, 32
"""The positions after the founding, before the mending, and at the end."""

REPLACED: dict[str, Any] = {
    "entry": "decree-3",
    "instrument": {"kind": "decree", "number": "3", "signed": "1815-01-01"},
    "changes": [
        {"kind": "unit-established", "unit": "medals", "name": {"en": "Medal Office"}, "parent": "mint"},
        {"kind": "appointed", "person": "bob", "post": "warden", "capacity": "substantive", "provision": "art. 4"},
    ],
}
LOST = entry("lost", {"kind": "unit-renamed", "unit": "nowhere", "name": {"en": "?"}}, effective="1816")


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the register of the mint, mended."""
    place = tmp_path_factory.mktemp("mint")
    done = regesta(place / "regesta.sqlite", "import", folder_of(place / "mint", "mint", ENTRIES))
    assert done.returncode == 0, done.stdout
    assert f"log at position {MENDED}" in done.stdout
    return place / "regesta.sqlite"


Status = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(db: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Status:
    """Runs a command in this process: its status, what it prints, what it says of errors."""

    def ran(*arguments: object) -> tuple[int, str, str]:
        status = in_this_process(monkeypatch, db, *arguments)
        said = capsys.readouterr()
        return status, said.out, said.err

    return ran


@pytest.fixture
def ask(run: Status) -> Ask:
    """What a command prints that ends well."""

    def asked(*arguments: object) -> str:
        status, out, err = run(*arguments)
        assert status == 0, err
        return out

    return asked


def drafts_in(place: Path, **files: object) -> Path:
    """A folder of drafts: `name.suffix` → plain data."""
    place.mkdir()
    for name, data in files.items():
        stem, _, suffix = name.rpartition("_")
        text = json.dumps(data).encode() if suffix == "json" else yaml_text(data)
        (place / f"{stem}.{suffix}").write_bytes(text)
    return place


# --- what was learned


def test_what_was_learned_names_the_entry_that_brought_it(ask: Ask) -> None:
    """A withdrawn rename reads as withdrawn, and the names of what is gone are still told."""
    # when
    shown = ask("diff", "mint", "--as-of", "1811-07-01", "--known-from", FORGED, "--known-to", MENDED)

    # then
    head = shown.splitlines()[:3]
    assert head[0] == "mint on 1 July 1811: what was learned; rules 3"
    assert f"after position {FORGED}, recorded 2" in head[1]
    assert f"up to position {MENDED}, recorded 2" in head[2]
    renamed = line_with(shown, "× annulled", "name: Imperial Mint → Mint")
    assert renamed.rstrip().endswith("mending       entry mending#1  a forgery")
    assert line_with(shown, "× annulled", "Trials [trials] → none shown", "entry mending#2")
    assert "Assay [assay]" in line_with(shown, "+ new ", "[assay]")
    assert "− no longer known: takes office" in line_with(shown, "Robert Ray [robert]")


def test_what_was_learned_from_nothing_is_everything(ask: Ask) -> None:
    """The first position is before all; its row says so."""
    shown = ask("diff", "mint", "--as-of", "1802-09-20", "--known-from", 0, "--known-to", FOUNDED)

    assert "after position 0, before anything was recorded" in shown
    by = "decree No. 1 of 8 September 1802 (founding#12)"
    assert by in line_with(shown, "+ takes on", "Warden [warden]: keeps the seals [seals]", "founding  ")


def test_nothing_learned_is_said(ask: Ask) -> None:
    """An empty table could as well be a fault."""
    shown = ask("diff", "mint", "--as-of", "1801-01-01", "--known-from", FORGED, "--known-to", MENDED)

    assert shown.splitlines()[-1] == "nothing was learned"


def test_days_differ_as_before(ask: Ask) -> None:
    """FROM and TO are what they were, with the later kinds in words."""
    shown = ask("diff", "mint", "1811-06-30", "1811-07-01", "--known-at", FORGED)

    assert "capacity: substantive → acting" in line_with(shown, "≈ serves otherwise", "Ann Lee [ann]: Warden [warden]")
    assert line_with(shown, "→ function passes", "strikes coin [coining]: Imperial Mint [mint] → Treasury [treasury]")
    assert line_with(shown, "? unnamed, abolished", "4 units (office) of Imperial Mint [mint] (decree-2#5)")
    assert line_with(shown, "≈ reorganized", "Assay [assay] → Trials [trials]")
    assert "Assay [assay] goes on in Trials [trials]" in shown


def test_knowledge_as_json_is_the_answer_of_the_server(ask: Ask) -> None:
    """With both positions."""
    told = ask("diff", "mint", "--as-of", "1811-07-01", "--known-from", FORGED, "--known-to", MENDED, "--json")
    answer = json.loads(told)

    assert (answer["known_from"]["position"], answer["known_to"]["position"]) == (FORGED, MENDED)
    assert {row["cause"]["entry"] for row in answer["changes"]} == {"mending", "one-man"}


@pytest.mark.parametrize(
    ("asked", "status", "words"),
    [
        ([], 2, "FROM: it is missing"),
        (["1811-07-01"], 2, "TO: it is missing"),
        (["--as-of", "1811-07-01"], 2, "--known-from: it is missing"),
        (["--known-from", "0", "--known-to", "7"], 2, "--as-of: it is missing"),
        (["1811-07-01", "--known-to", "7"], 2, "FROM: it is not asked together with --as-of"),
        (["--as-of", "1811-07-01", "--known-at", "7"], 2, "--known-at: it is not asked together"),
        (["--as-of", "1811-7-1", "--known-from", "0", "--known-to", "7"], 2, "'1811-7-1' is not a day"),
        (["--as-of", "1811-07-01", "--known-from", "27", "--known-to", "7"], 2, "--known-from: it lies after"),
        (["--as-of", "1811-07-01", "--known-from", "0", "--known-to", "99"], 1, "beyond the head of the log"),
        (["--as-of", "1811-07-01", "--known-from", "now", "--known-to", "7"], 1, "neither a position"),
    ],
)
def test_a_half_question_says_what_is_missing(run: Status, asked: list[str], status: int, words: str) -> None:
    """Two days, or one day and two positions, and no mixture."""
    ended, out, err = run("diff", "mint", *asked)

    assert (ended, out) == (status, "")
    assert words in err


# --- previews


def test_a_preview_shows_the_consequences_of_a_draft(ask: Ask, run: Status, tmp_path: Path) -> None:
    """Rows with their decree, who loses office, what the rules find; and nothing is recorded."""
    # given
    before = ask("verify", "mint")

    # when
    shown = ask("preview", "mint", drafts_in(tmp_path / "drafts", draft_yaml=REPLACED) / "draft.yaml")

    # then
    assert shown.startswith(f"mint: a preview, nothing is recorded; as known at position {MENDED}, recorded 2")
    assert line_with(shown, "+ new ", "Medal Office [medals]", "decree No. 3 of 1 January 1815 (decree-3#1)")
    handed = line_with(shown, "→ hands over to", "Warden [warden]: Ann Lee [ann] → Bob Ray [bob]")
    assert "1 January 1815" in handed
    assert "art. 4 (decree-3#2)" in handed
    lines = shown.splitlines()
    assert lines[lines.index("Lost office") + 2].split("  ")[0] == "Ann Lee [ann]"
    assert lines[-1].rstrip().endswith("not known")
    assert ask("verify", "mint") == before
    assert run("history", "mint", "decree-3")[0] == 1


def test_drafts_of_a_folder_are_taken_by_the_names_of_their_files(run: Status, tmp_path: Path) -> None:
    """A refused one is named with its file, and the next are tried without it; the status says so."""
    folder = drafts_in(
        tmp_path / "drafts",
        **{
            "3-more_json": [
                entry("more", {"kind": "unit-renamed", "unit": "medals", "name": {"en": "Orders"}}, effective="1817")
            ],
            "1-decree_yaml": REPLACED,
            "2-lost_yaml": LOST,
        },
    )

    status, shown, err = run("preview", "mint", folder)

    assert (status, err) == (1, "")
    assert line_with(shown, "REFUSED", "2-lost.yaml: entry 'lost', change 1", "'nowhere' (unknown-id)")
    assert line_with(shown, "Orders [medals]", "more  ", "entry more#1")


def test_new_findings_are_told_beside(ask: Ask, tmp_path: Path) -> None:
    """What an editor would have to answer for."""
    porter = {"kind": "post-created", "post": "porter", "unit": "mint", "title": {"en": "Porter"}}
    folder = drafts_in(tmp_path / "drafts", porter_yaml=entry("porter", porter, effective="1812"))

    shown = ask("preview", "mint", folder)

    assert line_with(shown, "post-without-holder", "porter#1")
    assert "count-mismatch" not in shown, "that one was there before"


def test_a_draft_may_be_previewed_on_what_was_known_then(ask: Ask, run: Status, tmp_path: Path) -> None:
    """Before the founding there is nothing to rename, and another institution may be founded."""
    renamed = entry(
        "new", {"kind": "unit-renamed", "unit": "mint", "name": {"en": "Royal Mint"}}, effective="1820-01-01"
    )
    founding = entry(
        "f",
        {"kind": "institution-declared", "name": {"en": "Bank"}, "effective": None},
        {**REPLACED["changes"][0], "parent": None, "effective": "1801"},
    )
    folder = drafts_in(tmp_path / "drafts", new_yaml=renamed)
    bank = drafts_in(tmp_path / "bank", f_json=founding)

    then, now = (ask("preview", "mint", folder, "--known-at", at, "--json") for at in (FORGED, MENDED))
    founded = ask("preview", "bank", bank)

    names = [json.loads(told)["diff"]["changes"][0]["before"]["name"]["en"] for told in (then, now)]
    assert names == ["Imperial Mint", "Mint"]
    assert "as known at position 0, before anything was recorded" in founded
    assert line_with(founded, "+ new", "Medal Office [medals]")
    assert run("preview", "bank", folder)[0] == 1
    assert run("preview", "bank", bank, "--known-at", "1")[0] == 1


def test_a_preview_that_changes_nothing_says_so(ask: Ask, tmp_path: Path) -> None:
    """An entry recorded already is such a one."""
    (tmp_path / "founding.yaml").write_text(ENTRIES["1-founding.yaml"], encoding="utf-8")

    assert ask("preview", "mint", tmp_path / "founding.yaml").splitlines()[-1] == "no changes"


def test_what_is_no_draft_is_refused(run: Status, tmp_path: Path) -> None:
    """By the name of the file, in a line; a register folder is told where it belongs."""
    (tmp_path / "broken.yaml").write_text("entry: [", encoding="utf-8")
    (tmp_path / "list.json").write_text('[{"entry": "x", "changes": []}]', encoding="utf-8")
    (tmp_path / "empty").mkdir()
    (tmp_path / "notes.txt").write_text("x", encoding="utf-8")
    folder_of(tmp_path / "register", "mint", {})
    said = {
        name: run("preview", "mint", tmp_path / name)
        for name in ("broken.yaml", "list.json", "empty", "notes.txt", "register", "nowhere.yaml")
    }

    assert [said[name][0] for name in said] == [1, 1, 2, 2, 2, 2]
    assert "broken.yaml" in said["broken.yaml"][2]
    assert "list.json, entry 1" in said["list.json"][2]
    assert "holds no drafts" in said["empty"][2]
    assert "a draft is a .yaml or .json file" in said["notes.txt"][2]
    assert "import --dry-run" in said["register"][2]
    assert "there is no such file" in said["nowhere.yaml"][2]
    assert {out for _, out, _ in said.values()} == {""}


# --- counts


def test_a_claimed_number_is_told_with_the_people_on_record(ask: Ask) -> None:
    """A historian sees at once who is missing."""
    shown = ask("counts", "mint")

    lines = [line.rstrip() for line in shown.splitlines()]
    at = next(i for i, line in enumerate(lines) if line.startswith("3 wardens"))
    assert lines[at].startswith("3 wardens, Warden [warden], 1802 to 1812, says the Almanac — MISMATCH")
    assert lines[at + 1 : at + 5] == [
        "  claimed by entry almanac#2",
        "  held     1  Ann Lee [ann]",
        "  began    1  Ann Lee [ann]",
        "  ended    0",
    ]
    clerks = line_with(shown, "1 clerks, Assay [assay], 1802 to 1812")
    assert "fits those who held it then and those who began then" in clerks
    assert "Bob Ray [bob]" in shown


def test_counts_are_asked_like_everything(ask: Ask) -> None:
    """As JSON, and as known then."""
    answer = json.loads(ask("counts", "mint", "--json"))

    assert list(answer["counts"]) == ["almanac#2", "almanac#3"]
    assert ask("counts", "mint", "--known-at", "15").splitlines()[-1] == "no numbers are claimed"


# --- functions, quantities, claims, identities, what is withheld


def test_a_structure_shows_functions_quantities_and_portfolios(ask: Ask) -> None:
    """Of units and of posts, each with who has it."""
    shown = ask("structure", "mint", "--as-of", "1805-06-10", "--known-at", FORGED)

    assert line_with(shown, "Mint [mint]", "strikes coin [coining]", "since 20 September 1802, ends 1 July 1811")
    assert line_with(shown, "Warden [warden]", "keeps the seals [seals]")
    assert line_with(shown, "Mint [mint]", "staff", "about 40, says the Almanac", "possible", "entry almanac#1")
    assert "in charge of coin and medals" in line_with(shown, "• Warden [warden]")


@pytest.mark.parametrize(
    ("thing", "told"),
    [
        (
            "mint",
            [
                "units that ever hung on it: Assay [assay]",
                "posts that ever hung on it: Warden [warden]",
                "strikes coin [coining]",
                "coin for the realm",
                "decree No. 1 of 8 September 1802, art. 2 (founding#13)",
                "staff: 41",
                "rule: strikes no copper (1803 to 1804)",
            ],
        ),
        (
            "warden",
            ["keeps the seals [seals]", "3 wardens, 1802 to 1812", "coin and medals", "acting"],
        ),
        ("ann", ["also written Анна Ли", "born about 1770", "education", "Riga"]),
        ("bob", ["Bob Ray [bob]", "also called robert", "Clerk [clerk]"]),
        ("robert", ["Bob Ray [bob]", "also called robert", "Clerk [clerk]"]),
        ("decree-2", ["decree No. 2 of 20 June 1811 [decree-2]", "signed 20 June 1811", "≈ serves otherwise"]),
        (
            "almanac",
            [
                "entry [almanac]",
                "recorded at positions 16 to 21 by import",
                "is corrected by mending#3",
                "is withheld",
                "# number of holders claimed",
            ],
        ),
        ("mending", ["decree-2#1: a forgery", "almanac#1: misprint", "almanac#6: privacy"]),
        ("one-man", ["entry [one-man]", "recorded at position 32 by import", "bob, robert: one man"]),
    ],
)
def test_a_history_tells_everything_of_its_thing(ask: Ask, thing: str, told: list[str]) -> None:
    """Functions, mandates, claims, lives, and under which ids."""
    shown = ask("history", "mint", thing)

    for words in told:
        assert words in shown
    assert "slander" not in shown


def test_before_the_unification_each_id_had_its_own_history(ask: Ask) -> None:
    """As over HTTP."""
    assert "Robert Ray [robert]" in ask("history", "mint", "robert", "--known-at", FORGED)
    assert json.loads(ask("history", "mint", "robert", "--json"))["id"] == "bob"


def test_what_is_withheld_is_shown_nowhere(ask: Ask) -> None:
    """Not as known before it was withheld either."""
    questions: list[list[Any]] = [
        *(["history", "mint", thing] for thing in ("mint", "almanac", "mending")),
        ["structure", "mint", "--as-of", "1805-06-10"],
    ]
    for question in questions:
        for more in ([], ["--json"], ["--known-at", FORGED], ["--known-at", FORGED, "--json"]):
            if question[-1] != "mending" or "--known-at" not in more:
                assert "slander" not in ask(*question, *more)


def test_the_effect_of_a_transfer_of_a_function_names_it(ask: Ask) -> None:
    """Who has what, by which change."""
    assert "Treasury [treasury]" in line_with(ask("history", "mint", "decree-2"), "→ function passes")


def test_every_kind_of_change_has_its_words() -> None:
    """An entry's effects read as words, not as codes."""
    assert KINDS.keys() <= WORDS.keys()


@pytest.mark.parametrize(
    ("edtf", "words"),
    [
        ("1802/1812", "1802 to 1812"),
        ("1802-09/1812-01-01", "September 1802 to 1 January 1812"),
        ("1805", "1805"),
        ("../1805", "1805 or before"),
        ("1805/..", "1805 or after"),
        (None, "at no stated time"),
    ],
)
def test_a_time_that_is_claimed_is_all_of_it(edtf: str | None, words: str) -> None:
    """Of a claim `a/b` is no single day."""
    assert during_phrase(edtf) == words
