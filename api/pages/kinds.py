"""The kinds of change as an editor looks for them."""

KIND_GROUPS: dict[str, tuple[str, ...]] = {
    "people": (
        "appointed",
        "released",
        "transferred",
        "capacity-changed",
        "person-registered",
        "person-renamed",
        "life-event",
    ),
    "units": (
        "unit-established",
        "unit-renamed",
        "unit-moved",
        "unit-abolished",
        "unit-reinstated",
        "units-reorganized",
        "unnamed-units-abolished",
    ),
    "posts": (
        "post-created",
        "post-retitled",
        "post-moved",
        "portfolio-changed",
        "seats-changed",
        "post-abolished",
        "post-reinstated",
    ),
    "relations": (
        "relation-started",
        "relation-ended",
    ),
    "functions": (
        "mandate-declared",
        "function-assigned",
        "function-withdrawn",
        "function-transferred",
    ),
    "instruments": (
        "instrument-amended",
        "instrument-repealed",
        "instrument-issued",
    ),
    "shown": (
        "unit-attested",
        "post-attested",
        "tenure-attested",
        "relation-attested",
        "function-attested",
        "list-attested",
        "coverage-declared",
    ),
    "claims": (
        "quantity-observed",
        "count-claimed",
        "assessment-made",
        "statement-made",
    ),
    "context": (
        "source-registered",
        "period-defined",
        "institution-declared",
    ),
    "control": (
        "corrected",
        "annulled",
        "reading-preferred",
        "identities-unified",
        "redacted",
    ),
}
"""Head → kinds, each once; every kind has its place."""
