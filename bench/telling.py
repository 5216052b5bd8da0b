"""What the answers about one thing, about people who moved and about names cost, beside how much they tell."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from time import perf_counter

import orjson

from bench.building import INSTITUTION
from bench.figures import Figure, Times, exponent, shown
from bench.registers import Register
from domain.claims import Key
from domain.dates import Day
from projections.flows import Asked
from projections.search import Wanted
from projections.structure import Answer
from projections.tables.reading import Reading
from projections.tables.slices import Slice

THINGS = 40  # of each kind, by chance
LOOKED_AT = 500  # events by chance, to find them
YEAR = 365
YEARS = 4  # in which people are asked for who moved: seconds each in a large register
KINDS = ("unit", "post", "person")
FOUND = 10  # names told by a search

Question = Callable[[Reading], Answer]


@dataclass(frozen=True)
class Told:
    """What the answers to one question cost in one register, over things by chance."""

    seconds: Sequence[float]
    sizes: Sequence[int]

    @property
    def times(self) -> Times:
        """The middle and the slow end, in seconds."""
        return Times.of(self.seconds)

    @property
    def size(self) -> float:
        """The middle size of an answer in bytes of JSON."""
        return Times.of(self.sizes).p50

    @property
    def per_kb(self) -> float:
        """Seconds that a thousand bytes of answer cost, over all of them."""
        return sum(self.seconds) / sum(self.sizes) * 1_000

    @property
    def growth(self) -> float | None:
        """The exponent of the cost over the size of the answer; None if all are of one size."""
        return exponent(self.sizes, self.seconds) if len(set(self.sizes)) > 1 else None


def telling_figures(registers: Sequence[Register]) -> tuple[list[Figure], str]:
    """Figures of each question in the largest of *registers*, against the smallest; and the table of all of them."""
    told = {(register.events, register.alive): dict(_told(register)) for register in registers}
    sizes = sorted(told)
    least, most = told[sizes[0]], told[sizes[-1]]
    figures = []
    for question, one in most.items():
        note = f"{shown(one.times.p50 * 1e3)} ms, p99 {shown(one.times.p99 * 1e3)} ms, {shown(one.size / 1e3)} kB"
        if len(sizes) > 1:
            grown = one.per_kb / least[question].per_kb
            what = f"{question}: cost of a kB, {sizes[-1][0]:,} ÷ {sizes[0][0]:,} events"
            figures.append(Figure("", what, None, None, grown, note=note))
        if one.growth is not None:
            figures.append(Figure("", f"{question}: exponent over the answer", None, None, one.growth, note=note))
    return figures, _table(told)


def _table(told: Mapping[tuple[int, int], Mapping[str, Told]]) -> str:
    lines = [
        "| events | A | question | p50 ms | p99 ms | kB of the answer | ms a kB |",
        "|---|---|---|---|---|---|---|",
    ]
    for (events, alive), questions in sorted(told.items()):
        for question, one in questions.items():
            cost = (one.times.p50 * 1e3, one.times.p99 * 1e3, one.size / 1e3, one.per_kb * 1e3)
            lines.append(f"| {events:,} | {alive:,} | {question} | {' | '.join(map(shown, cost))} |")
    return "\n".join(lines) + "\n"


def _told(register: Register) -> Iterator[tuple[str, Told]]:
    """What each question costs, asked about things by chance."""
    for question, asked in _questions(register).items():
        asked = asked[:THINGS]
        for ask in asked[:3]:  # what a process reads once
            _ask(register, ask)
        answers = [_ask(register, ask) for ask in asked]
        yield question, Told([seconds for seconds, _ in answers], [size for _, size in answers])


def _ask(register: Register, ask: Question) -> tuple[float, int]:
    """Seconds that an answer takes, and its bytes as JSON, which are not timed."""
    start = perf_counter()
    with register.reader.at(INSTITUTION, register.head) as reading:
        answer = ask(reading)
    return perf_counter() - start, len(orjson.dumps(answer))


def _questions(register: Register) -> dict[str, list[Question]]:
    """Every question, with the things that it is asked about."""
    things = _things(register)
    days = register.days(THINGS, seed=11, margin=YEAR)
    bodies = things["unit"]
    names = [name.split()[-1] for name in things["name"]]
    return {
        "history of a unit": [_unit(one) for one in things["unit"]],
        "history of a post": [_post(one) for one in things["post"]],
        "history of a person": [_person(one) for one in things["person"]],
        "an instrument": [_instrument(one) for one in things["instrument"]],
        "an entry": [_entry(one) for one in things["entry"]],
        "who left a body in a year": [_flows(one, day) for one, day in zip(bodies[:YEARS], days, strict=False)],
        "who moved in a year": [_flows(None, day) for day in days[:YEARS]],
        "called so": [_search(name, None) for name in names],
        "called so on a day": [_search(name, day) for name, day in zip(names, days, strict=False)],
    }


def _unit(unit: str) -> Question:
    return lambda reading: reading.unit(unit)


def _post(post: str) -> Question:
    return lambda reading: reading.post(post)


def _person(person: str) -> Question:
    return lambda reading: reading.person(person)


def _instrument(instrument: str) -> Question:
    return lambda reading: reading.instrument(instrument)


def _entry(entry: str) -> Question:
    return lambda reading: reading.entry(entry)


def _flows(body: str | None, day: Day) -> Question:
    return lambda reading: reading.flows(Asked(start=body, since=day, until=day + YEAR))


def _search(name: str, day: Day | None) -> Question:
    return lambda reading: reading.search(Wanted(name), (day, day) if day is not None else None, KINDS, FOUND)


def _things(register: Register) -> dict[str, list[str]]:
    """Things of each kind that events by chance are about, instruments and entries of theirs, and names they give."""
    found: dict[str, dict[str, None]] = {kind: {} for kind in (*KINDS, "instrument", "entry", "name")}
    random = Random(12)  # noqa: S311  # chance, not secrecy
    positions = random.sample(range(1, register.head + 1), min(LOOKED_AT, register.head))
    with register.reader.at(INSTITUTION, register.head) as reading:
        slice_ = Slice(reading.archive, ())
        for position, event in reading.archive.events(positions).items():
            if position <= 3:
                continue  # the founding
            for key in sorted(slice_.keys_of(event)):
                _note(found, key)
            found["entry"][event.entry] = None
            if event.instrument:
                found["instrument"][event.instrument] = None
            name = getattr(event.change, "name", None)
            if isinstance(name, dict):
                found["name"].update(dict.fromkeys(name.values()))
        chosen = {}
        for kind, names in found.items():
            ours = [name for name in names if kind not in KINDS or reading.world_of([name]).kinds.get(name) == kind]
            chosen[kind] = random.sample(ours, min(THINGS, len(ours)))
    return chosen


def _note(found: Mapping[str, dict[str, None]], key: Key) -> None:
    if key[0] in KINDS:
        found[key[0]][key[1]] = None
    elif key[0] == "tenure":
        found["person"][key[1]] = None
        found["post"][key[2]] = None
