"""The meaning of a register: dates, events, entries, lives and grades; pure but for its log.

Words, as everywhere in this project: an *institution* has *units*, *posts* and *persons*; a *tenure* is
one person in one post over one period; an *instrument* is a decree, order or law, a *provision* an
article of one; an editor records an *entry*, whose *changes* become events. `signed`, `published` and
`in_force` are days of an instrument; `effective` is the first day a change holds; `recorded` the instant
the log took it. A reader asks with `as_of`, a day, and `known_at`, a position of the log or an instant.
A span holds its first day and not its last.
"""
