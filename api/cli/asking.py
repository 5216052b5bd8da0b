"""Questions to a register: what stood, what changed, what was learned, one thing, flows, counts, what is amiss."""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from api.cli.options import Db, During, Institution, Json, KnownAt, Language, Lowest, day_of, recorded, show_json

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from api.readings import Readings
    from domain.chain import Head
    from domain.world import World
    from projections.structure import Answer
    from projections.tables.reading import Reading

    Show: TypeAlias = Callable[[Answer, World, str | None], None]


@contextmanager
def asked(ctx: typer.Context, db: str | None, institution: str, known_at: str | None) -> Iterator[tuple[Reading, Head]]:
    """The register as known at *known_at*, or now, and where its log ended then."""
    with recorded(ctx, db) as readings:
        head = readings.registers.head_at(institution, known_at)
        with readings.at(institution, head.position) as reading:
            yield reading, head


def tell(answer: Answer, reading: Reading, show: Show, as_json: bool, lang: str | None) -> None:
    """Write *answer* as JSON, or as *show* puts it in words."""
    from api.cli.naming import world_of

    if as_json:
        show_json(answer)
    else:
        show(answer, world_of(reading, answer), lang)


def structure(
    ctx: typer.Context,
    institution: Institution,
    as_of: Annotated[str, typer.Option(metavar="DAY", help="The day, YYYY-MM-DD.")],
    known_at: KnownAt = None,
    grade: Annotated[Lowest, typer.Option(help="How sure what is shown has to be.")] = "possible",
    as_json: Json = False,
    lang: Language = None,
    db: Db = None,
) -> None:
    """Print what stood on a day: units, posts with their holders, relations, functions, quantities."""
    from api.answers import structure_answer
    from api.cli.structures import show_structure

    day = day_of(as_of, "--as-of")
    with asked(ctx, db, institution, known_at) as (reading, head):
        answer = json.loads(structure_answer(reading, head, day, grade))
        tell(answer, reading, show_structure, as_json, lang)


def diff(
    ctx: typer.Context,
    institution: Institution,
    start: Annotated[
        str | None, typer.Argument(metavar="FROM", help="The day before the changes, YYYY-MM-DD.", show_default=False)
    ] = None,
    end: Annotated[str | None, typer.Argument(metavar="TO", help="The day after them.", show_default=False)] = None,
    known_at: KnownAt = None,
    as_of: Annotated[
        str | None, typer.Option(metavar="DAY", help="Instead of FROM and TO: the day of which something was learned.")
    ] = None,
    known_from: Annotated[
        str | None, typer.Option(metavar="K", help="With --as-of: what was known before, as for --known-at.")
    ] = None,
    known_to: Annotated[str | None, typer.Option(metavar="K", help="With --as-of: what was known after it.")] = None,
    during: During = None,
    as_json: Json = False,
    lang: Language = None,
    db: Db = None,
) -> None:
    """Print what changed from one day to another, and by what decree; or what was learned of one day, and when."""
    days: dict[str, str | None] = {"FROM": start, "TO": end} if during is None else {"--during": during}
    knowledge = {"--as-of": as_of, "--known-from": known_from, "--known-to": known_to}
    of_knowledge = any(given is not None for given in knowledge.values())
    wanted, other = (knowledge, {**days, "--known-at": known_at}) if of_knowledge else (days, {})
    for name, given in other.items():
        if given is not None:
            raise typer.BadParameter("it is not asked together with --as-of", param_hint=name)
    if during is not None and (start is not None or end is not None):
        raise typer.BadParameter("it is not asked together with FROM and TO", param_hint="--during")
    for name, given in wanted.items():
        if given is None:
            raise typer.BadParameter("it is missing", param_hint=name)
    with recorded(ctx, db) as readings:
        if as_of is not None and known_from is not None and known_to is not None:
            _learned(readings, institution, as_of, known_from, known_to, as_json, lang)
        else:
            _changed(readings, institution, (start, end), during, known_at, as_json, lang)


def _changed(
    readings: Readings,
    institution: str,
    days: tuple[str | None, str | None],
    during: str | None,
    known_at: str | None,
    as_json: bool,
    lang: str | None,
) -> None:
    from api.answers import diff_answer
    from api.cli.differences import show_diff

    named = [day_of(text, name) for text, name in zip(days, ("FROM", "TO"), strict=True) if text is not None]
    head = readings.registers.head_at(institution, known_at)
    with readings.at(institution, head.position) as reading:
        period = reading.period(during) if during is not None else None
        start, end = period.days if period else named
        answer = diff_answer(reading, head, start, end, period)
        tell(answer, reading, show_diff, as_json, lang)


