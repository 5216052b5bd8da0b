"""`python -m ledger` makes the pages that are made from registers and code; --check says which are out of date."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from api.examples import ANSWERS
from ledger import commands, examples, facts, heads, licences, routes, settings

ROOT = Path(__file__).parents[1]
REGISTER = ROOT / "fixtures" / "kz-eo"
FACTS, DOCS, LOCK = REGISTER / "FACTS.md", ROOT / "docs", ROOT / "requirements.txt"


def pages() -> dict[Path, str]:
    """The text of every page that is made, by its place."""
    entries = facts.entries_in(REGISTER)
    return {
        FACTS: facts.page(facts.facts_in(REGISTER), entries),
        DOCS / "heads.md": heads.page(heads.register_in(REGISTER)),
        DOCS / "every-command.md": commands.page(),
        DOCS / "every-address.md": routes.page(),
        DOCS / "settings.md": settings.page(),
        DOCS / "licences.md": licences.page(LOCK),
        ANSWERS: examples.page(),
    }


def main() -> int:
    """Write the pages; tell what is amiss with the ledger of facts. The status is 1 if anything is."""
    parser = argparse.ArgumentParser(prog="python -m ledger", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing: name the pages that are out of date")
    given = parser.parse_args()
    amiss = facts.faults(facts.facts_in(REGISTER), facts.entries_in(REGISTER))
    for path, text in pages().items():
        if not given.check:
            path.write_text(text, encoding="utf-8", newline="\n")
        elif not path.is_file() or path.read_text(encoding="utf-8") != text:
            amiss.append(f"{path.relative_to(ROOT)} is out of date: python -m ledger makes it anew")
    sys.stdout.write("".join(f"{fault}\n" for fault in amiss))
    return 1 if amiss else 0


if __name__ == "__main__":
    sys.exit(main())
