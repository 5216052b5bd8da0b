"""What holds for every test: some need what a machine may lack; two stores; how many examples a law is tried on."""

import os

from hypothesis import HealthCheck, settings

from tests.bundled import bundled, own_copy
from tests.requirements import pytest_configure, pytest_runtest_setup
from tests.stores import open_store, postgres_server

__all__ = ["bundled", "open_store", "own_copy", "postgres_server", "pytest_configure", "pytest_runtest_setup"]

# A slow machine is no fault of a law: no deadlines, and drawing may take its time. `--hypothesis-profile` wins.
# A check judges a commit alike wherever it runs: it tries the same examples each time. `make laws` looks for new ones.
PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("check", PATIENT, max_examples=200, derandomize=True)
settings.register_profile("laws", PATIENT, max_examples=10_000, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "check"))
