"""The page of licences tells of every locked package, and of each what it states."""

from __future__ import annotations

from importlib.metadata import version

import pytest

from ledger.__main__ import DOCS, LOCK
from ledger.licences import NOT_INSTALLED, Locked, locked_in, page

LOCKED = locked_in(LOCK)


def test_the_page_of_licences_is_current() -> None:
    """Whoever raises a version makes it anew with `make pages`, and sees a licence that has changed."""
    assert (DOCS / "licences.md").read_text(encoding="utf-8") == page(LOCK)


def test_every_package_of_the_lock_is_read() -> None:
    """A line that is not understood would leave a licence out."""
    lines = [line for line in LOCK.read_text(encoding="utf-8").splitlines() if "==" in line and "--hash" not in line]
    assert len(LOCKED) == len(lines) > 40


@pytest.mark.parametrize("package", [each for each in LOCKED if not each.where], ids=lambda package: package.name)
def test_a_package_that_is_needed_everywhere_states_its_licence(package: Locked) -> None:
    """And is the one that is locked, so that it speaks of itself."""
    assert package.licence not in ("", NOT_INSTALLED)
    assert version(package.name) == package.version


def test_a_package_that_is_not_here_says_so() -> None:
    """Its licence is not made up."""
    assert Locked("no-such-package-of-the-mint", "1.0", "").licence == NOT_INSTALLED
