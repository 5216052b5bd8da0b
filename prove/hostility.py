"""Hostile input: entries and files near good ones, and monsters, of which memory and time are measured."""

from __future__ import annotations

import json
import resource
import time
from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from api.importers.files import read_file
from api.importers.options import FormatName
from api.registers import NotARegister
from domain.entries import entry_from_json, entry_from_yaml
from domain.errors import EntryUnreadable
from prove.processes import forked
from prove.promises import Trial
from tests.api.kz_eo import exported
from tests.api.test_entries_mutated import faults_of_taking
from tests.api.test_hostile import ATTACKS, YAML_BOMB
from tests.importers import test_workbooks
from tests.importers.taken import MINT
from tests.importers.test_hostile import JSON, delimited, read_and_judge, tables
from tests.mutations import mutated_bytes, mutated_entries

SECONDS, MEMORY = 10, 512  # of the processor; MiB beyond what the process had


def drawn(trial: Trial, tries: int, what: st.SearchStrategy[Any], faults: Callable[[Any], list[str]]) -> None:
    """Try *faults* of what hypothesis draws; whatever comes through as an exception is a fault too."""
    slowest = 0.0

    @seed(trial.chance.randrange(2**32))
    @settings(max_examples=tries, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(what)
    def attack(one: Any) -> None:
        nonlocal slowest
        begun = time.process_time()
        try:
            found = faults(one)
        except Exception as fault:  # noqa: BLE001  # that none comes through is what is promised
            found = [repr(fault)]
        slowest = max(slowest, time.process_time() - begun)
        trial.survived(repr(one)[:300], *found)

    attack()
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    trial.measured.append(f"slowest {slowest:.2f} s of the processor; {most} MiB at most in the process")


def entries_mutated(trial: Trial, tries: int) -> None:
    """Record mutated entries."""
    drawn(trial, tries, mutated_entries(), faults_of_taking)


def _judged(one: tuple[str, bytes, FormatName]) -> list[str]:
    read_and_judge(*one)
    return []


def files_mutated(trial: Trial, tries: int) -> None:
    """Import altered files of every format, and tables and JSON near what is expected."""
    table = b"person;post;from;to\n" + "Анна Ли;Глава;1995-10-20;1999\nҚарин;Глава;2000;\n".encode()
    structure = {"as_of": "1995-10-20", "units": {"a": {"name": {"ru": "Ұлт"}, "parent": None, "grade": "certain"}}}
    body: dict[str, Any] = {
        "entry": "e",
        "changes": [{"kind": "person-registered", "person": "ann", "name": {"en": "A"}}],
    }
    popolo = {"persons": [{"id": "a", "name": "Ann"}], "organizations": [{"id": "b", "name": "Mint"}]}
    popolo |= {"memberships": [{"person_id": "a", "organization_id": "b", "start_date": "1995"}]}
    wholes: list[tuple[str, bytes, FormatName]] = [
        ("any.csv", table, "csv"),
        ("any.xlsx", test_workbooks.PLAIN, "xlsx"),
        ("any.json", json.dumps(popolo).encode(), "popolo"),
        ("any.json", json.dumps([structure]).encode(), "snapshots"),
        ("any.jsonl", json.dumps(body).encode() + b"\n", "entries"),
        ("any.json", json.dumps([body]).encode(), "entries"),
        ("any.zip", _tables(), "package"),
    ]
    altered = st.sampled_from(wholes).flatmap(
        lambda whole: mutated_bytes(whole[1]).map(lambda content: (whole[0], content, whole[2]))
    )
    kinds: st.SearchStrategy[FormatName] = st.sampled_from(["csv", "snapshots"])
    made = st.tuples(tables(), st.sampled_from(",;\t"), kinds).map(
        lambda one: ("any.csv", delimited(one[0], one[1]), one[2])
    )
    written = JSON.map(lambda one: ("any.json", json.dumps(one[0]).encode(), one[1]))
    drawn(trial, tries, st.one_of(altered, made, written), _judged)


def _tables() -> bytes:
    from api.formats.table import FORMATS

    return FORMATS["csv"].body(exported("csv"))


def _entry(make: Callable[[], bytes]) -> None:
    entry_from_json(make(), "it")


def _yaml(text: bytes) -> None:
    entry_from_yaml(text, "it")


def _workbook(make: Callable[[], bytes]) -> None:
    read_file("heads.xlsx", make(), MINT)


def measured_monsters(trial: Trial, _: int) -> None:
    """Each once, in a process of its own: refused, in so much time and memory."""
    monsters: dict[str, Callable[[], None]] = {
        **{name: lambda make=make: _entry(make) for name, make in ATTACKS.items()},  # type: ignore[misc]
        "a YAML bomb": lambda: _yaml(YAML_BOMB),
        "YAML nested 100,000 deep": lambda: _yaml(b"[" * 100_000),
        **{
            f"a workbook, {make.__name__.lstrip('_').replace('_', ' ')}": lambda make=make: _workbook(make)  # type: ignore[misc]
            for make in (
                *(test_workbooks._bomb, test_workbooks._far, test_workbooks._amplified, test_workbooks._entities),
                *(test_workbooks._twice, test_workbooks._huge_cell, test_workbooks._merged),
            )
        },
    }
    worst: dict[str, tuple[float, str]] = {"s": (0.0, ""), "MiB": (0.0, "")}
    for name, attack in monsters.items():

        def work(attack: Callable[[], None] = attack) -> int:
            begun, had = time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            refused = False
            try:
                attack()
            except (EntryUnreadable, NotARegister):
                refused = True
            grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - had) / 1024
            print(json.dumps([refused, time.process_time() - begun, grown]))  # noqa: T201  # to the parent
            return 0

        ended = forked(work)
        if ended.status:
            trial.survived(name, f"status {ended.status}: {ended.err[-300:]}")
            continue
        refused, seconds, grown = json.loads(ended.out)
        worst = {"s": max(worst["s"], (seconds, name)), "MiB": max(worst["MiB"], (grown, name))}
        over = [f"{seconds:.1f} s"] * (seconds > SECONDS) + [f"{grown:.0f} MiB"] * (grown > MEMORY)
        trial.survived(name, *([] if refused else ["it was not refused"]), *over)
    trial.measured.append("; ".join(f"most {worst[unit][0]:.1f} {unit}: {worst[unit][1]}" for unit in worst))
