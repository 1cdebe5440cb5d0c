"""What goes to standard error: messages, and how far a long command has come."""

import shutil
import sys
from types import TracebackType
from typing import TextIO


def say(text: str) -> None:
    """One message on a line of its own."""
    print(text, file=sys.stderr, flush=True)


class Progress:
    """How far a command has come: one line, rewritten and at the end erased, on a terminal; in a log a line a step.

    >>> with Progress(sys.stdout) as progress:
    ...     progress("Training the model", 0.5)
    ...     progress("Training the model", 0.6)
    ...     progress("Scoring", 0.8)
     50%  Training the model
     80%  Scoring
    """

    def __init__(self, stream: TextIO) -> None:
        """stream: standard error, as a rule; what is written depends on whether it is a terminal."""
        self._stream, self._rewrites = stream, stream.isatty()
        self._step, self._line = "", ""

    def __call__(self, step: str, share: float) -> None:
        """step: what is being done; share: of the whole command, 0–1."""
        line = f"{share:4.0%}  {step}"
        if self._rewrites:
            self._rewrite(line)
        elif step != self._step:
            self._write(f"{line}\n")
        self._step = step

    def __enter__(self) -> "Progress":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        """The line is erased, after a fault too, so that what is said next stands alone."""
        if self._line:
            self._write(f"\r{' ' * len(self._line)}\r")
            self._line = ""

    def _rewrite(self, line: str) -> None:
        line = line[: shutil.get_terminal_size().columns - 1]  # a line that wraps could not be taken back
        if line != self._line:
            self._write(f"\r{line:{len(self._line)}}")
            self._line = line

    def _write(self, text: str) -> None:
        self._stream.write(text)
        self._stream.flush()
