"""What schemathesis is told of the server: which ids there are, and which refusals no schema can foresee."""
