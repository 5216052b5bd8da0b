"""Files of others as entries: bytes and options in, a Register out; nothing is fetched, and nothing recorded here."""
