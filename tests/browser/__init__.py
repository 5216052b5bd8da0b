"""Tests that read the pages as a historian does, in a browser."""
