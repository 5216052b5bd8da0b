"""From events to answers: pure functions of the log, and the recorders that keep it."""
