"""The lineage of a unit: what it came from and what it went on in, as rows, as a graph, and step by step."""

from __future__ import annotations

from typing import Any

from projections.histories import unit_history
from projections.lineage import lineage
from projections.structure import Answer
from tests.history import History, abolished, post, unit
from tests.projections.test_diff_reorganizations import mint, reorganized


def of_unit(history: History, name: str) -> Answer:
    """The history of a unit."""
    return unit_history(history.world(), "mint", name)


def edges(history: History, name: str) -> list[tuple[str, str, str]]:
    """The links of a unit's graph, with their forms."""
    return [(link["from"], link["to"], link["form"]) for link in lineage(history.world(), name)["links"]]


def steps(history: History, name: str) -> list[tuple[str, str | None]]:
    """What happened to a unit, and when."""
    return [(step["kind"], step["effective"]) for step in lineage(history.world(), name)["steps"]]


def moved(name: str, to: str) -> dict[str, Any]:
    """A unit moved under another."""
    return {"kind": "unit-moved", "unit": name, "parent": to}


def function(kind: str, holder: str, name: str, text: str | None = None) -> dict[str, Any]:
    """A change about a function."""
    return {"kind": f"function-{kind}", "holder": holder, "function": name, **({"text": {"en": text}} if text else {})}


def test_a_unit_knows_what_it_came_from_and_went_into() -> None:
    """Lineage names the acts by which units became others."""
    history = (
        History()
        .on("2001-01-01", unit("a"), unit("b"), unit("d"))
        .on(
            "2002-02-02",
            {
                "kind": "units-reorganized",
                "form": "merge",
                "before": ["a", "b"],
                "after": [{"unit": "c", "name": {"en": "C"}, "parent": "mint"}],
                "links": [["a", "c"], ["b", "c", "accounts"]],
            },
            by="merger",
        )
        .on("2003-03-03", abolished("c", "d"), by="end")
    )

    lineage = of_unit(history, "c")["lineage"]

    before = [(row["unit"], row["scope"], row["form"], row["effective"]) for row in lineage["before"]]
    assert before == [("a", None, "merge", "2002-02-02"), ("b", "accounts", "merge", "2002-02-02")]
    assert [(row["unit"], row["effective"], row["cause"]["event"]) for row in lineage["after"]] == [
        ("d", "2003-03-03", "end#1")
    ]
    assert [row["unit"] for row in of_unit(history, "a")["lineage"]["after"]] == ["c"]
    assert [row["unit"] for row in of_unit(history, "d")["lineage"]["before"]] == ["c"]
    alone = of_unit(history, "mint")["lineage"]
    assert (alone["before"], alone["after"], alone["links"], list(alone["lives"])) == ([], [], [], ["mint#0"])


def test_an_annulled_merger_is_no_lineage() -> None:
    """Lineage follows what is believed."""
    history = History().on("2001-01-01", unit("a"), unit("b")).on("2002-02-02", abolished("a", "b"), by="end")
    assert [row["unit"] for row in of_unit(history, "a")["lineage"]["after"]] == ["b"]

    history.on(None, {"kind": "annulled", "target": "end", "reason": "forged"})

    assert of_unit(history, "a")["lineage"]["after"] == []


def test_a_claim_that_is_not_believed_is_no_lineage() -> None:
    """Of two days of one end the worse is a rival, and what it says of successors is shown as little as its day."""
    history = (
        mint("a", "b", "c")
        .on("2005-05-01", abolished("a", "b"), by="report")
        .on("2006-05-01", abolished("a", "c"), instrument={"kind": "decree", "signed": "2006-05-01"})
    )

    assert [row["unit"] for row in lineage(history.world(), "a")["after"]] == ["c"]
    assert lineage(history.world(), "b")["before"] == []


# --- the graph


def test_the_graph_goes_back_and_on_as_far_as_the_record_does() -> None:
    """From the oldest ancestor to the last descendant, but not to what others of those became."""
    history = (
        mint("a", "b", "x")
        .on("2002-01-01", reorganized("merge", ["a", "b"], "c"))
        .on("2003-01-01", reorganized("split", ["c"], "d", "e"))
        .on("2004-01-01", reorganized("recode", ["d"], "f"))
        .on("2005-01-01", reorganized("merge", ["e", "x"], "y"))
    )

    assert edges(history, "d") == [
        ("a#0", "c#0", "merge"),
        ("b#0", "c#0", "merge"),
        ("c#0", "d#0", "split"),
        ("d#0", "f#0", "recode"),
    ]
    assert sorted(lineage(history.world(), "d")["lives"]) == ["a#0", "b#0", "c#0", "d#0", "f#0"]
    assert edges(history, "x") == [("x#0", "y#0", "merge")]


