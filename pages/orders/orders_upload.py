"""Files from the browser or the server into the reading, with progress, once for each choice of how to read them."""

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import streamlit as st

from core.columns import ROLES
from core.errors import ChoiceNeeded, OrdersError
from core.limits import MAX_COLUMNS, MAX_FILE_BYTES, MAX_ROWS, megabytes
from core.reading.decoding.memory_file import MemoryFile, OpenFile, in_memory
from core.reading.intake import Intake
from core.reading.isolated import take_in_apart
from core.reading.reading import Reading
from pages.shared.own import recall, remember, visit
from pages.shared.text import escaped

FOLDER_VARIABLE = "CUTLINE_FILES"  # the folder whose files readers may name, set by whoever runs the server
_EXAMPLE = Path(__file__).parent.parent.parent / "data" / "example.csv"


@dataclass(frozen=True)
class Chosen:
    """A file the reader chose. identity: changes when it does."""

    identity: str
    file: MemoryFile | OpenFile
    name: str


def choose_files() -> list[Chosen]:
    """The files of the uploader, or the one named on the server."""
    key = f"upload_{visit()}"
    uploaded = st.file_uploader(
        "Order files", accept_multiple_files=True, key=key, on_change=_drop_what_was_removed, args=(key,)
    )
    if uploaded:
        known: dict[str, Chosen] = {chosen.identity: chosen for chosen in recall("files") or []}
        files = [
            known.get(file.file_id) or Chosen(file.file_id, in_memory(file.getbuffer()), file.name) for file in uploaded
        ]
        remember("files", files)
        return files
    kept: list[Chosen] = recall("files") or []
    if kept and Path(kept[0].identity.partition(":")[0]).is_absolute():
        return _file_on_server()
    if kept:  # the uploader forgets its files when the reader visits another page; the session does not
        st.caption(escaped(f"Loaded: {', '.join(chosen.name for chosen in kept)}"))
    return kept or _file_on_server()


def _drop_what_was_removed(key: str) -> None:
    if not st.session_state[key]:
        remember("files", None)


def explain_columns() -> None:
    """What the columns mean, and a file that works to try it with."""
    with st.expander("What a file should hold"):
        st.markdown("Only the amount is needed; a score or outcomes make it useful. Names need not be these.")
        rows = [{"Column": role, "Meaning": words[0].upper() + words[1:]} for role, words in ROLES.items()]
        st.dataframe(rows, hide_index=True, height="content")
        st.caption(
            "Any other column is a feature a model may learn from. "
            f"Up to {MAX_ROWS:,} rows, {MAX_COLUMNS:,} columns and {st.get_option('server.maxUploadSize'):,} MB a "
            f"file; from the command line {megabytes(MAX_FILE_BYTES)}."
        )
        st.download_button(
            "Example file (500 orders)", _EXAMPLE.read_bytes, "example.csv", "text/csv", on_click="ignore"
        )


def read_files(files: Sequence[Chosen]) -> Intake | None:
    """The files read as chosen so far; None with a message or a question where they cannot be."""
    identity = tuple(chosen.identity for chosen in files)
    if recall("identity") != identity:
        remember("identity", identity)
        remember("reading", Reading(detect=True, guess=True))
        remember("asked", None)
    reading: Reading = recall("reading")
    done = recall("intake")
    if done is not None and done[0] == (identity, reading):
        intake: Intake = done[1]
        return intake
    bar = st.progress(0.0, "Reading")

    def shown(text: str, share: float) -> None:
        bar.progress(share, escaped(text))

    try:
        intake = take_in_apart(
            [(chosen.file, chosen.name) for chosen in files],
            reading,
            now=datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S"),
            progress=shown,
        )
    except ChoiceNeeded as fault:
        _ask_part(fault, reading)
        return None
    except OrdersError as fault:
        st.error(escaped(fault))
        if not reading.guess and st.button("Start again with what was recognised"):
            read_as(Reading(detect=True, guess=True))
        return None
    finally:
        bar.empty()
    remember("intake", ((identity, reading), intake))
    remember("serial", (recall("serial") or 0) + 1)
    return intake


def read_as(reading: Reading, *, unless_asked: bool = False) -> None:
    """Read the files again in another way; unless_asked: not where this very reading was the last one asked for."""
    if unless_asked and recall("asked") == reading:
        return
    remember("asked", reading)
    remember("reading", reading)
    remember("serial", (recall("serial") or 0) + 1)  # widgets start anew from what is read
    st.rerun()


def _ask_part(fault: ChoiceNeeded, reading: Reading) -> None:
    st.info(escaped(fault).partition("Choose one")[0])
    part = st.selectbox("Which one holds the orders?", fault.choices, index=None, key="own_upload_part")
    if part is not None:
        read_as(replace(reading, part=part))


def _file_on_server() -> list[Chosen]:
    """A file of the folder the operator opened to readers, by its path in it."""
    folder = os.environ.get(FOLDER_VARIABLE)
    if not folder:
        return []
    name = st.text_input(f"Or a file in {escaped(folder)} on the server", key=f"path_{visit()}")
    if not name:
        return []
    root = Path(folder).resolve()
    path = (root / name).resolve()
    if not path.is_relative_to(root) or not path.is_file():
        st.error(escaped(f"There is no file {name} in {folder}. Give its path inside that folder."))
        return []
    identity = f"{path}:{path.stat().st_mtime_ns}:{path.stat().st_size}"
    known: list[Chosen] = recall("files") or []
    files = (
        known if [chosen.identity for chosen in known] == [identity] else [Chosen(identity, OpenFile(path), path.name)]
    )
    remember("files", files)
    return files
