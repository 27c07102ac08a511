"""The C library's allocator, read at glibc 2.41: what it keeps of memory that was freed."""

import ctypes
import os

M_MMAP_THRESHOLD = -3  # <malloc.h>
THRESHOLD_BYTES = 2**18  # twice its default
SET_BY_OPERATOR = "MALLOC_MMAP_THRESHOLD_"


def return_large_blocks() -> bool:
    """Let this process give blocks of 256 KiB or more back to the system as soon as they are freed.

    By default glibc raises its threshold with the first large block that is freed, up to 32 MiB, and from then on keeps
    such blocks, one for each thread. Other C libraries have no such function, and return them anyway. The environment
    variable MALLOC_MMAP_THRESHOLD_ goes before; returns whether anything was set.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is None or SET_BY_OPERATOR in os.environ:
        return False
    return bool(mallopt(M_MMAP_THRESHOLD, THRESHOLD_BYTES))
