"""The child process: reads one request from standard input, takes the files in under limits, answers in JSON lines."""

import json
import resource
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from core.errors import ChoiceNeeded, OrdersError
from core.limits import ADDRESS_SPACE_BYTES, CPU_SECONDS, MAX_UNPACKED_BYTES
from core.reading.checks.report import report_as_json
from core.reading.decoding.memory_file import MemoryFile
from core.reading.intake import Intake, take_in
from core.reading.reading import as_json, from_json


class _Given(MemoryFile):
    """A memory file of the parent's."""

    def __init__(self, path: str) -> None:
        self.path, self.descriptor = path, -1


def main() -> int:
    """Answer one request; the exit status is 0 for a refused file too."""
    for what, most in (
        (resource.RLIMIT_AS, ADDRESS_SPACE_BYTES),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_FSIZE, MAX_UNPACKED_BYTES),
    ):
        resource.setrlimit(what, (most, most))
    request = json.load(sys.stdin)
    try:
        intake = take_in(
            [tuple(file) for file in request["files"]],
            from_json(request["reading"]),
            now=request["now"],
            orders=_Given(request["orders"]),
            rejected=_Given(request["rejected"]),
            progress=lambda text, share: _say({"progress": [text, share]}),
        )
    except OrdersError as fault:
        _say({"error": str(fault), "choices": list(fault.choices) if isinstance(fault, ChoiceNeeded) else []})
    except MemoryError:
        _say({"error": "The file needs more memory than one file may take. Load it in parts, or as Parquet."})
    else:
        _say({"intake": _as_json(intake)})
    return 0


def _as_json(intake: Intake) -> dict[str, Any]:
    return {
        "report": report_as_json(intake.report),
        "reading": as_json(intake.reading),
        "columns": [asdict(guess) for guess in intake.columns],
        "labels": intake.labels,
        "orders": intake.orders is not None,
        "rejected": intake.rejected is not None,
        "mask": intake.mask,
        "places": intake.places,
        "peak_mb": _peak_mb(),
    }


def _peak_mb() -> float:
    """Most memory held so far; ru_maxrss would count what the parent held when it made this process."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM:")), float("nan"))


def _say(what: dict[str, Any]) -> None:
    print(json.dumps(what), flush=True)


if __name__ == "__main__":
    sys.exit(main())
