"""Of which version read tables are: those of another are made anew from the log, whatever database keeps them."""

from domain.rules import RULES

LAYOUT = 4
"""Raised whenever the tables come to hold something else."""

VERSION = 1_000 * LAYOUT + RULES
"""What tables are of; those of another layout, or made by other rules, are built anew."""
