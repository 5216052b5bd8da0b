"""`bfs`: units as the historicised register of communes of the Swiss Federal Statistical Office has communes.

A snapshot of a day; with an earlier day also the mutations since, and which unit of then corresponds to which of now.
The tables and their columns are those of that register (standard eCH-0071). A historical code there is a number that
changes with every mutation; here it is `UNIT/n`, the n-th state of a unit that differs in name or place.
"""

from __future__ import annotations

from datetime import date

from api.formats.bfs_mutations import NO_PLACE, Mutations, code_of
from api.formats.bfs_states import State, States
from api.formats.datapackage import Column, Row, Table, package
from api.formats.exported import Bounded, Exported, Files, NotExported, in_one_language
from api.formats.losses import Losses
from domain.claims import unit_key
from domain.dates import AFTER_ALL, Day
from domain.ids import natural
from projections.passings import correspondence, passings
from projections.structure import Snapshot

OWN = "a column of ours, after its own"

SNAPSHOT = (
    Column("HistoricalCode", "the state of the unit, UNIT/n"),
    Column("BfsCode", "the unit"),
    Column("ValidFrom", "the first day of the state, DD.MM.YYYY, if that is known to the day"),
    Column("ValidTo", "its last day, likewise; empty too if nothing ends it"),
    Column("Level", "1: hangs on nothing; 2: on a unit of level 1; …", "integer"),
    Column("Parent", "the state of the unit on which it hangs"),
    Column("Name", "its name, in one language"),
    Column("ShortName", "empty: there are no short names"),
    Column("Inscription", "the change by which the state begins: a mutation"),
    Column("Radiation", "the change by which it ends"),
    Column("Rec_Type_fr", "empty; its kind is in Kind"),
    Column("Rec_Type_de", "empty; its kind is in Kind"),
    Column("Kind", "its kind (ours)"),
    Column("Grade", "how sure it is that it stands on the day (ours)"),
    Column("Since", "when the state begins, EDTF as recorded (ours)"),
    Column("Until", "the first day on which it is over, EDTF as recorded (ours)"),
)
SIDES = tuple(
    Column(f"{side}{name}", says, "integer" if name == "Step" else "string")
    for side, when in (("Initial", "before"), ("Terminal", "after"))
    for name, says in (
        ("HistoricalCode", f"the state {when}"),
        ("Code", f"the unit {when}"),
        ("Name", "its name, in one language"),
        ("ParentHistoricalCode", "the state of the unit on which it hangs"),
        ("ParentName", "the name of that unit"),
        ("Step", "the kind of mutation by which the state " + ("ends" if side == "Initial" else "begins")),
    )
)
MUTATIONS = (
    Column("MutationNumber", "the change: ENTRY#n"),
    Column("MutationDate", "when, DD.MM.YYYY, if that is known to the day"),
    *SIDES,
    Column("Date", "when, EDTF as recorded (ours)"),
)


def bfs(exported: Exported) -> Files:
    """The files: `snapshot.csv`; between two days `mutations.csv` and `correspondances.csv`; and what they are.

    Raises: NotExported, if the earlier day is the later.
    """
    assert exported.as_of is not None  # the table says that a day must be named
    if exported.since is not None and exported.since > exported.as_of:
        raise NotExported("bfs", "from lies after as_of")
    register = _Register(exported)
    tables = [register.snapshot(exported.as_of)]
    if exported.since is not None:
        tables += [
            register.mutations(exported.since, exported.as_of),
            register.correspondances(exported.since, exported.as_of),
        ]
    register.lose_the_rest()
    return package(tables, exported, "a historicised register", register.losses)


