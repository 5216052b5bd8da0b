"""Citations: what was asked, of which log at which position, and the address that answers the same for ever."""

from __future__ import annotations

from urllib.parse import quote, urlencode

from domain.chain import Head
from domain.errors import NotAsCited
from domain.rules import RULES
from projections.structure import Answer

DIGITS = 16  # of the hash in an address: 64 bits name one log
FEWEST = 8  # that a reader may send


def citation(institution: str, head: Head, path: str, **asked: object) -> Answer:
    """{institution, question, as_of, known_at, rules, address, text} of an answer to *path* with parameters *asked*.

    Of *asked* what is None was not asked. The address names the position, the hash and the rules, so that what is
    served there is that very answer, or a refusal that says why not.
    """
    named = {name: value for name, value in asked.items() if value is not None}
    place = quote(path, safe="/:")
    question = f"{place}?{_query(named)}" if named else place
    known = {} if "known_to" in named else {"known_at": head.position}
    cited = {**named, **known, "hash": head.hash[:DIGITS], "rules": RULES}
    return {
        "institution": institution,
        "question": question,
        "as_of": named.get("as_of"),
        "known_at": {"position": head.position, "hash": head.hash},
        "rules": RULES,
        "address": f"/v1/institutions/{quote(institution)}/{place}?{_query(cited)}",
        "text": f"{institution}, {question}, as known at position {head.position}"
        f" (hash {head.hash[:DIGITS]}), rules {RULES}",
    }


def cite_as(cited: Answer) -> str:
    """The header `Link` by which a form of an answer that cannot hold its citation names it (RFC 8574)."""
    return f'<{cited["address"]}>; rel="cite-as"'


def _query(named: dict[str, object]) -> str:
    return urlencode(named, safe=":")


def as_cited(institution: str, head: Head, hash_: str | None, rules: int | None) -> None:
    """See that the log and the rules are those that an address names. Raises: NotAsCited."""
    if hash_ is not None and not head.hash.startswith(hash_.lower()):
        raise NotAsCited(institution, f"the hash {hash_}", f"{head.hash} at position {head.position}")
    if rules is not None and rules != RULES:
        raise NotAsCited(institution, f"the rules {rules}", f"the rules {RULES}")
