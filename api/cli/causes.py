"""What acts did, what became of it, and which later acts undid it, in tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from rich.table import Table

from api.cli.display import Names, table
from api.phrases import cause_phrase, date_phrase, instrument_phrase, words_of
from projections.structure import Answer

FEW = 6
"""Things, or events, that are named one by one; of more it is told how many."""

BARE = ("began", "ended", "shown", "issued", "amended", "repealed")
"""The facts that the word of the change has told already."""

UNDONE = {
    "amended": "amended",
    "repealed": "repealed",
    "replaced": "replaced",
    "ended": "ended",
    "revived": "reinstated",
    "renewed": "begun again",
    "shown": "shown again",
}


def effects_table(effects: Iterable[Answer], names: Names) -> Table:
    """What acts did, and what became of it."""
    rows = [
        (_change(effect), _told(effect, names), date_phrase(effect["effective"]), _since_then(effect), effect["event"])
        for effect in effects
    ]
    return table("change", "of", "effective", "since then", "event", rows=rows)


def touches_table(touches: Iterable[Answer], names: Names) -> Table:
    """The acts that touched a thing, in the order of effect."""
    rows = [
        (
            date_phrase(touch["effective"]),
            _change(touch),
            _told(touch, names),
            _since_then(touch),
            cause_phrase(touch["cause"]),
        )
        for touch in touches
    ]
    return table("effective", "change", "of", "since then", "by", rows=rows)


def later_table(later: Mapping[str, Answer]) -> Table:
    """The later acts that amended an instrument, or undid something of what it or an entry did."""
    rows = []
    for name, act in later.items():
        undid = "; ".join(f"{UNDONE[how]} {_counted(events)}" for how, events in act["undid"].items())
        by = instrument_phrase(act["instrument"]) if act["instrument"] else "entry"
        rows.append((date_phrase(act["effective"]), f"{by} [{name}]", undid))
    return table("effective", "act", "what of it", rows=rows)


def _counted(events: list[str]) -> str:
    return ", ".join(events) if len(events) <= FEW else f"{len(events)} changes"


def _change(effect: Answer) -> str:
    return words_of(effect["kind"]) + (", implied" if effect["implied"] else "")


def _told(effect: Answer, names: Names) -> str:
    """What an effect is about, with the values that it gave to what stood already."""
    things = effect["did"].values()
    named = next(iter(things))["subject"] if len(things) == 1 and effect["subject"].keys() == {"tenure"} else None
    of = subject_phrase(named or effect["subject"], names)
    given = [(thing, words) for thing in things if (words := _given(thing["facts"], names))]
    if len(things) == 1:
        return ": ".join([of, *(words for _, words in given)])
    return "; ".join([of, *(f"{subject_phrase(thing['subject'], names)}: {words}" for thing, words in given)])


def _given(facts: Answer, names: Names) -> str:
    if "began" in facts:
        return ""
    told = []
    for name, fact in facts.items():
        if name not in BARE and fact["value"] != fact["before"]:
            before = f"{names.value(name, fact['before'])} → " if fact["before"] is not None else ""
            told.append(f"{name} {before}{names.value(name, fact['value'])}")
    return ", ".join(told)


def _since_then(effect: Answer) -> str:
    """How what an effect did came to its end, each end once; that it stands, if all does that can end."""
    told: dict[str, None] = {}
    stands = False
    for thing in effect["did"].values():
        ids = [one for name, one in thing["subject"].items() if name not in ("person", "tenure")]
        which = f"{' '.join(ids)}: " if len(effect["did"]) > 1 else ""
        if not thing["believed"]:
            told[which + "not believed" + (f" but for its {_besides(thing['facts'])}" if thing["facts"] else "")] = None
        elif not thing["facts"]:
            told[which + "changed nothing"] = None
        if "shown" not in thing["facts"]:
            kept = (fact for name, fact in thing["facts"].items() if name not in ("ended", *BARE[2:]))
            stands |= any(fact["undone"] is None for fact in kept)
        for name, fact in thing["facts"].items():
            undone = fact["undone"]
            if undone is not None:
                what = f"{name} " if undone["how"] == "replaced" else ""
                when = f" {date_phrase(fact['until'])}" if fact["until"] else ""
                implied = ", implied," if undone["implied"] else ""
                told[f"{which}{what}{UNDONE[undone['how']]}{when}{implied} by {cause_phrase(undone['cause'])}"] = None
    if effect["corrected_by"]:
        told[f"as corrected by {effect['corrected_by']}"] = None
    return "; ".join(told) or ("stands" if stands else "")


def _besides(facts: Answer) -> str:
    return " and ".join(name for name in facts)


def subject_phrase(subject: Answer, names: Names) -> str:
    """The things that an effect is about; of long lists how many."""
    things: list[str] = []
    for name, said in subject.items():
        if name == "tenure" and "person" in subject:
            continue
        if isinstance(said, str):
            things.append(" ".join(map(names.thing, said.split("|"))))
        elif isinstance(said, list):
            things += map(names.thing, said) if len(said) <= FEW else [f"{len(said)} members"]
        elif isinstance(said, Mapping):
            things.append(names.things(said.values()))
    return ", ".join(things)
