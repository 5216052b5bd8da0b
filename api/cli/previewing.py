"""`preview`: what recording drafts would do, with nothing recorded."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.options import Db, Institution, Json, KnownAt, Language, recorded, show_json
from api.turning import visible

if TYPE_CHECKING:
    from domain.decide import FoldedHistory
    from domain.entries import Entry

BY = "preview"
"""Who records drafts; it stands nowhere, for they are not recorded."""


def preview(
    ctx: typer.Context,
    institution: Institution,
    drafts: Annotated[
        Path,
        typer.Argument(
            metavar="FILE", help="An entry, as YAML or JSON; or a folder of such files, taken by their names."
        ),
    ],
    known_at: KnownAt = None,
    as_json: Json = False,
    lang: Language = None,
    db: Db = None,
) -> None:
    """Print what recording an entry would change, find and refuse, and who would lose office. Nothing is recorded.

    The status is 1 if any entry would be refused.
    """
    from api.answers import preview_answer
    from api.cli.differences import show_preview
    from projections.preview import preview as previewed

    filed = [(entry, file.name) for file in _files(drafts) for entry in _entries(file)]
    entries = [entry for entry, _ in filed]
    with recorded(ctx, db) as readings:
        registers = readings.registers
        founded = known_at is not None or registers.log.head(institution).position > 0
        position = registers.known_position(institution, known_at) if founded else 0
        view, past = registers.view_at(institution, position), registers.history(institution, position)
    told = previewed(past, entries, BY)
    answer = preview_answer(institution, view.head, told)
    if as_json:
        show_json(answer)
    else:
        refused = {refusal["entry"] for refusal in told["refusals"]}
        after = _recorded(past, [entry for entry in entries if entry.entry not in refused])
        files = {entry.entry: name for entry, name in filed}
        show_preview(answer, files, after.world(), view.world, lang)
    if told["refusals"]:
        raise typer.Exit(1)


def _recorded(history: FoldedHistory, entries: list[Entry]) -> FoldedHistory:
    """*history* with *entries*, which it takes: for the names of what they bring."""
    for entry in entries:
        if not history.entry(entry.entry):
            history = history.also(entry.events(history.institution, BY, history.issued))
    return history


# --- drafts


def _files(place: Path) -> list[Path]:
    """The files of drafts at *place*, in the order of their names. Raises: typer.BadParameter."""
    if not place.exists():
        raise typer.BadParameter(f"{place}: there is no such file or folder", param_hint="FILE")
    if not place.is_dir():
        return [place]
    files = sorted(file for file in place.iterdir() if not file.name.startswith("."))
    if any(file.name == "institution.yaml" for file in files):
        detail = "it is the folder of a register; preview its entries/, or `import --dry-run` it"
        raise typer.BadParameter(visible(f"{place}: {detail}"), param_hint="FILE")
    if not files:
        raise typer.BadParameter(f"{place}: it holds no drafts", param_hint="FILE")
    return files


def _entries(file: Path) -> list[Entry]:
    """The entries of *file*. Raises: typer.BadParameter, EntryUnreadable."""
    from domain.entries import MAX_ENTRY_BYTES, drafts_from_json, entry_from_yaml

    if file.suffix not in (".yaml", ".yml", ".json"):
        raise typer.BadParameter(f"{file}: a draft is a .yaml or .json file", param_hint="FILE")
    try:
        with file.open("rb") as opened:
            text = opened.read(MAX_ENTRY_BYTES + 1)
    except OSError as fault:
        raise typer.BadParameter(f"{file}: it cannot be read: {fault.strerror}", param_hint="FILE") from None
    return drafts_from_json(text, file.name) if file.suffix == ".json" else [entry_from_yaml(text, file.name)]
