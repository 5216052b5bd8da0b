"""What holds for every test: some need what a machine may lack."""

from tests.requirements import pytest_configure, pytest_runtest_setup

__all__ = ["pytest_configure", "pytest_runtest_setup"]
