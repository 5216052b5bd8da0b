"""Tests of the meaning: dates, events, entries and rules."""
