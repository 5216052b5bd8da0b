"""The fold: acts in the order of effect become lives, with their consequences. It defines every answer.

It goes day by day. Acts of one day are taken in order; at the day's end what was abolished takes with it
what still hangs on it. Two things send it back to the beginning, and both only ever grow, so it ends:

- of two rival claims the loser is taken out;
- evidence found later (a holder shows a post, a post its unit) may forbid an implied end.

Where to read on, by section of the design: `rounds` begins again until nothing changes; `days` is one pass over all
acts (4.2); `claimed` knows what is claimed and still to come; `standing` holds the lives begun so far and what hangs on
what (4.1); `taking` takes one claim into a life (4.5, 4.9); `rivals` settles claims on one fact (4.5); `evidence` says
when the record shows a thing (4.6); `consequences` ends what an act ends without saying so (4.7).
"""

from domain.fold.rounds import fold

__all__ = ["fold"]
