"""Knowledge and previews on the command line, as a historian reads them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from domain.entries import yaml_text
from tests.api.commandline import Ask, Run, entry, folder_of, line_with, recorded_in
from tests.api.mended import ENTRIES, FORGED, FOUNDED, MENDED

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
    return recorded_in(tmp_path_factory.mktemp("mint"), "mint", ENTRIES)


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
def test_a_half_question_says_what_is_missing(run: Run, asked: list[str], status: int, words: str) -> None:
    """Two days, or one day and two positions, and no mixture."""
    ended, out, err = run("diff", "mint", *asked)

    assert (ended, out) == (status, "")
    assert words in err


# --- previews


def test_a_preview_shows_the_consequences_of_a_draft(ask: Ask, run: Run, tmp_path: Path) -> None:
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


def test_drafts_of_a_folder_are_taken_by_the_names_of_their_files(run: Run, tmp_path: Path) -> None:
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


def test_a_draft_may_be_previewed_on_what_was_known_then(ask: Ask, run: Run, tmp_path: Path) -> None:
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


def test_what_is_no_draft_is_refused(run: Run, tmp_path: Path) -> None:
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
