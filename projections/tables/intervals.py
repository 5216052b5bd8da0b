"""Where the tables file an interval, so that all that hold a given point are found in a few ranges of an index.

The relational interval tree (Kriegel, Pötke, Seidl, VLDB 2000): a closed interval is filed under the node of a
virtual binary tree at which the paths to its two ends part. What holds a point lies on the path to that point.
"""

from __future__ import annotations

from domain.dates import AFTER_ALL, Day

OPEN = -1
"""The node of intervals without an end."""


def fork(first: int, last: int) -> int:
    """The node of the interval from *first* to *last*, both included and positive."""
    height = ((first - 1) ^ last).bit_length() - 1
    return last >> height << height


def day_node(lo: Day, hi: Day) -> int:
    """The node of the days from *lo* until before *hi*."""
    return OPEN if hi >= AFTER_ALL else fork(lo + 1, hi)  # a day more, for BEFORE_ALL is 0


def day_path(day: Day) -> tuple[list[int], list[int]]:
    """The nodes at or before *day*, and those behind it, at which what holds *day* may be filed."""
    return path(day + 1, AFTER_ALL.bit_length())


def commit_node(since: int, until: int) -> int:
    """The node of the positions from *since* until before *until*."""
    return fork(since + 1, until)


def commit_path(position: int, last: int) -> tuple[list[int], list[int]]:
    """As day_path, of a *position* in a log that ends at *last*."""
    return path(position + 1, (last + 1).bit_length())


def path(point: int, height: int) -> tuple[list[int], list[int]]:
    """The nodes on the way to *point* in a tree of *height*: those at or before it, and those behind it."""
    nodes = {(point >> level | 1) << level for level in range(height)}
    return sorted(node for node in nodes if node <= point), sorted(node for node in nodes if node > point)
