"""The whole history of one unit, post, person, instrument or entry."""

from projections.histories.acts import acts_by, entry_history, instrument_history, taught_by
from projections.histories.offices import displaced
from projections.histories.persons import person_history
from projections.histories.telling import last_value, person_name, states
from projections.histories.tenures import tenure
from projections.histories.things import post_history, thing_history, unit_history

__all__ = [
    "acts_by",
    "displaced",
    "entry_history",
    "instrument_history",
    "last_value",
    "person_history",
    "person_name",
    "post_history",
    "states",
    "taught_by",
    "tenure",
    "thing_history",
    "unit_history",
]
