"""The number of the rules by which answers are made, and the rules that report an anomaly."""

from __future__ import annotations

RULES = 3
"""Raised whenever what an answer means changes; the log never changes for it."""

FINDINGS: dict[str, str] = {
    "act-after-end": "An act on a thing that had ended, or a thing shown after what it hung on had ended.",
    "ambiguous-tenure": "A release by person and post where two tenures stand on the eve; it ends neither.",
    "anachronistic-name": "A source, or a claim, calls a unit or post by a name that acts give it at another time.",
    "count-mismatch": "A claimed number of holders that fits none of the three ways of counting those recorded.",
    "incomparable-dates": "Two acts on one thing whose dates leave open which came first; the rules chose an order.",
    "orphaned": "A fact about a thing that nothing introduces any more, after an annulment or correction.",
    "post-without-holder": "A post that stood, and of which no tenure is known at any time.",
    "stale-function": "A function whose text names a unit by a name that no unit bears on that day.",
    "successor-mismatch": "A successor that an abolition names and that does not stand on that day.",
    "unknown-code": "A unit kind, relation or instrument kind outside the institution's code lists.",
    "unresolved-citation": "A source that is cited and that no entry registers.",
    "vacancy": "A span in which a post stands and something says that nobody holds it.",
    "conflicting-claims": "Sources disagree on one fact; only the best claim is shown.",
    "holder-after-abolition": "A tenure that the record shows after its post's end, or after the holder's death.",
    "overlap": "A post of one seat passed to another while the record still shows the one before in it.",
}
"""Every rule that reports an anomaly, with what it means. A finding never blocks an entry."""