def _learned(
    readings: Readings, institution: str, as_of: str, known_from: str, known_to: str, as_json: bool, lang: str | None
) -> None:
    from api.answers import learned_answer
    from api.cli.differences import show_learned
    from api.cli.naming import world_of

    day = day_of(as_of, "--as-of")
    earlier, later = (readings.registers.head_at(institution, known) for known in (known_from, known_to))
    if earlier.position > later.position:
        raise typer.BadParameter("it lies after --known-to", param_hint="--known-from")
    with readings.at(institution, later.position) as reading:
        answer = learned_answer(reading, later, earlier, day)
        if not as_json:
            before = replace(reading, position=earlier.position)
            show_learned(answer, world_of(reading, answer), world_of(before, answer), lang)
            return
    show_json(answer)


def history(
    ctx: typer.Context,
    institution: Institution,
    entity: Annotated[
        str, typer.Argument(metavar="ENTITY", help="The id of a unit, post, person, instrument or entry.")
    ],
    known_at: KnownAt = None,
    as_json: Json = False,
    lang: Language = None,
    db: Db = None,
) -> None:
    """Print the whole history of one thing; of one with several ids, under the one that lives on."""
    from api.answers import thing_answer
    from api.cli.histories import show_history
    from domain.errors import NowCalled

    with asked(ctx, db, institution, known_at) as (reading, head):
        try:
            told = reading.thing(entity)
        except NowCalled as called:
            told = reading.thing(called.first)
        answer = thing_answer(institution, head, told)
        tell(answer, reading, show_history, as_json, lang)


def flows(
    ctx: typer.Context,
    institution: Institution,
    start: Annotated[
        str | None, typer.Option("--from", metavar="UNIT", help="The body left, with all that hangs on it.")
    ] = None,
    to: Annotated[str | None, typer.Option(metavar="UNIT", help="The body gone to.")] = None,
    since: Annotated[str | None, typer.Option(metavar="DAY", help="The first day asked about.")] = None,
    until: Annotated[str | None, typer.Option(metavar="DAY", help="The first day no longer asked about.")] = None,
    during: During = None,
    known_at: KnownAt = None,
    as_json: Json = False,
    lang: Language = None,
    db: Db = None,
) -> None:
    """Print who moved from one body to another, and how many between each two."""
    from api.answers import flows_answer
    from api.cli.reports import show_flows
    from projections.flows import Asked

    first, end = (
        None if text is None else day_of(text, option) for text, option in ((since, "--since"), (until, "--until"))
    )
    if during is not None and (first is not None or end is not None):
        raise typer.BadParameter("it is not asked together with --since and --until", param_hint="--during")
    if first is not None and end is not None and end < first:
        raise typer.BadParameter("it lies before --since", param_hint="--until")
    with asked(ctx, db, institution, known_at) as (reading, head):
        answer = flows_answer(reading, head, Asked(start, to, first, end), during)
        tell(answer, reading, show_flows, as_json, lang)


def periods(
    ctx: typer.Context,
    institution: Institution,
    known_at: KnownAt = None,
    as_json: Json = False,
    lang: Language = None,
    db: Db = None,
) -> None:
    """Print the periods that a question can be bounded by, with --during."""
    from api.answers import periods_answer
    from api.cli.reports import show_periods

    with asked(ctx, db, institution, known_at) as (reading, head):
        answer = periods_answer(reading, head)
        tell(answer, reading, show_periods, as_json, lang)


def counts(
    ctx: typer.Context,
    institution: Institution,
    during: During = None,
    known_at: KnownAt = None,
    as_json: Json = False,
    lang: Language = None,
    db: Db = None,
) -> None:
    """Print how many are said to have held a post, against those the record has, by name."""
    from api.answers import counts_answer
    from api.cli.reports import show_counts

    with asked(ctx, db, institution, known_at) as (reading, head):
        answer = counts_answer(reading, head, during)
        tell(answer, reading, show_counts, as_json, lang)


def findings(
    ctx: typer.Context,
    institution: Institution,
    during: During = None,
    known_at: KnownAt = None,
    as_json: Json = False,
    db: Db = None,
) -> None:
    """Print what the rules find amiss; it blocks nothing, for history is messy."""
    from api.answers import findings_answer
    from api.cli.reports import show_findings

    with recorded(ctx, db) as readings:
        answer = findings_answer(readings.registers.view(institution, known_at), during)
    if as_json:
        show_json(answer)
    else:
        show_findings(answer)
