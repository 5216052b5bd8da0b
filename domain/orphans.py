"""What hangs on nothing: facts about things that nothing introduces any more, after an annulment or correction."""

from __future__ import annotations

from collections.abc import Mapping

from domain import changes as e
from domain.acts import Act
from domain.claims import Claim, Key, claims_of
from domain.parts import Part
from domain.things import PERSON, introduced, mentioned
from domain.world import HANGS_BY, Finding


def introduced_only(
    acts: list[Act], tenures: Mapping[str, tuple[str, str]], part: Part | None = None
) -> tuple[list[Act], dict[str, list[Claim]], dict[str, str], list[Finding]]:
    """The acts and claims that hang on something, what they introduce, and a finding for each that does not.

    Where an annulment or correction took away what introduced a thing, what is said of the thing is not shown.
    Of a *part*, only claims on its things count, and what is outside it is taken for introduced.
    """
    claims = {act.target: claims_of(act, tenures.get) for act in acts}
    without = {target for target, said in claims.items() if not said}
    beyond: set[str] = set()
    if part is not None:
        beyond = {target for target, said in claims.items() if any(claim.key not in part.keys for claim in said)}
        claims = {target: [claim for claim in said if claim.key in part.keys] for target, said in claims.items()}
    orphans: list[Finding] = []
    while True:
        kinds = dict(part.given) if part is not None else {}
        kinds |= {
            thing: kind
            for act in acts
            for thing, kind in introduced(act.change).items()
            if kind == PERSON or any(claim.key == (kind, thing) for claim in claims[act.target])
        }
        lost = [(act, claim) for act in acts for claim in claims[act.target] if not hangs(claim, kinds)]
        bare = [act for act in acts if act.target in without and _missing(act, kinds, part)]
        if not lost and not bare:
            return acts, claims, kinds, orphans
        for act, claim in lost:
            claims[act.target].remove(claim)
            orphans.append(_orphan(claim.key, act, next(thing for thing in _things_of(claim) if thing not in kinds)))
        orphans += [_orphan((), act, _missing(act, kinds, part)[0]) for act in bare]
        emptied = {act.target for act, _ in lost if not claims[act.target] and not _lists(act, kinds)}
        out = {act.target for act in bare} | emptied - beyond
        acts = [act for act in acts if act.target not in out]


def _orphan(key: Key, act: Act, gone: str) -> Finding:
    return Finding("orphaned", key, act.lo, act.hi, (act,), f"nothing introduces {gone!r} any more")


def _lists(act: Act, kinds: Mapping[str, str]) -> bool:
    """Whether an act is a list of what belongs to something known: that nothing else does, it says all the same."""
    if not isinstance(act.change, e.ListAttested):
        return False
    scope = act.change.scope
    return (scope.parent or scope.post or scope.object) in kinds


def hangs(claim: Claim, kinds: Mapping[str, str]) -> bool:
    """Whether all that *claim* needs is introduced: *kinds* holds what is."""
    return all(thing in kinds for thing in _things_of(claim))


def _things_of(claim: Claim) -> list[str]:
    """The ids that a claim needs: those of its thing, and of what it says it hangs on."""
    match claim.key:
        case ("relation", subject, _, object_):
            ids = [subject, object_]
        case ("function", holder, _):
            ids = [holder]
        case (_, *ids):
            pass
    return ids + [hung for name in HANGS_BY.values() if isinstance(hung := claim.values.get(name), str)]


def _missing(act: Act, kinds: Mapping[str, str], part: Part | None) -> list[str]:
    """The ids that an act without claims speaks of and that nothing introduces."""
    named = [act.change.tenure] if isinstance(act.change, e.Released | e.CapacityChanged) else []
    things = [
        thing
        for thing, sorts in mentioned(act.change)
        if thing not in kinds and (part is None or any((sort, thing) in part.keys for sort in sorts))
    ]
    return things + [tenure for tenure in named if tenure is not None]