def test_what_came_to_an_ancestor_later_is_no_ancestor() -> None:
    """A spun c off in 2002; what a absorbed in 2004 never was c's."""
    history = (
        mint("a", "b")
        .on("2002-01-01", reorganized("spin-off", ["a"], {"unit": "a"}, "c"))
        .on("2004-01-01", reorganized("absorb", ["a", "b"], {"unit": "a"}))
    )

    assert edges(history, "c") == [("a#0", "c#0", "spin-off")]
    assert edges(history, "b") == [("b#0", "a#0", "absorb")]


def test_a_unit_that_lives_on_through_a_reorganization_keeps_its_node() -> None:
    """One life, not two, and no link from itself to itself."""
    history = mint("a").on("2002-01-01", reorganized("spin-off", ["a"], {"unit": "a"}, "c"))

    told = lineage(history.world(), "a")

    assert sorted(told["lives"]) == ["a#0", "c#0"]
    assert (told["lives"]["a#0"]["until"], told["lives"]["c#0"]["since"]) == (None, "2002-01-01")


def test_a_reinstatement_is_a_link_from_life_to_life_and_founding_anew_is_none() -> None:
    """Who has the code again without being reinstated is another unit."""
    reinstated = mint("a").on("2002-01-01", abolished("a")).on("2003-01-01", {"kind": "unit-reinstated", "unit": "a"})
    anew = mint("a").on("2002-01-01", abolished("a")).on("2003-01-01", unit("a"))

    assert edges(reinstated, "a") == [("a#0", "a#1", "reinstated")]
    assert edges(anew, "a") == []
    assert sorted(lineage(anew.world(), "a")["lives"]) == ["a#0", "a#1"]
    assert lineage(reinstated.world(), "a")["before"] == []


def test_lives_say_how_they_ended() -> None:
    """Stated or implied: none of them ends without a cause."""
    history = (
        mint("a")
        .on("2001-06-01", unit("b", "a"))
        .on("2002-01-01", abolished("a"), by="end")
        .on("2003-01-01", unit("b"))
    )

    lives = lineage(history.world(), "b")["lives"]

    assert [(name, life["life"], life["since"], life["until"], life["implied"]) for name, life in lives.items()] == [
        ("b#0", 0, "2001-06-01", "2002-01-01", True),
        ("b#1", 1, "2003-01-01", None, False),
    ]
    assert lives["b#0"]["ended_by"]["event"] == "end#1"
    assert lives["b#1"]["ended_by"] is None


def test_a_successor_that_does_not_stand_is_named_and_not_linked() -> None:
    """As the finding says: the link to it leads nowhere."""
    history = mint("a", "b").on("2002-01-01", abolished("b"), by="first").on("2003-01-01", abolished("a", "b"))

    told = lineage(history.world(), "a")

    assert [row["unit"] for row in told["after"]] == ["b"]
    assert (told["links"], list(told["lives"])) == ([], ["a#0"])


# --- share, and what passed


def test_a_unit_passes_whole_only_if_it_ends_and_goes_on_in_one() -> None:
    """What lives on passed a part, and so did what was divided."""
    history = (
        mint("a", "b", "d")
        .on("2002-01-01", reorganized("spin-off", ["a"], {"unit": "a"}, "c"))
        .on("2003-01-01", reorganized("split", ["b"], "e", "f"))
        .on("2004-01-01", abolished("d", "a"))
    )

    shares = {
        (row["unit"], row["share"]) for name in ("a", "b", "d") for row in lineage(history.world(), name)["after"]
    }
    assert shares == {("c", "part"), ("e", "part"), ("f", "part"), ("a", "whole")}


def test_what_hung_on_a_transformed_unit_passed_though_no_act_names_it() -> None:
    """Implied moves are told by the act that implies them."""
    history = (
        mint("a")
        .on("2001-06-01", unit("b", "a"), post("chair", "a"))
        .on("2002-01-01", reorganized("transform", ["a"], "c"))
    )

    (row,) = lineage(history.world(), "c")["before"]

    assert (row["share"], row["passed"]) == ("whole", {"functions": [], "posts": ["chair"], "units": ["b"]})
    assert lineage(history.world(), "c")["links"][0]["passed"] == row["passed"]


def test_what_was_moved_by_the_same_instrument_passed_and_by_another_did_not() -> None:
    """A split says who gets the desk in an article of its own, or a later act does for reasons of its own."""
    history = mint("a").on("2001-06-01", unit("x", "a"), unit("y", "a"), post("chair", "a"), post("desk", "a"))
    spun = reorganized("spin-off", ["a"], {"unit": "a"}, "c")
    history = (
        history.decree("2002-01-01", spun, moved("x", "c"), by="decree")
        .on("2002-01-01", {"kind": "post-moved", "post": "desk", "unit": "c"}, instrument="decree", by="annex")
        .on("2004-01-01", moved("y", "c"), {"kind": "post-moved", "post": "chair", "unit": "c"}, by="later")
    )

    (row,) = lineage(history.world(), "c")["before"]

    assert row["passed"] == {"functions": [], "posts": ["desk"], "units": ["x"]}


