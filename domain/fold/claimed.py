"""What is claimed: the claims that are believed so far, those taken already, and those still to come."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from domain.acts import Act, Order
from domain.claims import Claim, Key
from domain.dates import Day
from domain.fold.rivals import Removed
from domain.lives import Life


class Claimed:
    """The claims of all *acts* in one pass; those that are *removed* lost against a rival."""

    def __init__(self, acts: list[Act], claims: Mapping[str, list[Claim]], removed: Removed) -> None:
        self.claims = claims
        self.removed = removed
        self.done: set[tuple[str, Key]] = set()
        """The claims taken already, each an `ENTRY#n` and a thing."""
        self.lost_starts: list[Claim] = []
        self.named_start: dict[str, Claim] = {}
        """The claim that starts each tenure, by the tenure's id."""
        self._starts: dict[Key, list[Claim]] = defaultdict(list)
        self._ends: dict[Key, list[Claim]] = defaultdict(list)
        self._believed = {act.target: self._believed_of(act) for act in acts}
        losing = {target for target, _ in removed}
        for act in acts:
            for claim in self.of(act):
                if claim.role == "start":
                    self._starts[claim.key].append(claim)
                    if claim.key[0] == "tenure":
                        self.named_start[claim.tenure or act.target] = claim
                elif claim.role == "end":
                    self._ends[claim.key].append(claim)
            for claim in claims[act.target] if act.target in losing else ():
                if claim.role == "start" and not self.believed(act, claim.key):
                    self.lost_starts.append(claim)

    def _believed_of(self, act: Act) -> list[Claim]:
        if act.day is None:
            return []
        return [claim for claim in self.claims[act.target] if (act.target, claim.key) not in self.removed]

    def of(self, act: Act) -> list[Claim]:
        """The claims of *act* that are believed; none of an act of unknown day."""
        return self._believed[act.target]

    def believed(self, act: Act, key: Key) -> bool:
        """Whether what *act* claims of *key* has not lost against a rival."""
        return (act.target, key) not in self.removed

    def is_done(self, claim: Claim) -> bool:
        """Whether *claim* is taken already."""
        return (claim.act.target, claim.key) in self.done

    def starts_to_come(self, key: Key) -> Iterator[Act]:
        """The acts that will begin a life of *key*."""
        return (claim.act for claim in self._starts[key] if not self.is_done(claim))

    def next_start(self, key: Key, after: Order) -> Order | None:
        """Where in the order of effect, *after* a place, the next life of *key* begins; None if none will."""
        return min((act.order for act in self.starts_to_come(key) if act.order > after), default=None)

    def end_to_come(self, life: Life, cause: Act, lo: Day, hi: Day, until: Order | None) -> Claim | None:
        """The stated end of *life*, after *cause* and before *until* in the order of effect, that can be in *lo*..*hi*.

        Only the first that is meant for the life counts.
        """
        for claim in self._ends[life.key]:
            act = claim.act
            if self.is_done(claim) or act.order <= cause.order:
                continue
            if until is not None and act.order > until:
                return None
            if claim.tenure and not life.is_called(claim.tenure):
                continue
            return claim if max(lo, act.lo) <= min(hi, act.hi) else None
        return None
