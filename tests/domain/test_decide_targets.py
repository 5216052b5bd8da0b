"""Refusals of targets: what is not recorded, or cannot be read in another way."""

from __future__ import annotations

import pytest

from tests.domain.deciding import Written, mint, reason_of
from tests.history import unit


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "reading-preferred", "target": "e1#9", "reason": "x"},
        {"kind": "redacted", "targets": ["e1#1", "e1#9"], "scope": "names", "ground": "x"},
        {"kind": "redacted", "targets": ["nothing#1"], "scope": "names", "ground": "x"},
    ],
)
def test_what_is_not_recorded_can_be_neither_preferred_nor_redacted(change: Written) -> None:
    """Every control names what stands in the log."""
    reason = reason_of(mint(), change)

    assert (reason.rule, reason.change) == ("unknown-target", 1)
    assert "#" in reason.detail


@pytest.mark.parametrize("target", ["nothing", "nothing#1", "e1#9", "e1#0"])
def test_what_is_not_recorded_cannot_be_annulled(target: str) -> None:
    """`e1` brings no instrument, so it has no #0."""
    reason = reason_of(mint(), {"kind": "annulled", "target": target, "reason": "x"})

    assert (reason.rule, reason.change) == ("unknown-target", 1)
    assert repr(target) in reason.detail


def test_what_is_not_recorded_cannot_be_corrected() -> None:
    """The number of the change that names the target is told."""
    fix = {"kind": "corrected", "change": unit("assay"), "reason": "x"}

    reason = reason_of(mint(), {**fix, "target": "e1#1"}, {**fix, "target": "e1#9"})

    assert (reason.rule, reason.change) == ("unknown-target", 2)
    assert "'e1#9'" in reason.detail


def test_an_entry_does_not_say_how_its_own_changes_are_to_be_read() -> None:
    """A preference among two claims of one dossier takes an entry of its own."""
    preferred = {"kind": "reading-preferred", "target": "bad#1", "reason": "x"}

    reason = reason_of(mint(), unit("salt"), preferred)

    assert (reason.rule, reason.change) == ("unknown-target", 2)
    assert "of this very entry" in reason.detail


def test_a_change_its_entry_and_its_instrument_are_targets() -> None:
    """`ENTRY#n`, `ENTRY#0`, and for an annulment `ENTRY`."""
    for target in ("e1#1", "e1", "decree-2#0", "decree-2#1", "decree-2"):
        mint().on(None, {"kind": "annulled", "target": target, "reason": "x"})
    issued = {"kind": "instrument-issued", "instrument": "D2", "instrument_kind": "decree", "signed": "2002-02-03"}
    history = mint().on(None, {"kind": "corrected", "target": "decree-2#0", "change": issued, "reason": "x"})

    assert history.people("warden", "2002-02-02") == []
    assert history.people("warden", "2002-02-03") == ["ann"]


def test_an_annulment_cannot_be_corrected_only_annulled() -> None:
    """There is nothing in it that could read otherwise."""
    history = mint().on(None, {"kind": "annulled", "target": "e1#1", "reason": "x"}, by="gone")
    change = {**unit("assay"), "effective": "2001-01-01"}

    reason = reason_of(history, {"kind": "corrected", "target": "gone#1", "change": change, "reason": "x"})

    assert (reason.rule, reason.change) == ("not-correctable", 1)
    assert "'gone#1'" in reason.detail
    assert "assay" not in history.units("2001-01-01")
    history.on(None, {"kind": "annulled", "target": "gone#1", "reason": "x"})
    assert "assay" in history.units("2001-01-01")


@pytest.mark.parametrize(
    "control",
    [
        {"kind": "reading-preferred", "target": "e1#1", "reason": "x"},
        {"kind": "identities-unified", "ids": ["assay", "works"], "reason": "x"},
        {"kind": "redacted", "targets": ["e1#1"], "scope": "names", "ground": "x"},
    ],
)
def test_no_control_but_a_correction_can_be_corrected(control: Written) -> None:
    """Preferred readings, unifications and redactions can only be annulled."""
    history = mint().on(None, control, by="control")
    change = {**unit("assay"), "effective": "2001-01-01"}

    reason = reason_of(history, {"kind": "corrected", "target": "control#1", "change": change, "reason": "x"})

    assert (reason.rule, reason.change) == ("not-correctable", 1)
    assert "'control#1'" in reason.detail
    history.on(None, {"kind": "annulled", "target": "control#1", "reason": "x"})


def test_a_redaction_is_not_redacted() -> None:
    """It alone says what is gone."""
    hush = {"kind": "redacted", "targets": ["e1#1"], "scope": "names", "ground": "x"}
    history = mint().on(None, hush, by="hush")

    reason = reason_of(history, {**hush, "targets": ["e1#2", "hush#1"]})

    assert (reason.rule, reason.change) == ("not-redactable", 1)
    assert "'hush#1'" in reason.detail


def test_a_correction_can_be_corrected() -> None:
    """Which replaces that one's change."""
    fix = {"kind": "corrected", "reason": "x"}
    history = (
        mint()
        .on(None, {**fix, "target": "e1#1", "change": unit("assay", kind="one")}, by="fix")
        .on(None, {**fix, "target": "fix#1", "change": unit("assay", kind="two")})
    )

    assert history.structure("2001-01-01")["units"]["assay"]["kind"] == "two"


def test_an_annulment_that_orphans_is_accepted() -> None:
    """What then hangs on nothing is a finding."""
    history = mint().on(None, {"kind": "annulled", "target": "e1#3", "reason": "no such post"})

    assert "warden" not in history.structure("2003-03-03")["posts"]
