"""What the linked-data exports cannot hold, event by event: every recorded change is in the graph or told here."""

from __future__ import annotations

from collections.abc import Collection

from api.formats.exported import Exported, lose_what_reads_otherwise
from api.formats.losses import Losses
from domain import changes as e
from domain.acts import Act
from projections.passings import passings


def lost(exported: Exported, told: Collection[str], losses: Losses) -> None:
    """Take note in *losses* of what is not in the graph whose acts are *told*, of what the day of the export allows."""
    lose_what_reads_otherwise(exported, losses)
    for act in exported.acts():
        _of_act(act, act.target in told, losses)
    _beside(exported, losses)


def _of_act(act: Act, told: bool, losses: Losses) -> None:
    match act.change:
        case e.AssessmentMade() | e.StatementMade() | e.QuantityObserved() | e.CountClaimed():
            losses.add("a claim", act.target, "ORG and PROV have no words for what somebody says of a thing")
        case e.PeriodDefined():
            losses.add("a period", act.target, "nothing that is told refers to it")
        case e.CoverageDeclared():
            losses.add("coverage", act.target, "ORG and PROV have no words for how far a record is complete")
        case e.ListAttested():
            losses.add("the order of a list, and whether it is whole", act.target, "it shows each of its members alone")
        case e.LifeEvent():
            losses.add("the place of an event, and what was studied", act.target, "a birth or death is a day")
        case e.CapacityChanged() if act.change.attributes:
            losses.add("attributes of a tenure", act.target, "their names are the institution's own")
        case e.InstitutionDeclared():
            losses.add("lists of codes", act.target, "the name and the notes alone are told")
        case e.SourceRegistered():
            losses.add("the act that registers a source", act.target, "a source is told where a fact rests on it")
        case _ if not told:
            losses.add("an act that changes nothing", act.target, "nothing begins, ends, changes or is shown by it")


def _beside(exported: Exported, losses: Losses) -> None:
    """What is lost of things that are told."""
    for life in exported.all_lives():
        for rival in (*life.rivals, *life.denied, *life.rivals_of_a_day):
            losses.add("a rival claim", rival.loser.target, "that a state is contested is told, not by what")
        if life.key[0] == "post":
            losses.add("how far a post is held on other days", life.key[1], "it is told of the day of the export alone")
    for passing in passings(exported.world):
        if passing.scope is not None and exported.tells(passing.old):
            losses.add("what of a unit passed", passing.act.target, "a derivation has no scope")
