"""What the rules find amiss, what is called so, claimed numbers against recorded ones, moves, and who lost office."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from rich.table import Table

from api.cli.display import Names, console, known_phrase, table
from api.phrases import cause_phrase, claimant_phrase, date_phrase, during_phrase, name_phrase
from domain.world import World
from projections.structure import Answer

WAYS = {"held": "those who held it then", "began": "those who began then", "ended": "those who ended then"}
"""The three ways of counting holders, in words."""


def show_findings(answer: Answer) -> None:
    """A row a finding."""
    out = console()
    out.print(f"{answer['institution']}, {known_phrase(answer)}")
    out.print(findings_table(answer["findings"]) if answer["findings"] else "no findings")


def show_counts(answer: Answer, world: World, language: str | None) -> None:
    """Each number that is claimed, and under it how many the record has, and who they are."""
    names = Names(world, language)
    out = console()
    out.print(f"{answer['institution']}, {known_phrase(answer)}")
    if not answer["counts"]:
        out.print("no numbers are claimed")
    for count in answer["counts"].values():
        of = names.thing(count["post"] or count["unit"])
        during, claimant = during_phrase(count["during"]), claimant_phrase(count)
        out.print()
        out.print(f"{count['claimed']} {count['what']}, {of}, {during}{claimant} — {_verdict(count)}")
        out.print(f"  claimed by {cause_phrase(count['cause'])}")
        for way in WAYS:
            people = count[way]
            out.print(f"  {way:<6} {people['count']:>3}  {names.things(people['persons'])}".rstrip())


def show_flows(answer: Answer, world: World, language: str | None) -> None:
    """How many moved between each two bodies, then each move."""
    names = Names(world, language)
    out = console()
    ends = [f"{word} {names.thing(answer[word])}" for word in ("from", "to") if answer[word]]
    days = [f"{word} {date_phrase(answer[word])}" for word in ("since", "until") if answer[word]]
    out.print(", ".join([answer["institution"], *ends, *days, known_phrase(answer)]))
    if not answer["flows"]:
        out.print("nobody is known to have moved")
        return
    sums = [
        (*(names.thing(row[word]) if row[word] else "body unknown" for word in ("from", "to")), *_how_many(row))
        for row in answer["sums"]
    ]
    out.print(table("from", "to", "moves", "persons", rows=sums))
    out.print()
    out.print(moves_table(answer["flows"], names))


def show_periods(answer: Answer, world: World, language: str | None) -> None:
    """A row a period: its days, what says so, and other bounds that are claimed."""
    names = Names(world, language)
    out = console()
    out.print(f"{answer['institution']}, {known_phrase(answer)}")
    if not answer["periods"]:
        out.print("no periods are defined")
        return
    rows = [
        (
            f"{names.of(period['name'])} [{name}]",
            during_phrase(period["bounds"]),
            cause_phrase(period["cause"]),
            ", ".join(f"{during_phrase(rival['bounds'])} ({rival['rule']})" for rival in period["rivals"]),
        )
        for name, period in answer["periods"].items()
    ]
    out.print(table("period", "days", "by", "not believed", rows=rows))


def show_found(answer: Answer, language: str | None) -> None:
    """A row a thing: what it is called, what it was then if a day or a period was asked about, and what matched."""
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
    since = [f"from {date_phrase(one['from'])}"] if one["from"] else []
    until = [f"until {date_phrase(one['until'])}"] if one["until"] else []
    return " ".join([one["text"], *since, *until])


def _how_many(row: Answer) -> tuple[str, str]:
    return str(row["moves"]), str(row["persons"])


def _verdict(count: Answer) -> str:
    if count["mismatch"]:
        return "MISMATCH: the record has another number in every way of counting"
    return "fits " + " and ".join(WAYS[way] for way in count["fits"])


def findings_table(found: Iterable[Answer]) -> Table:
    """A row a finding."""
    rows = [
        (f["rule"], ", ".join(f["subject"].values()), _days(f), _both_sides(f) or f["detail"], ", ".join(f["events"]))
        for f in found
    ]
    return table("rule", "of", "days", "detail", "by", rows=rows)


def _both_sides(finding: Answer) -> str:
    """What is believed and what is not, and the rule that chose; nothing of findings about no rival claims."""
    dispute = finding["dispute"]
    if dispute is None:
        return ""
    dated = dispute["fact"] in ("start", "end")
    believed, claimed = (
        (date_phrase(value) if value else "none") if dated else _value_phrase(value) if value else "nothing"
        for value in (dispute[side]["value"] for side in ("believed", "claimed"))
    )
    events = [dispute[side]["cause"]["event"] for side in ("believed", "claimed")]
    rule = dispute["rule"]
    if dispute["believed"]["value"] is None and dated:
        return f"no end on {claimed} ({events[1]}), for it is {rule} ({events[0]})"
    return f"{dispute['fact']}: {believed} ({events[0]}) is believed, not {claimed} ({events[1]}): {rule}"


def _value_phrase(value: object) -> str:
    return name_phrase(value, None) if isinstance(value, Mapping) else str(value)


def moves_table(moves: Iterable[Answer], names: Names) -> Table:
    """A row a move: whose, where that is told; from which posts to which, when, how, and by what."""
    told = list(moves)
    whose = ["person"] if any("person" in move for move in told) else []
    rows = [
        (
            *(f"{names.of(move['name'])} [{move['person']}]" for _ in whose),
            *(_then(move[side], names) for side in ("left", "taken")),
            date_phrase(move["effective"]),
            _how(move),
            cause_phrase(move["cause"]),
        )
        for move in told
    ]
    return table(*whose, "from", "to", "on", "how", "by", rows=rows)


def _then(tenures: Answer, names: Names) -> str:
    """Posts, as they were called on the day of a move, each with the body it was in."""
    return ", ".join(
        f"{names.of(there['title'])} [{there['post']}]{' in ' + there['under'][-1] if there['under'] else ''}"
        for there in tenures.values()
    )


def _how(move: Answer) -> str:
    if move["how"] != "later":
        return {"one-act": "by one act", "at-once": "at once"}[move["how"]]
    least, most = move["days"]
    if most is None:
        return "later"
    return f"{least} days later" if least == most else f"{least} to {most} days later"


def _days(finding: Answer) -> str:
    """The days of a finding, both included; none that are known leave it empty."""
    return " to ".join(date_phrase(day) for day in dict.fromkeys((finding["from"], finding["to"])) if day)


def displaced_table(displaced: Answer, names: Names) -> Table:
    """Who lost office, all of them where an answer tells them all, and where they went."""
    rows = []
    for person, lost in displaced.items():
        if "left" not in lost:
            to = names.thing(lost["to"]) if lost["to"] else "not known"
            rows.append((names.thing(person), names.thing(lost["post"]), to))
        for left in lost.get("left", {}).values():
            rows.append((names.thing(person), f"{names.of(left['title'])} [{left['post']}]", _went(left, names)))
    return table("person", "left", "went to", rows=rows)


def _went(left: Answer, names: Names) -> str:
    """Where somebody went who left a post, and what they kept."""
    told = [f"{_then(left['move']['taken'], names)}, {_how(left['move'])}"] if left["move"] else []
    told += [f"kept {names.things(left['kept'])}"] if left["kept"] else []
    return "; ".join(told) or "not known"
