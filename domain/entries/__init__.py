"""What an editor records in one go: an instrument or a source, with its changes; read, checked, canonical.

An entry comes as JSON or as YAML by one model. Every YAML scalar but null, true and false is text, so
that `2019` stays the year that was written; aliases, tags and repeated keys are refused.
"""

from domain.entries.entry import Entry, InstrumentGiven, basis_of, default_day
from domain.entries.faults import Place, placed_faults
from domain.entries.plain import MAX_DEPTH, MAX_ENTRY_BYTES, plain_json, plain_yaml, yaml_text
from domain.entries.reading import (
    MAX_CHANGES,
    InstitutionFile,
    Plain,
    canonical_yaml,
    drafts_from_json,
    entry_from,
    entry_from_json,
    entry_from_yaml,
    institution_from_yaml,
)

__all__ = [
    "MAX_CHANGES",
    "MAX_DEPTH",
    "MAX_ENTRY_BYTES",
    "Entry",
    "InstitutionFile",
    "InstrumentGiven",
    "Place",
    "Plain",
    "basis_of",
    "canonical_yaml",
    "default_day",
    "drafts_from_json",
    "entry_from",
    "entry_from_json",
    "entry_from_yaml",
    "institution_from_yaml",
    "placed_faults",
    "plain_json",
    "plain_yaml",
    "yaml_text",
]
