"""Repeat, take the median, quote ratios: machines are small and noisy."""

from collections.abc import Callable
from statistics import median
from time import perf_counter


def seconds(work: Callable[[], object], repeats: int = 5) -> float:
    """Median wall-clock seconds of one call, after one call that is not counted."""
    work()
    return median(_once(work) for _ in range(repeats))


def report(what: str, ours: float, peer_name: str, peer: float, unit: float = 1e3, unit_name: str = "ms") -> float:
    """Print one line: ours, the peer, and how many times faster we are; returns the ratio."""
    ratio = peer / ours
    print(
        f"{what}: {ours * unit:.4g} {unit_name}; {peer_name}: {peer * unit:.4g} {unit_name}; {ratio:.1f} x",
        flush=True,
    )
    return ratio


def _once(work: Callable[[], object]) -> float:
    start = perf_counter()
    work()
    return perf_counter() - start
