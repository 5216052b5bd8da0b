"""Loaded by schemathesis: dates as HTTP writes them, and which refusals of good data are right."""

from __future__ import annotations

from typing import Any

import schemathesis
from hypothesis import strategies as st
from schemathesis import Case, CheckContext, Response
from schemathesis.openapi.checks import RejectedPositiveData
from schemathesis.specs.openapi.checks import positive_data_acceptance

from api.mementos import datetime_of

schemathesis.openapi.format("http-date", st.dates().map(lambda day: datetime_of(day.toordinal())))
schemathesis.openapi.format(
    "edtf",
    st.dates().map(str) | st.sampled_from(["1811", "1811-07", "1811~", "1810/1811-07", "../1811-07-01", "1811-07-01?"]),
)

OF_THE_RECORD = {
    "entry-refused",  # it contradicts what is recorded
    "head-moved",  # If-Match names another head
    "not-as-cited",  # another log, or other rules
    "not-known-yet",  # beyond the head
    "not-exported",  # a format and days that do not go together
}
"""Refusals of what is well formed, for what the register holds or the parts of a question say together."""

TOGETHER = {
    "/v1/institutions/{institution}/diff",
    "/v1/institutions/{institution}/flows",
    "/v1/institutions/{institution}/search",
}
"""Where parameters exclude or need each other, which OpenAPI cannot say."""

AT_ODDS = ("it is not asked together with", "it is required", "it lies before", "it lies after")

ONE_CHANGE = (
    "a unit stands twice",
    "a link is [from, to]",
    "the link ",
    "new unit ",
    "a release names a tenure",
    "a change of capacity names a tenure",
    "a scope ",
    "unit_kind has no meaning",
    "a member stands twice",
    "coverage ends before it begins",
    "a count is of a post or of a unit",
    "ENTRY#0, and it alone",
    "an id stands twice",
    "an entry holds a change",
)
"""What the fields of one change may not say together, which its schema does not tell."""


@schemathesis.check
def good_data_is_taken(ctx: CheckContext, response: Response, case: Case[Any]) -> None:
    """What the schema allows is answered, or refused for what no schema tells: the record, or parts at odds."""
    try:
        positive_data_acceptance(ctx, response, case)
    except RejectedPositiveData:
        problem = response.json()
        kind = problem["type"].removeprefix("/problems/")
        if kind == "invalid-parameters" and case.operation.path in TOGETHER:
            right = all(fault["detail"].startswith(AT_ODDS) for fault in problem["errors"])
        elif kind == "entry-unreadable":
            right = all(any(said in reason["detail"] for said in ONE_CHANGE) for reason in problem["reasons"])
        else:
            right = kind in OF_THE_RECORD
        if not right:
            raise
