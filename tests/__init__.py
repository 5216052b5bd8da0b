"""The tests, one package for each package they test."""
