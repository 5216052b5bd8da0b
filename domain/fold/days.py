"""One pass of the fold: every act in the order of effect (design 4.2), and at each day's end its consequences.

Within a day acts are taken one after the other; what an abolition takes with it, and what a list leaves out, is seen
when the day is over. Within one life its start comes first and its end last, whatever their bounds.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby

from domain.acts import UNDATED, Act
from domain.claims import Claim
from domain.dates import AFTER_ALL
from domain.fold.claimed import Claimed
from domain.fold.consequences import Consequences
from domain.fold.evidence import Evidence, ShownOn
from domain.fold.rivals import Removed
from domain.fold.standing import Standing
from domain.fold.taking import Taking
from domain.parts import Part
from domain.pausing import pause
from domain.world import Finding


class Pass:
    """One pass over all *acts*, without the claims that are *removed*."""

    def __init__(
        self,
        acts: list[Act],
        claims: Mapping[str, list[Claim]],
        removed: Removed,
        shown_on: ShownOn,
        part: Part | None,
    ) -> None:
        self.acts = acts
        self.findings: list[Finding] = []
        self.standing = Standing()
        self.claimed = Claimed(acts, claims, removed)
        self.evidence = Evidence(acts, self.standing, shown_on, part)
        self.taking = Taking(self.standing, self.claimed, self.findings)
        self.consequences = Consequences(self.standing, self.claimed, self.evidence, self.taking, self.findings)
        for claim in self.claimed.lost_starts:
            self.standing.introduce(claim)  # its day is not believed; what it is called nobody disputes

    def all_days(self) -> None:
        """Takes every act, and at each day's end its consequences. Raises: Settled."""
        for day, group in groupby(self.acts, key=lambda act: act.hi):
            today = list(group)
            if day == UNDATED:
                self._introduce(today)
                continue
            self.taking.begin_day()
            self.consequences.begin_day()
            for act in today:
                pause()
                self.taking.take(act)
                self.consequences.of_act(act)
            if day < AFTER_ALL:
                self.consequences.at_days_end(today)

    def _introduce(self, undated: list[Act]) -> None:
        """An attestation of unknown day gives its thing a first value, but no life."""
        for act in undated:
            for claim in self.claimed.claims[act.target]:
                self.standing.introduce(claim)
