"""What a unit came from and what it went on in, on the command line: trees, and a list of what happened."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.api.commandline import folder_of, in_this_process, line_with

ENTRIES = {
    "1-founding.yaml": """
entry: founding
instrument: {kind: decree, number: 1, signed: 1802-09-08, in_force: 1802-09-20}
changes:
  - {kind: unit-established, unit: treasury, name: {en: Treasury}}
  - {kind: unit-established, unit: mint, name: {en: Mint}, parent: treasury}
  - {kind: unit-established, unit: assay, name: {en: Assay}, parent: treasury}
  - {kind: unit-established, unit: vault, name: {en: Vault}, parent: mint}
  - {kind: function-assigned, holder: mint, function: coining, text: {en: strikes coin}}
""",
    "2-merger.yaml": """
entry: merger
instrument: {kind: decree, number: 2, signed: 1811-07-01}
effective: 1811-07-01
changes:
  - {kind: units-reorganized, form: merge, before: [mint, assay],
     after: [{unit: coinage, name: {en: Coinage}, parent: treasury}],
     links: [[mint, coinage], [assay, coinage, the scales]]}
  - {kind: unit-moved, unit: vault, parent: coinage}
  - {kind: function-transferred, holder: coinage, function: coining}
""",
    "3-split.yaml": """
entry: split
effective: 1820-01-01
changes:
  - {kind: units-reorganized, form: split, before: [coinage],
     after: [{unit: coins, name: {en: Coins}}, {unit: medals, name: {en: Medals}}]}
""",
    "4-end.yaml": """
entry: end
effective: 1830-01-01
changes:
  - {kind: unit-abolished, unit: coins, successors: [treasury, assay]}
""",
    "5-again.yaml": """
entry: again
effective: 1840-01-01
changes:
  - {kind: unit-reinstated, unit: coins}
""",
}


def history(unit: str, place: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> str:
    """What `history` prints of a unit of the mint."""
    folder, db = folder_of(place / "mint", "mint", ENTRIES), place / "regesta.sqlite"
    assert in_this_process(monkeypatch, db, "import", folder) == 0
    capsys.readouterr()
    assert in_this_process(monkeypatch, db, "history", "mint", unit) == 0
    return capsys.readouterr().out


def part(shown: str, head: str) -> list[str]:
    """The lines under *head*, that of the table apart."""
    return shown.split(f"\n{head}\n")[1].split("\n\n")[0].splitlines()[1:]


def test_a_history_goes_back_over_all_acts_as_a_tree(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """From what it came, by which act, what passed with it, and how much of it."""
    # when
    came = part(history("medals", tmp_path, monkeypatch, capsys), "Came from")

    # then
    assert [line.split("  ")[0] or line[:2] for line in came] == ["Coinage [coinage]", "  ", "  "]
    text = "\n".join(came)
    assert "split, in part" in line_with(text, "Coinage [coinage]", "1 January 1820", "entry split#1")
    merged = line_with(text, "  Mint [mint]", "merged  ", "strikes coin [coining], Vault [vault]")
    assert merged.rstrip().endswith("1 July 1811     decree No. 2 of 1 July 1811 (merger#1)")
    assert line_with(text, "  Assay [assay]", "merged: the scales")


def test_a_history_goes_on_and_tells_each_life(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A successor that does not stand is named as that; a unit that came back has its steps life by life."""
    # when
    shown = history("coins", tmp_path, monkeypatch, capsys)
    went, steps = "\n".join(part(shown, "Went on in")), "\n".join(part(shown, "Step by step"))

    # then
    assert line_with(went, "Treasury [treasury]", "abolished, with a successor, in part", "entry end#1")
    assert line_with(went, "Coins [coins]", "reinstated", "entry again#1")
    assert line_with(went, "Assay [assay]", "named as successor, but did not stand then")
    assert line_with(steps, "life 1: 1 January 1820", "+ new: split", "from Coinage [coinage]")
    assert line_with(steps, "life 1: 1 January 1830", "− abolished", "into Treasury [treasury]")
    assert line_with(steps, "life 2: 1 January 1840", "+ reinstated")
