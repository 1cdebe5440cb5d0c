"""The same reading in a process of its own: whatever a file does to its reader, the one who asked stays up."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from core.errors import ChoiceNeeded, OrdersError
from core.limits import ADDRESS_SPACE_BYTES, CPU_SECONDS, megabytes
from core.reading.checks.report import report_from_json
from core.reading.decoding.memory_file import MemoryFile, OpenFile
from core.reading.intake import Intake, Progress
from core.reading.reading import Reading, as_json, from_json
from core.reading.roles.guess import Guess

_ROOT = Path(__file__).parent.parent.parent
_DEATHS = {
    signal.SIGXCPU: f"took more than {CPU_SECONDS} s of computing",
    signal.SIGXFSZ: "unpacks to more than may be kept",
    signal.SIGKILL: "took more memory than there is",
}


def take_in_apart(
    files: Sequence[tuple[MemoryFile | OpenFile, str]],
    reading: Reading,
    *,
    now: str,
    progress: Progress = lambda text, share: None,
) -> Intake:
    """`intake.take_in` in a child process with bounds on memory, time and output; same errors, none of its faults.

    A progress that raises ends the child: so a page cancels.
    """
    orders, rejected = MemoryFile(), MemoryFile()
    request = {
        "files": [[file.path, name] for file, name in files],
        "reading": as_json(reading),
        "now": now,
        "orders": orders.path,
        "rejected": rejected.path,
    }
    kept = [file.descriptor for file, _ in files] + [orders.descriptor, rejected.descriptor]
    answer = _answer(request, kept, progress, files[0][1])
    if "error" in answer:
        if answer.get("choices"):
            raise ChoiceNeeded(answer["error"], answer["choices"])
        raise OrdersError(answer["error"])
    told = answer["intake"]
    return Intake(
        report=report_from_json(told["report"]),
        reading=from_json(told["reading"]),
        columns=[Guess(**(column | {"samples": tuple(column["samples"])})) for column in told["columns"]],
        labels=[(word, count) for word, count in told["labels"]],
        orders=orders if told["orders"] else None,
        rejected=rejected if told["rejected"] else None,
        mask=told["mask"],
        places=[(first, rows) for first, rows in told["places"]],
        peak_mb=told["peak_mb"],
    )


def _answer(request: dict[str, Any], kept: list[int], progress: Progress, name: str) -> dict[str, Any]:
    """The child's last word; OrdersError where it died without one."""
    environment = {"PYTHONPATH": str(_ROOT), "OPENBLAS_NUM_THREADS": "1", "PATH": os.environ.get("PATH", "")}
    command = [sys.executable, "-m", "core.reading.child"]
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        pass_fds=kept,
        env=environment,
        cwd=_ROOT,
        text=True,
    ) as child:
        try:
            _ask(child, request)
            for said in _lines(child):
                if "progress" not in said:
                    return said
                progress(*said["progress"])
        finally:
            child.kill()
    raise OrdersError(
        f"{name} {_why(child.returncode)}. The file is damaged, or made to break its reader: save it anew."
    )


def _ask(child: "subprocess.Popen[str]", request: dict[str, Any]) -> None:
    assert child.stdin is not None
    try:
        child.stdin.write(json.dumps(request))
        child.stdin.close()
    except BrokenPipeError:  # it died at once: the lines that do not come say so
        return


def _lines(child: "subprocess.Popen[str]") -> Iterator[dict[str, Any]]:
    assert child.stdout is not None
    for line in child.stdout:
        yield json.loads(line)
    child.wait()


def _why(status: int) -> str:
    if status < 0 and -status in _DEATHS:
        return _DEATHS[signal.Signals(-status)]
    return f"ended its reader, which may use {megabytes(ADDRESS_SPACE_BYTES)}"
