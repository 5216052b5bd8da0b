"""Design 2, 3: what is redacted is erased for good, for every reader and whatever position is asked for."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import Any

import orjson
import pytest

from domain.acts import redactions
from domain.dates import day
from domain.decide import FoldedHistory
from domain.entries import entry_from
from domain.errors import EntryDiffers, EntryRefused, EntryUnreadable
from domain.findings import all_findings, findings_of
from domain.recording import Receipt, Registers
from projections.counted import claimed_counts
from projections.findings import findings
from projections.histories import entry_history, instrument_history, person_history, unit_history
from projections.preview import preview
from projections.recorders.sqlite import open_sqlite
from projections.structure import structure
from tests.history import FOUNDING, NOON, appointed, post, unit

Written = dict[str, Any]


def redacted(*targets: str) -> Written:
    """What *targets* say is erased."""
    return {"kind": "redacted", "targets": list(targets), "scope": "all", "ground": "a court's order"}


def annulled(target: str) -> Written:
    """*target* is to be read as never recorded."""
    return {"kind": "annulled", "target": target, "reason": "x"}


class Mint:
    """A store with the register of the mint, written entry by entry."""

    def __init__(self, registers: Registers) -> None:
        self.registers = registers
        self.known: dict[str, str] = {}
        self.entry(FOUNDING)

    def entry(self, data: Written) -> Receipt:
        """Record an entry."""
        receipt = self.registers.record("mint", entry_from(data, "test"), "test")
        self.known[receipt.entry] = str(receipt.last)
        return receipt

    def on(self, effective: str | None, *changes: Written, by: str, **more: Any) -> Receipt:
        """Record *changes* as the entry *by*."""
        return self.entry({"entry": by, "effective": effective, "changes": list(changes), **more})

    def structure(self, as_of: str, known: str | None = None) -> Written:
        """The structure on a day, as known at the head or at the end of an entry."""
        view = self.registers.view("mint", self.known[known] if known else None)
        return structure(view.world, day(as_of))

    def units(self, as_of: str, known: str | None = None) -> list[str]:
        """The units that stand on a day."""
        return sorted(self.structure(as_of, known)["units"])

    def stored(self, entry: str) -> bytes:
        """What the log keeps of an entry."""
        first, last = self.registers.log.entry("mint", entry) or (0, 0)
        out = BytesIO()
        self.registers.log.export("mint", out)
        return b"".join(out.getvalue().splitlines()[first : last + 1])

    def answers(self, known: str | None = None) -> bytes:
        """All that a reader is told at a position, as JSON."""
        view = self.registers.view("mint", self.known[known] if known else None)
        world = view.world
        told: list[Any] = [structure(world, day(d)) for d in ("2005-05-05", "2010-01-01")]
        told += [unit_history(world, "mint", thing) for thing, kind in world.kinds.items() if kind == "unit"]
        told += [person_history(world, "mint", thing) for thing, kind in world.kinds.items() if kind == "person"]
        told += [instrument_history(world, "mint", name) for name in world.instruments]
        entries = dict.fromkeys(event.entry for _, event in view.known.rows)
        told += [entry_history(world, view.known, "mint", entry) for entry in entries]
        told += [findings(world), claimed_counts(world)]
        return orjson.dumps(told)


@pytest.fixture
def mint() -> Iterator[Mint]:
    """The mint, with the units `u` and `v` established by the entry `act`, and `u` renamed by `name`."""
    with open_sqlite(":memory:") as log:
        mint = Mint(Registers(log, lambda: NOON))
        mint.on("2005-05-05", unit("u"), unit("v"), by="act")
        mint.on("2006-06-06", {"kind": "unit-renamed", "unit": "u", "name": {"en": "Delicate"}}, by="name")
        yield mint


def name_of(mint: Mint, known: str | None = None) -> str:
    """What `u` is called in the end."""
    name: str = mint.structure("2010-01-01", known)["units"]["u"]["name"]["en"]
    return name


def test_what_is_redacted_is_withheld_at_every_known_position(mint: Mint) -> None:
    """Also at those before the redaction, and where they were asked for before it."""
    assert name_of(mint, "name") == "Delicate"

    mint.on(None, redacted("name#1"), by="hush")

    for known in ("name", "hush", None):
        assert name_of(mint, known) == "u"
    assert b"Delicate" not in mint.answers()
    assert b"Delicate" not in mint.answers("name")


def test_what_is_not_redacted_stays(mint: Mint) -> None:
    """Of the entry only the change that is named is withheld."""
    mint.on(None, redacted("act#2"), by="hush")

    assert mint.units("2005-05-05") == ["mint", "u"]
    assert mint.units("2005-05-05", "act") == ["mint", "u"]


def test_the_entry_shows_that_something_is_withheld_and_not_what(mint: Mint) -> None:
    """Its kind and place stay: the log has no gaps."""
    mint.on("2007-07-07", unit("w"), {**unit("z"), "note": "Delicate too"}, by="two")
    mint.on(None, redacted("two#2"), by="hush")

    view = mint.registers.view("mint")
    first, second = entry_history(view.world, view.known, "mint", "two")["changes"]
    assert (first["event"], first["redacted"], first["change"]["unit"]) == ("two#1", False, "w")
    assert (second["event"], second["redacted"], second["kind"]) == ("two#2", True, "unit-established")
    assert second["change"] is second["effective"] is second["note"] is None
    assert second["sources"] == []


@pytest.mark.parametrize("target", ["hush", "hush#1"])
def test_an_annulled_redaction_brings_nothing_back(mint: Mint, target: str) -> None:
    """The annulment says that it was wrong; what is gone is gone, and may be recorded anew."""
    mint.on(None, redacted("name#1"), by="hush")
    mint.on(None, annulled(target), by="lifted")

    for known in ("name", "hush", "lifted"):
        assert name_of(mint, known) == "u"
    assert b"Delicate" not in mint.answers()

    mint.on("2006-06-06", {"kind": "unit-renamed", "unit": "u", "name": {"en": "Anew"}}, by="anew")
    assert name_of(mint) == "Anew"
    assert name_of(mint, "lifted") == "u"


def test_several_changes_are_redacted_at_once(mint: Mint) -> None:
    """Of one entry or of several."""
    mint.on(None, redacted("act#2", "name#1"), by="hush")

    assert mint.units("2010-01-01") == ["mint", "u"]
    assert name_of(mint) == "u"


def test_the_chain_still_verifies(mint: Mint) -> None:
    """A redaction is an event like others; the head tells of it."""
    before = mint.registers.log.verify("mint")
    mint.on(None, redacted("name#1"), by="hush")
    after = mint.registers.log.verify("mint")

    assert after == mint.registers.head("mint")
    assert (after.position, before.position) == (before.position + 1, before.position)
    assert after.hash != before.hash


def test_redacting_what_introduced_a_thing_hides_what_hangs_on_it(mint: Mint) -> None:
    """It then hangs on nothing: not shown, and found."""
    mint.on("2005-05-05", unit("delicate"), by="new")
    mint.on("2006-06-06", {"kind": "unit-renamed", "unit": "delicate", "name": {"en": "Other"}}, by="later")
    mint.on(None, redacted("new#1"), by="hush")

    assert mint.units("2010-01-01") == ["mint", "u", "v"]
    assert "orphaned" in {finding.rule for finding in all_findings(mint.registers.view("mint").world)}


def test_a_person_whose_names_are_redacted_is_known_no_longer(mint: Mint) -> None:
    """Nothing of the registration is told; the tenures hang on nobody."""
    mint.on(
        "2001-01-01", {"kind": "person-registered", "person": "p1", "name": {"en": "Unspeakable"}}, post("p"), by="who"
    )
    mint.on("2005-05-05", appointed("p1", "p"), by="tenure")
    mint.on(None, redacted("who#1"), by="hush")

    assert mint.structure("2005-05-05")["posts"]["p"]["holders"] == {}
    assert b"Unspeakable" not in mint.answers()


def test_an_instrument_can_be_redacted(mint: Mint) -> None:
    """`ENTRY#0`: its number and title are withheld; the acts that state their own day stay."""
    decree = {"kind": "decree", "number": "77-secret", "title": {"en": "Unspeakable"}}
    mint.on("2008-08-08", unit("w"), by="D", instrument=decree)
    mint.on(None, redacted("D#0"), by="hush")

    answers = mint.answers()
    assert b"Unspeakable" not in answers
    assert b"77-secret" not in answers
    assert "w" in mint.units("2010-01-01")


def test_a_correction_can_be_redacted(mint: Mint) -> None:
    """What it says is withheld; what it corrected reads as first recorded."""
    change = {"kind": "unit-renamed", "unit": "u", "name": {"en": "Worse"}}
    mint.on(None, {"kind": "corrected", "target": "name#1", "change": change, "reason": "misread"}, by="fix")
    assert name_of(mint) == "Worse"
    mint.on(None, redacted("fix#1"), by="hush")

    assert name_of(mint) == "Delicate"
    assert b"Worse" not in mint.answers()
    assert b"Worse" not in mint.answers("fix")


def test_what_was_corrected_and_is_redacted_reads_neither_way(mint: Mint) -> None:
    """The correction is a change of its own: it is not shown, and not erased unless it is named too."""
    change = {"kind": "unit-renamed", "unit": "u", "name": {"en": "Worse"}}
    mint.on(None, {"kind": "corrected", "target": "name#1", "change": change, "reason": "misread"}, by="fix")
    mint.on(None, redacted("name#1"), by="hush")

    assert name_of(mint) == "u"
    assert b"Worse" in mint.stored("fix")


@pytest.mark.parametrize("kind", ["corrected", "reading-preferred"])
def test_what_is_erased_is_neither_corrected_nor_preferred(mint: Mint, kind: str) -> None:
    """Nobody would ever be shown the correction: the fact is to be recorded anew."""
    mint.on(None, redacted("name#1"), by="hush")
    change = {"kind": "unit-renamed", "unit": "u", "name": {"en": "Worse"}, "effective": "2006-06-06"}
    more = {"change": change} if kind == "corrected" else {}

    with pytest.raises(EntryRefused) as refusal:
        mint.on(None, {"kind": kind, "target": "name#1", "reason": "misread", **more}, by="fix")

    assert [reason.rule for reason in refusal.value.reasons] == ["not-correctable"]


def test_what_is_erased_can_be_annulled(mint: Mint) -> None:
    """With the rest of its entry, which may be wrong as a whole."""
    mint.on(None, redacted("act#1"), by="hush")
    mint.on(None, annulled("act"), by="wrong")

    assert mint.units("2005-05-05") == ["mint"]


def test_a_redaction_is_not_redacted(mint: Mint) -> None:
    """It says what is gone and why; without it nobody could tell an erased row from a lost one."""
    mint.on(None, redacted("name#1"), by="hush")

    with pytest.raises(EntryRefused) as refusal:
        mint.on(None, redacted("hush#1"), by="hush2")

    assert [reason.rule for reason in refusal.value.reasons] == ["not-redactable"]


def test_an_id_that_only_an_erased_change_introduced_is_unknown(mint: Mint) -> None:
    """What it was is not known any more: who goes on telling of it introduces it again."""
    renamed = {"kind": "unit-renamed", "unit": "v", "name": {"en": "Other"}}
    mint.on(None, redacted("act#2"), by="hush")

    with pytest.raises(EntryRefused) as refusal:
        mint.on("2009-09-09", renamed, by="later")

    assert [reason.rule for reason in refusal.value.reasons] == ["unknown-id"]
    mint.on("2009-09-09", unit("v"), {**renamed, "effective": "2010-01-01"}, by="again")
    assert mint.units("2009-09-08") == ["mint", "u"]
    assert mint.units("2009-09-09") == ["mint", "u", "v"]


def test_the_founding_can_be_redacted(mint: Mint) -> None:
    """A register without a name goes on."""
    mint.on(None, redacted("founding#1"), by="hush")

    assert "u" in mint.units("2010-01-01")
    mint.on("2011-01-01", unit("w"), by="more")
    assert "w" in mint.units("2011-01-01")


def test_an_erased_entry_sent_again_stands_already(mint: Mint) -> None:
    """A folder that is imported again must not bring back what was erased, nor fail for what is gone."""
    entry = {
        "entry": "two",
        "effective": "2007-07-07",
        "changes": [unit("w"), {**unit("z"), "note": "Delicate"}],
    }
    mint.entry(entry)
    mint.on(None, redacted("two#2"), by="hush")
    head = mint.registers.head("mint")

    receipt = mint.entry(entry)

    assert (receipt.new, receipt.head) == (False, head)
    assert b"Delicate" not in mint.stored("two")


@pytest.mark.parametrize(
    "changes",
    [[unit("w"), unit("z"), unit("y")], [unit("x"), unit("z")], [unit("w"), post("p")]],
    ids=["a change more", "another change that is left", "another kind"],
)
def test_an_erased_entry_sent_with_other_content_differs(mint: Mint, changes: list[Written]) -> None:
    """As far as can be told: number and kinds of the changes, and what is left of them."""
    mint.on("2007-07-07", unit("w"), unit("z"), by="two")
    mint.on(None, redacted("two#2"), by="hush")

    with pytest.raises(EntryDiffers):
        mint.on("2007-07-07", *changes, by="two")


def test_a_claim_redacted_is_no_longer_counted_or_found(mint: Mint) -> None:
    """Counts and findings are answers too."""
    mint.on("2001-01-01", post("p"), by="post")
    claim = {"kind": "count-claimed", "what": "delicate", "post": "p", "during": "2005", "value": 9}
    mint.on(None, claim, by="claim")
    assert "claim#1" in claimed_counts(mint.registers.view("mint").world)
    mint.on(None, redacted("claim#1"), by="hush")

    world = mint.registers.view("mint").world
    assert claimed_counts(world) == {}
    assert b"delicate" not in mint.answers()


def rival(mint: Mint) -> Written:
    """An entry that disagrees with the founding of `delicate`, which is withheld."""
    mint.on(None, {"kind": "unit-attested", "unit": "delicate", "name": {"en": "D"}}, by="id")
    mint.on("2005-05-05", unit("delicate"), by="secret")
    mint.on(None, redacted("secret#1"), by="hush")
    return {"entry": "late", "effective": "2007-07-07", "changes": [unit("delicate")]}


def test_a_receipt_tells_nothing_of_what_is_redacted(mint: Mint) -> None:
    """The findings of an entry are those that its readers are told."""
    late = rival(mint)

    receipt = mint.entry(late)

    assert {act.target for finding in receipt.findings for act in finding.acts}.isdisjoint({"secret#1"})
    assert receipt.findings == findings_of(mint.registers.view("mint").world, "late")


def test_a_preview_tells_nothing_of_what_is_redacted(mint: Mint) -> None:
    """Neither rows nor findings."""
    late = rival(mint)
    view = mint.registers.view("mint")
    history = FoldedHistory("mint", view.known.rows, mint.registers.redacted("mint"))

    answer = preview(history, [entry_from(late, "test")], "test")

    assert b"secret" not in orjson.dumps(answer)
    assert [row["kind"] for row in answer["diff"]["changes"]] == ["unit-established"]


def test_a_preview_of_a_redaction_shows_what_it_takes_away(mint: Mint) -> None:
    """Who is about to withhold something sees what readers will miss."""
    rows = mint.registers.view("mint").known.rows
    draft = entry_from({"entry": "hush", "effective": None, "changes": [redacted("act#2")]}, "test")

    changes = preview(FoldedHistory("mint", rows), [draft], "test")["diff"]["changes"]

    assert [(row["subject"], row["after"]) for row in changes] == [({"unit": "v"}, None)]


def test_a_redaction_of_unknown_changes_is_refused(mint: Mint) -> None:
    """Each target is looked up; nothing is recorded if one is missing."""
    head = mint.registers.head("mint")
    with pytest.raises(EntryRefused) as refusal:
        mint.on(None, redacted("act#1", "act#9", "nothing#1"), by="hush")

    assert [reason.rule for reason in refusal.value.reasons] == ["unknown-target", "unknown-target"]
    assert mint.registers.head("mint") == head


@pytest.mark.parametrize("targets", [[], ["act"], ["act#1", "name"]])
def test_a_redaction_names_changes(targets: list[str]) -> None:
    """At least one, and no whole entry."""
    with pytest.raises(EntryUnreadable):
        entry_from({"entry": "x", "changes": [redacted(*targets)]}, "test")


def test_a_redaction_cannot_be_corrected_or_preferred(mint: Mint) -> None:
    """Only annulled."""
    mint.on(None, redacted("name#1"), by="hush")
    wrong: list[Written] = [
        {"kind": "corrected", "target": "hush#1", "change": unit("w"), "reason": "x"},
        {"kind": "reading-preferred", "target": "hush#1", "reason": "x"},
    ]
    for number, change in enumerate(wrong):
        with pytest.raises(EntryRefused) as refusal:
            mint.on(None, change, by=f"bad{number}")
        assert [reason.rule for reason in refusal.value.reasons] == ["not-correctable"]


def test_a_reader_who_holds_rows_and_redactions_sees_the_same(mint: Mint) -> None:
    """What is withheld follows from the log alone."""
    mint.on(None, redacted("name#1"), by="hush")
    rows = mint.registers.view("mint").known.rows

    assert redactions(event for _, event in rows) == mint.registers.redacted("mint") == {"name#1"}
