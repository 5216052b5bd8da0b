"""Promises that a register keeps, each tried by what would break it; `python -m prove`."""
