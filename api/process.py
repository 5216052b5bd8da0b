"""How the process of the program is set up."""

from __future__ import annotations

import ctypes
import gc
import platform

YOUNG, MIDDLE, OLD = 10_000, 10, 5

ARENAS = 2
"""Heaps from which the threads of a process take memory."""
MAPPED = 64 * 1024
"""Bytes from which on a block, such as an answer, gets memory of its own, which goes back as soon as it is freed."""
UNUSED = 1024 * 1024
"""Bytes free at the end of a heap that are kept."""

_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD, _M_ARENA_MAX = -1, -3, -8  # as <malloc.h> of glibc numbers them


def collect_seldom() -> None:
    """Look for garbage in cycles less often than Python does by itself, but before it amounts to a hundred megabytes.

    Recording and reading make many small objects that live for a moment, beside caches of many that live long and
    that each full collection walks through: a third of the time of an import went there (docs/speed.md).
    """
    gc.set_threshold(YOUNG, MIDDLE, OLD)


def leave_aside() -> None:
    """Never look for garbage among what is there by now, the program itself, and sooner among what comes."""
    gc.collect()
    gc.freeze()


def give_memory_back() -> bool:
    """Have glibc give back what is freed, before there are threads; False where another library gives out memory.

    By itself it gives each thread a heap of its own, up to eight for each processor, and raises the size from which
    blocks get their own memory to that of the largest freed: answers of all sizes, made by many threads and kept for a
    while, then leave holes that nothing fits. Once set, these two do not adapt.
    """
    if platform.libc_ver()[0] != "glibc":
        return False
    mallopt = ctypes.CDLL(None).mallopt
    settings = ((_M_ARENA_MAX, ARENAS), (_M_MMAP_THRESHOLD, MAPPED), (_M_TRIM_THRESHOLD, UNUSED))
    return all(mallopt(name, value) == 1 for name, value in settings)
