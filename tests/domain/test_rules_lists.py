"""Design 3: what a list says of its members beside their names."""

from __future__ import annotations

from tests.history import History


def test_a_member_of_a_list_of_departments_under_a_unit_is_a_department_under_it() -> None:
    """Nothing else is known of it: the heading of the list tells its parent and its kind."""
    # given
    history = History().on(None, {"kind": "unit-attested", "unit": "u"})
    scope = {"parent": "mint", "unit_kind": "department"}

    # when
    history.on("2008-01-01", {"kind": "list-attested", "scope": scope, "members": ["u"], "closed": False})

    # then
    seen = history.structure("2008-01-01")["units"]["u"]
    assert (seen["parent"], seen["kind"]) == ("mint", "department")
