"""What the authority records cannot hold: every recorded change is in the story of a record, or told here."""

from __future__ import annotations

from collections.abc import Collection

from api.formats.exported import Exported, lose_what_reads_otherwise
from api.formats.losses import Losses
from domain import changes as e
from domain.acts import Act
from domain.things import POST


def lost(exported: Exported, told: Collection[str], losses: Losses) -> None:
    """Take note in *losses* of what the records do not hold, of what the day allows; they tell the acts *told*."""
    lose_what_reads_otherwise(exported, losses)
    for act in exported.acts():
        _of_act(act, act.target in told, losses)
    for life in exported.all_lives():
        _of_life(exported, life.key, losses)
        for rival in (*life.rivals, *life.denied, *life.rivals_of_a_day):
            losses.add("a rival claim", rival.loser.target, "that sources disagree is told, not what they claim")


def _of_act(act: Act, told: bool, losses: Losses) -> None:
    match act.change:
        case e.AssessmentMade() | e.StatementMade() | e.QuantityObserved() | e.CountClaimed():
            losses.add("a claim", act.target, "a record tells what was, not what somebody says of it")
        case e.PeriodDefined():
            losses.add("a period", act.target, "nothing that is told refers to it")
        case e.CoverageDeclared():
            losses.add("coverage", act.target, "a record has no place for how far the register is complete")
        case e.ListAttested() if told:
            losses.add("the order of a list, and whether it is whole", act.target, "it shows each of its members alone")
        case e.InstitutionDeclared():
            losses.add("lists of codes, and notes", act.target, "a record has no place for them")
        case e.SourceRegistered():
            losses.add("the act that registers a source", act.target, "a source is told where a fact rests on it")
        case e.InstrumentAmended() | e.InstrumentRepealed():
            losses.add("what amends or repeals an instrument", act.target, "instruments have no records")
        case _ if not told:
            losses.add("an act of which no record tells", act.target, "it did nothing to a body or person")
        case _:
            _of_told(act, losses)


def _of_told(act: Act, losses: Losses) -> None:
    """What of an act that is told is lost."""
    if any(cited.wording or cited.certainty != "medium" for cited in act.sources):
        losses.add("words of a source, and how far it is trusted", act.target, "a reference has the place alone")
    if act.basis != "stated":
        losses.add("how the day of an act is known", act.target, "a date has no place for it")
    if isinstance(act.change, e.CapacityChanged) and act.change.attributes:
        losses.add("attributes of a tenure", act.target, "their names are the institution's own")
    if isinstance(act.change, e.LifeEvent) and act.change.place:
        losses.add("the place of an event of a life", act.target, "it is told without its place")
    if isinstance(act.change, e.UnitsReorganized) and any(len(link) > 2 for link in act.change.links):
        losses.add("what of a unit passed", act.target, "a relation has no scope")


def _of_life(exported: Exported, key: tuple[str, ...], losses: Losses) -> None:
    """What is lost of what has no record of its own."""
    match key:
        case ("post", post):
            losses.add(
                "seats, portfolio, former titles, vacancy, and when it was a post", post, "posts have no records"
            )
        case ("relation", *ends) if POST in (exported.world.kinds.get(ends[0]), exported.world.kinds.get(ends[2])):
            losses.add("a relation of a post", "|".join(ends), "posts have no records")
        case ("function", holder, function) if exported.world.kinds.get(holder) == POST:
            losses.add("a function of a post", f"{holder}|{function}", "posts have no records")
        case ("unit", unit) if any(exported.value(life, "order") for life in exported.world.lives[key]):
            losses.add("the place among units that hang on the same", unit, "a relation has no order")
