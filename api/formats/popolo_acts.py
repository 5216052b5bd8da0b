"""What a Popolo document rests on: acts, the addresses of their sources; and what none of its objects tells."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Mapping

from api.formats.cited import Cited
from api.formats.exported import Exported, lose_what_reads_otherwise
from api.formats.losses import Losses
from domain import changes as e
from domain.acts import Act
from domain.world import World
from projections.structure import Answer, cause_of

URL = re.compile(r"https?://\S+")

NO_PLACE = "Popolo has no place for it"

LEFT = (e.UnitsReorganized, e.UnnamedUnitsAbolished, e.ListAttested, e.CoverageDeclared)
"""Changes that say more than what becomes of each thing, even where they are told as what it rests on."""


def causes(cited: Cited, world: World) -> Answer:
    """What stands behind each act that the document names: entry, instrument, provision, sources, day."""
    return {
        act.target: {
            "kind": act.change.kind,
            "effective": act.day.text if act.day else None,
            "basis": act.basis,
            **cause_of(act, world.instruments),
        }
        for act in sorted(cited.acts.values(), key=lambda act: act.position)
    }


def addresses(acts: Iterable[Act], sources: Mapping[str, Answer], losses: Losses) -> list[Answer]:
    """The addresses of the sources of *acts*, those that have one, as links of Popolo."""
    found: dict[tuple[str, str | None], None] = {}
    for act in acts:
        for cited in act.sources:
            address = sources.get(cited.source, {}).get("address")
            if address and URL.fullmatch(address):
                found[address, cited.locator] = None
            else:
                losses.add("a source without an address", cited.source, NO_PLACE, "acts")
    return [{"url": url, **({"note": note} if note else {})} for url, note in sorted(found, key=str)]


def lose_the_rest(exported: Exported, cited: Cited, losses: Losses) -> None:
    """Take note of what Popolo has no kind of object for."""
    for kind in ("relation", "function"):
        for life in exported.lives(kind):
            losses.add(f"a {kind}", "|".join(life.key[1:]), NO_PLACE)
    instruments = {act.instrument for act in cited.acts.values()}
    sources = {source.source for act in cited.acts.values() for source in act.sources}
    for act in exported.acts():
        if not _represented(act, cited.acts, instruments, sources):
            losses.add(f"a change of kind {act.change.kind}", act.target, NO_PLACE)
    declared = exported.declared
    if declared and (declared.unit_kinds or declared.relations or declared.instrument_kinds or declared.notes):
        losses.add("lists of codes and notes", exported.institution, NO_PLACE)
    lose_what_reads_otherwise(exported, losses)


def _represented(act: Act, told: Container[str], instruments: Container[str | None], sources: Container[str]) -> bool:
    """Whether all that an act says is told, be it in `acts` (*told*), which rest on *instruments* and *sources*."""
    change = act.change
    match change:
        case e.InstitutionDeclared():
            return True
        case e.InstrumentIssued():
            return change.instrument in instruments
        case e.SourceRegistered():
            return change.source in sources
        case e.LifeEvent():
            return change.what != "education" and change.place is None
        case _:
            return act.target in told and not isinstance(change, LEFT)
