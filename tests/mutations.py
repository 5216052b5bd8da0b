"""Entries and files near good ones, with anything in them."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from typing import Any

from hypothesis import strategies as st

from api import examples

ODD_TEXTS = st.sampled_from(
    [
        *("", " ", "\x00", "\x1b[2J", "\ud800", "As\u202esay", "as\u200bsay", "аssay", "a" * 4001, "-1", "1e9", "NaN"),
        *("0000", "0001", "9999", "10000-01-01", "-0001", "2023-02-30", "../2024", "2019~", "9999-12-31/..", "XXXX"),
        *("mint", "mint#1", "founding#0", "founding#999999", "corrected", "und", "٣", "{{ 7*7 }}", "<script>", "'; --"),
    ]
)
ODD = st.one_of(
    ODD_TEXTS,
    st.text(max_size=20),
    st.none(),
    st.booleans(),
    st.sampled_from([0, 1, -1, 2**31, 2**63 - 1, 2**63, 10**30, 0.5, 1e308, float("inf"), [], {}, [[]], {"en": "x"}]),
    st.integers(0, 40).map(lambda depth: _nested(depth)),
)


def _nested(depth: int) -> Any:
    inner: Any = "x"
    for _ in range(depth):
        inner = [inner]
    return inner


def _places(data: Any) -> Iterator[tuple[Any, Any]]:
    """Every (container, key) in *data*."""
    keys = data if isinstance(data, dict) else range(len(data)) if isinstance(data, list) else ()
    for key in keys:
        yield data, key
        yield from _places(data[key])


@st.composite
def mutated_entries(draw: st.DrawFn) -> Any:
    """An entry of the examples of which up to three places hold something else, nothing, or what another holds."""
    data = copy.deepcopy(draw(st.sampled_from(examples.entries())))
    for _ in range(draw(st.integers(1, 3))):
        places = list(_places(data))
        if not places:
            break
        container, key = draw(st.sampled_from(places))
        match draw(st.integers(0, 4)):
            case 0 | 1:
                container[key] = draw(ODD)
            case 2:
                del container[key]
            case 3:
                other, of = draw(st.sampled_from(places))
                if isinstance(other, dict) and of in other:
                    container[key] = copy.deepcopy(other[of])
            case _:
                if isinstance(container, dict):
                    container[draw(ODD_TEXTS)] = container[key]
                else:
                    container.append(copy.deepcopy(container[key]))
    return data


@st.composite
def mutated_bytes(draw: st.DrawFn, whole: bytes) -> bytes:
    """*whole* with one to four places cut out, doubled or written over."""
    content = whole
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(content)))
        length = draw(st.integers(0, 40))
        change: Callable[[bytes], bytes] = draw(
            st.sampled_from(
                [lambda _: b"", lambda part: part * 2, lambda part: part[::-1], lambda part: bytes(b ^ 1 for b in part)]
            )
        )
        more = draw(
            st.one_of(st.just(b""), st.binary(max_size=6), ODD_TEXTS.map(lambda t: t.encode("utf-8", "replace")))
        )
        content = content[:at] + change(content[at : at + length]) + more + content[at + length :]
    return content
