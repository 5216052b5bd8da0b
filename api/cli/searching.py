"""Looking for things by name, in whatever letters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from api.cli.asking import asked
from api.cli.options import Db, During, Institution, Json, KnownAt, Language, day_of, show_json

if TYPE_CHECKING:
    from projections.structure import Answer

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


def show_found(answer: Answer, language: str | None) -> None:
    """A row a thing: what it is called, what it was then if a day or a period was asked about, and what matched."""
    from api.cli.display import console, known_phrase, table
    from api.phrases import date_phrase, during_phrase, name_phrase

    out = console()
    period = answer.get("during")
    when = f" on {date_phrase(answer['as_of'])}" if answer["as_of"] else ""
    if period:
        when = f" in {name_phrase(period['name'], language)} [{period['id']}], {during_phrase(period['bounds'])}"
    out.print(f"{answer['institution']}, {answer['q']}{when}, {known_phrase(answer)}")
    rows = []
    for kind, thing in answer["ranking"]:
        found = answer[f"{kind}s"][thing]
        until = f", until {date_phrase(found['until'])}" if found["until"] else ""
        name = name_phrase(found["name"], language) if found["name"] else "(no name)"
        then = [name_phrase(found["then"], language) if found["then"] else ""] if when else []
        matched = "; ".join(_match(one) for one in found["matched"])
        rows.append((kind, f"{name} [{thing}]{until}", *then, matched))
    if not rows:
        out.print("nothing is called so")
        return
    out.print(table("kind", "called", *(["then"] if when else []), "matched", rows=rows))
    if answer["more"]:
        out.print("and more: name it closer, or ask for more with --limit")


def _match(one: Answer) -> str:
    """A spelling that matches, with the days on which it was borne."""
    from api.phrases import date_phrase

    since = [f"from {date_phrase(one['from'])}"] if one["from"] else []
    until = [f"until {date_phrase(one['until'])}"] if one["until"] else []
    return " ".join([one["text"], *since, *until])
