"""The rim: HTTP, the command line, and the composition of it all; no rule of the subject."""
