"""Tests of the read side and of the databases under it."""