class _Register:
    def __init__(self, exported: Exported) -> None:
        self.exported = exported
        self.world = exported.world
        self.losses = Losses()
        self.passed = passings(self.world)
        self.states = States(exported)
        self.befell = Mutations(self.states, self.passed, self.losses)

    # --- tables

    def snapshot(self, day: Day) -> Table:
        """The units that stand on *day*."""
        table = Table("snapshot", "The units of the day.", ("HistoricalCode",), SNAPSHOT)
        shown = {key[1]: found for key, found in Snapshot(self.world, day).lives.items() if key[0] == "unit"}
        parents = {unit: self.states.on(life, day).parent for unit, (life, _) in shown.items()}
        for unit, (life, grade) in sorted(shown.items(), key=lambda item: natural(item[0])):
            state = self.states.on(life, day)
            over, ended = self.states.ends(state)
            parent = shown.get(state.parent or "")
            if state.parent is not None and parent is None:
                self.losses.add("that it hangs on what does not stand", unit, NO_PLACE)
            if isinstance(state.name, dict) and len(state.name) > 1:
                self.losses.add("names in other languages", unit, NO_PLACE)
            if life.contested(day):
                self.losses.add("that claims about it disagree", unit, NO_PLACE)
            table.rows.append(
                {
                    **dict.fromkeys(("ShortName", "Rec_Type_fr", "Rec_Type_de")),
                    "HistoricalCode": state.code,
                    "BfsCode": unit,
                    "ValidFrom": self._day(state.begins, "ValidFrom", unit),
                    "ValidTo": self._day(over, "ValidTo", unit, eve=True),
                    "Level": _level(unit, parents),
                    "Parent": self.states.on(parent[0], day).code if parent else None,
                    "Name": in_one_language(state.name),
                    "Inscription": state.act.target,
                    "Radiation": ended.target if ended else None,
                    "Kind": life.value("kind", day),
                    "Grade": grade,
                    "Since": state.begins[0],
                    "Until": over[0],
                }
            )
        return table

    def mutations(self, after: Day, until: Day) -> Table:
        """What befell units after one day up to another, a pair of states a row."""
        table = Table("mutations", "What befell units between the days.", (), MUTATIONS)
        for one in self.befell.between(after, until):
            table.rows.append(
                {
                    "MutationNumber": one.act.target,
                    "MutationDate": self._day(one.days, "MutationDate", one.act.target),
                    **self._side("Initial", one.initial, one.on - 1, one.steps[0]),
                    **self._side("Terminal", one.terminal, one.on, one.steps[1]),
                    "Date": one.days[0],
                }
            )
        return table

    def correspondances(self, after: Day, until: Day) -> Table:
        """Which unit of one day corresponds to which of another, those that nothing befell included."""
        table = Table("correspondances", "Which unit of then is which of now.", (), SIDES)
        days = {day: Snapshot(self.world, day).lives for day in (after, until)}
        then, now = (
            {key[1]: life for key, (life, _) in days[day].items() if key[0] == "unit"} for day in (after, until)
        )
        numbers = [{unit: life.number for unit, life in one.items()} for one in (then, now)]
        pairs: set[tuple[str | None, str | None]] = {*correspondence(self.passed, numbers[0], numbers[1], after, until)}
        pairs |= {(unit, None) for unit in then.keys() - {old for old, _ in pairs}}
        pairs |= {(None, unit) for unit in now.keys() - {new for _, new in pairs}}
        found = self.befell.between(after, until)
        ended = {code_of(one.initial): one.steps[0] for one in found}
        begun = {code_of(one.terminal): one.steps[1] for one in found}
        for old, new in sorted(pairs, key=lambda pair: (natural(pair[0] or ""), natural(pair[1] or ""))):
            initial = self.states.on(then[old], after) if old else None
            terminal = self.states.on(now[new], until) if new else None
            table.rows.append(
                {
                    **self._side("Initial", initial, after, ended.get(code_of(initial))),
                    **self._side("Terminal", terminal, until, begun.get(code_of(terminal))),
                }
            )
        return table

    # --- cells

    def _side(self, side: str, state: State | None, day: Day, step: int | None) -> Row:
        names = ("HistoricalCode", "Code", "Name", "ParentHistoricalCode", "ParentName", "Step")
        if state is None:
            return dict.fromkeys(f"{side}{name}" for name in names)
        shown = self.world.shown(unit_key(state.parent), day) if state.parent else None
        parent = self.states.on(shown[0], day) if shown else None
        values = (
            *(state.code, state.life.key[1], in_one_language(state.name)),
            *((parent.code, in_one_language(parent.name)) if parent else (None, None)),
            step,
        )
        return {f"{side}{name}": value for name, value in zip(names, values, strict=True)}

    def _day(self, day: Bounded, what: str, where: str, *, eve: bool = False) -> str | None:
        """A day as that register writes it; None if it is not known to the day, of which note is taken."""
        text, lo, hi = day
        if lo == hi < AFTER_ALL:
            return date.fromordinal(hi - 1 if eve else hi).strftime("%d.%m.%Y")
        if text is not None:
            self.losses.add(f"{what}, which is not known to the day", where, "it is a day there", OWN)
        return None

    def lose_the_rest(self) -> None:
        """Take note of what stands on the day and is no unit."""
        shown = self.exported.structure
        assert shown is not None
        for part in ("posts", "relations", "functions", "quantities"):
            for thing in shown[part]:
                self.losses.add(f"{part} of the day", thing, NO_PLACE)
        for post in shown["posts"].values():
            for tenure in post["holders"]:
                self.losses.add("tenures of the day", tenure, NO_PLACE)
        self.losses.add(
            "instruments and sources", self.exported.institution, "it names changes, and not on what they rest"
        )


def _level(unit: str, parents: dict[str, str | None]) -> int:
    """How many units there are from *unit* upwards, each once: what is only possible may stand in a circle."""
    above: list[str] = [unit]
    while (parent := parents[above[-1]]) is not None and parent in parents and parent not in above:
        above.append(parent)
    return len(above)
