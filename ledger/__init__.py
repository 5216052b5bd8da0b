"""Pages made from the bundled registers: where every fact went, and who headed the Office."""
