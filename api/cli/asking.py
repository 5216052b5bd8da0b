"""Questions to a register: what stood, what changed, the history of one thing, what is amiss."""

from __future__ import annotations

from typing import Annotated

import typer

from api.cli.options import Db, Institution, Json, KnownAt, Language, Lowest, day_of, recorded, show_json


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
    """Print what stood on a day: units, posts with their holders, relations."""
    from api.answers import structure_answer
    from api.cli.display import show_structure

    day = day_of(as_of, "--as-of")
    with recorded(ctx, db) as registers:
        view = registers.view(institution, known_at)
        answer = structure_answer(view, day, grade)
    if as_json:
        show_json(answer)
    else:
        show_structure(answer, view.world, lang)


def diff(
    ctx: typer.Context,
    institution: Institution,
    start: Annotated[str, typer.Argument(metavar="FROM", help="The day before the changes, YYYY-MM-DD.")],
    end: Annotated[str, typer.Argument(metavar="TO", help="The day after them.")],
    known_at: KnownAt = None,
    as_json: Json = False,
    lang: Language = None,
    db: Db = None,
) -> None:
    """Print what changed from one day to another, and by what decree."""
    from api.answers import diff_answer
    from api.cli.display import show_diff

    days = day_of(start, "FROM"), day_of(end, "TO")
    with recorded(ctx, db) as registers:
        view = registers.view(institution, known_at)
        answer = diff_answer(view, *days)
    if as_json:
        show_json(answer)
    else:
        show_diff(answer, view.world, lang)


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
    """Print the whole history of one thing."""
    from api.answers import thing_answer
    from api.cli.display import show_history
    from projections.histories import thing_history

    with recorded(ctx, db) as registers:
        view = registers.view(institution, known_at)
        answer = thing_answer(view, thing_history(view.world, view.known, institution, entity))
    if as_json:
        show_json(answer)
    else:
        show_history(answer, view.world, lang)


def findings(
    ctx: typer.Context,
    institution: Institution,
    known_at: KnownAt = None,
    as_json: Json = False,
    db: Db = None,
) -> None:
    """Print what the rules find amiss; it blocks nothing, for history is messy."""
    from api.answers import findings_answer
    from api.cli.display import show_findings

    with recorded(ctx, db) as registers:
        answer = findings_answer(registers.view(institution, known_at))
    if as_json:
        show_json(answer)
    else:
        show_findings(answer)
