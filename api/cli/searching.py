"""Looking for things by name, in whatever letters."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from api.cli.asking import asked
from api.cli.options import Db, During, Institution, Json, KnownAt, Language, day_of, show_json

Kind = Literal["unit", "post", "person", "instrument"]


def search(
    ctx: typer.Context,
    institution: Institution,
    name: Annotated[str, typer.Argument(metavar="NAME", help="A name or parts of it, in Latin or Cyrillic letters.")],
    as_of: Annotated[str | None, typer.Option(metavar="DAY", help="What stood that day and was called so.")] = None,
    during: During = None,
    known_at: KnownAt = None,
    kind: Annotated[Kind | None, typer.Option(help="The kind of thing wanted.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=100, help="How many things at most.")] = 20,
    as_json: Json = False,
    lang: Language = None,
    db: Db = None,
) -> None:
    """Print who and what is or was called so, however it is spelled, the best first."""
    from api.answers import search_answer
    from api.cli.reports import show_found
    from projections.search import NothingToSearch, Wanted

    if during is not None and as_of is not None:
        raise typer.BadParameter("it is not asked together with --as-of", param_hint="--during")
    when = day_of(as_of, "--as-of") if as_of is not None else during
    try:
        wanted = Wanted(name)
    except NothingToSearch as refusal:
        raise typer.BadParameter(str(refusal), param_hint="NAME") from None
    with asked(ctx, db, institution, known_at) as (reading, head):
        answer = search_answer(reading, head, wanted, when, kind, limit)
    if as_json:
        show_json(answer)
    else:
        show_found(answer, lang)
