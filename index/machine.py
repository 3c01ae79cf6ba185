"""What this machine can spare at this moment: processor cores and memory, inside its container's limits."""

from __future__ import annotations

import os
from collections.abc import Collection
from pathlib import Path

import psutil


def usable_cores() -> int:
    """Cores that this process may run on, whatever else runs there: within the number of physical cores, the
    container's quota and OMP_NUM_THREADS."""
    limits = [len(_allowed()), psutil.cpu_count(logical=False) or len(_allowed())]
    quota, _, period = _control("cpu.max").partition(" ")
    if quota.isdecimal():
        limits.append(int(quota) // int(period))
    if (wish := os.environ.get("OMP_NUM_THREADS", "")).isdecimal():
        limits.append(int(wish))
    return max(1, min(limits))


def free_cores() -> int:
    """Usable cores that no other program is using, at least 1. Looks for 50 ms."""
    load = psutil.cpu_percent(interval=0.05, percpu=True)
    idle = sum(1 - load[core] / 100 for core in _allowed() if core < len(load))
    return max(1, min(round(idle), usable_cores()))


def free_memory() -> int:
    """Bytes that can be taken without swapping, within the container's limit."""
    available = psutil.virtual_memory().available
    limit, used = _control("memory.max"), _control("memory.current")
    if limit.isdecimal() and used.isdecimal():
        statistics = dict(line.split(" ", 1) for line in _control("memory.stat").splitlines())
        # Cached files are counted as used but are given back on demand.
        available = min(available, int(limit) - int(used) + int(statistics.get("inactive_file", 0)))
    return max(0, available)


def _allowed() -> Collection[int]:
    return os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else range(os.cpu_count() or 1)


def _control(name: str) -> str:
    """A setting of this process's cgroup (version 2), or "" where there is none."""
    try:
        own = Path("/proc/self/cgroup").read_text("ascii").rpartition("::")[2].strip().lstrip("/")
        for folder in (Path("/sys/fs/cgroup", own), Path("/sys/fs/cgroup")):
            if (folder / name).exists():
                return (folder / name).read_text("ascii").strip()
    except OSError:
        pass  # Not Linux, or not allowed to look: then the machine's own figures hold.
    return ""
