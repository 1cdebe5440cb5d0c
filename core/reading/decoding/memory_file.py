"""Files that live in memory: nothing of an upload reaches the disk, and a child process can read them by path."""

import os
import tempfile
from pathlib import Path
from types import TracebackType
from typing import BinaryIO


class MemoryFile:
    """An anonymous file. path: how this process and a child that was passed `descriptor` open it.

    Where the system has no memfd, an unnamed-at-close temporary file takes its place.
    """

    def __init__(self) -> None:
        if hasattr(os, "memfd_create"):
            self.descriptor = os.memfd_create("cutline")
            self.path = f"/proc/self/fd/{self.descriptor}"
            self._named = False
        else:
            self.descriptor, self.path = tempfile.mkstemp(prefix="cutline-")
            self._named = True

    @property
    def size(self) -> int:
        """Bytes in it."""
        return os.fstat(self.descriptor).st_size

    def open(self, mode: str = "rb") -> BinaryIO:
        """The file from its beginning, with a place of its own in it."""
        return open(self.path, mode)  # type: ignore[return-value] # noqa: PTH123

    def close(self) -> None:
        """Let the memory go."""
        if self.descriptor >= 0:
            os.close(self.descriptor)
            self.descriptor = -1
            if self._named:
                os.unlink(self.path)  # noqa: PTH108

    def __enter__(self) -> "MemoryFile":
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: object, trace: TracebackType | None) -> None:
        self.close()

    def __del__(self) -> None:
        if hasattr(self, "descriptor"):
            self.close()


class OpenFile:
    """A file of the disk, held open under a plain path: DuckDB would take a path with * or [ as a pattern."""

    def __init__(self, path: Path) -> None:
        self.descriptor = os.open(path, os.O_RDONLY)
        self._folder = None
        self.path = f"/proc/self/fd/{self.descriptor}"
        if not Path(self.path).exists():
            self._folder = tempfile.TemporaryDirectory(prefix="cutline-")
            link = Path(self._folder.name) / "orders"
            link.symlink_to(path.resolve())
            self.path = str(link)

    @property
    def size(self) -> int:
        """Bytes in it."""
        return os.fstat(self.descriptor).st_size

    def close(self) -> None:
        """Let it go."""
        if self.descriptor >= 0:
            os.close(self.descriptor)
            self.descriptor = -1
            if self._folder is not None:
                self._folder.cleanup()

    def __del__(self) -> None:
        if hasattr(self, "descriptor"):  # the file may not have been there
            self.close()


def in_memory(content: bytes | memoryview) -> MemoryFile:
    """A memory file that holds this."""
    file = MemoryFile()
    with file.open("wb") as out:
        out.write(content)
    return file
