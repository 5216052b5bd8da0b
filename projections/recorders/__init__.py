"""The databases that keep the log: one module each, over the event-store library."""