def test_functions_pass_by_transfer_by_code_and_word_for_word() -> None:
    """However the act says it: what the one did no longer and the other did from then on."""
    history = (
        mint("a")
        .on(
            "2001-06-01",
            function("assigned", "a", "seal", "Keeps the seal"),
            function("assigned", "a", "mail", "Opens the mail"),
            function("assigned", "a", "keys", "Keeps the keys"),
            function("assigned", "a", "clock", "Winds the clock"),
            by="rules",
        )
        .on(
            "2002-01-01",
            reorganized("spin-off", ["a"], {"unit": "a"}, "c"),
            function("transferred", "c", "seal"),
            function("withdrawn", "a", "mail"),
            function("assigned", "c", "mail", "Opens the mail of both"),
            function("withdrawn", "a", "keys"),
            function("assigned", "c", "keys-2", "Keeps the keys"),
            function("withdrawn", "a", "clock"),
            function("assigned", "c", "bell", "Rings the bell"),
            by="act",
        )
    )

    (row,) = lineage(history.world(), "c")["before"]

    assert [(f["function"], f["from"], f["to"]) for f in row["passed"]["functions"]] == [
        ("keys-2", "rules#3", "act#6"),
        ("mail", "rules#2", "act#4"),
        ("seal", "rules#1", "act#2"),
    ]
    assert row["passed"]["functions"][2]["text"] == {"en": "Keeps the seal"}


# --- step by step


def test_the_steps_of_a_unit_are_its_story_in_order() -> None:
    """From its beginning over names, parents and what it took over to its end."""
    history = (
        mint("a", "b")
        .on("2002-01-01", {"kind": "unit-renamed", "unit": "a", "name": {"en": "Assay"}})
        .on("2003-01-01", abolished("b", "a"))
        .on("2004-01-01", unit("house"), moved("a", "house"))
        .on("2005-01-01", reorganized("split", ["a"], "c", "d"))
    )

    told = lineage(history.world(), "a")["steps"]

    assert steps(history, "a") == [
        ("unit-established", "2001-01-01"),
        ("unit-renamed", "2002-01-01"),
        ("unit-took-over", "2003-01-01"),
        ("unit-moved", "2004-01-01"),
        ("units-reorganized", "2005-01-01"),
    ]
    assert [(step["from"], step["to"]) for step in told] == [
        ([], ["a#0"]),
        (["a#0"], ["a#0"]),
        (["a#0", "b#0"], ["a#0"]),
        (["a#0"], ["a#0"]),
        (["a#0"], ["c#0", "d#0"]),
    ]
    assert (told[1]["before"], told[1]["after"]) == ({"name": {"en": "a"}}, {"name": {"en": "Assay"}})
    assert (told[3]["before"], told[3]["after"]) == ({"parent": "mint"}, {"parent": "house"})
    assert (told[4]["form"], told[4]["after"]) == ("split", None)


def test_steps_tell_what_was_implied_and_what_a_source_only_shows() -> None:
    """A sub-unit moved because the unit above took another code; a unit of which nobody knows the beginning."""
    history = (
        mint("a")
        .on("2001-06-01", {"kind": "unit-attested", "unit": "b", "name": {"en": "B"}, "parent": "a"})
        .on("2002-01-01", reorganized("recode", ["a"], "c"))
        .on("2003-01-01", abolished("c"))
    )

    told = lineage(history.world(), "b")["steps"]

    assert [(step["kind"], step["effective"], step["implied"]) for step in told] == [
        ("unit-attested", "../2001-06-01", False),
        ("unit-moved", "2002-01-01", True),
        ("unit-abolished", "2003-01-01", True),
    ]


def test_steps_of_several_lives_stand_life_by_life() -> None:
    """Each from its beginning to its end, a reinstatement from the life that had ended."""
    history = (
        mint("a")
        .on("2002-01-01", abolished("a"))
        .on("2003-01-01", {"kind": "unit-reinstated", "unit": "a", "name": {"en": "A again"}})
    )

    told = lineage(history.world(), "a")["steps"]

    assert [(step["kind"], step["life"], step["from"], step["to"]) for step in told] == [
        ("unit-established", 0, [], ["a#0"]),
        ("unit-abolished", 0, ["a#0"], []),
        ("unit-reinstated", 1, ["a#0"], ["a#1"]),
    ]


def test_a_unit_that_lives_on_takes_the_name_that_the_act_gives_it_in_one_step() -> None:
    """The reorganization is the step; it is not told again as a renaming."""
    history = mint("a").on("2002-01-01", reorganized("transform", ["a"], {"unit": "a", "name": {"en": "New"}}))

    assert steps(history, "a") == [("unit-established", "2001-01-01"), ("units-reorganized", "2002-01-01")]
    assert lineage(history.world(), "a")["steps"][1]["after"] == {"name": {"en": "New"}}
