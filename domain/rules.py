"""The number of the rules by which answers are made, and the rules that report an anomaly."""

from __future__ import annotations

RULES = 1
"""Raised whenever what an answer means changes; the log never changes for it."""

FINDINGS: dict[str, str] = {
    "act-after-end": "An act on a thing that had ended, or a thing shown after what it hung on had ended.",
    "ambiguous-tenure": "A release by person and post where two tenures stand on the eve; it ends neither.",
    "conflicting-claims": "Sources disagree on one fact; only the best claim is shown.",
    "holder-after-abolition": "A tenure that the record shows after its post's end, or after the holder's death.",
    "overlap": "A post of one seat passed to another while the record still shows the one before in it.",
}
"""Every rule that reports an anomaly, with what it means. A finding never blocks an entry."""
