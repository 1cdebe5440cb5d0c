"""The drag's scripts are joined as text: each says in its first line what it takes from those before it.

A linter finds which names a script uses and does not define, so nothing here reads JavaScript by hand.
"""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from pages.shared.drag import SCRIPTS

ROOT = Path(__file__).parent.parent
DRAG = ROOT / "pages" / "shared" / "drag"
TEXTS = {name: (DRAG / name).read_text() for name in SCRIPTS}
OXLINT = Path(sys.executable).parent / "oxlint"


def faults(script: str, folder: Path, *options: str) -> list[str]:
    """What the linter says of a script, a message a fault."""
    (folder / "script.js").write_text(script)
    command = [str(OXLINT), "--config", str(ROOT / ".oxlintrc.json"), "--format", "json", *options, "script.js"]
    run = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    return [fault["message"] for fault in json.loads(run.stdout)["diagnostics"]]


def undefined(script: str, folder: Path) -> set[str]:
    """Names a script uses and neither defines nor has from the browser."""
    messages = faults(script, folder, "-A", "all", "-D", "no-undef")
    names = [re.fullmatch(r"'(\w+)' is not defined\.", message) for message in messages]
    assert None not in names, messages
    return {name[1] for name in names if name}


def taken(script: str) -> dict[str, set[str]]:
    """The first line of a script: names by the script that defines them.

    >>> sorted(taken("// takes: said, SPACE (format.js); figureAt (figures.js)")["format.js"])
    ['SPACE', 'said']
    """
    line = re.fullmatch(r"// takes: (.+)", script.splitlines()[0])
    assert line, "The first line says `// takes: name, name (file.js)`, or `// takes: nothing`."
    parts = [] if line[1] == "nothing" else [re.fullmatch(r"([\w, ]+) \((\w+\.js)\)", p) for p in line[1].split("; ")]
    assert None not in parts, line[1]
    return {part[2]: set(part[1].split(", ")) for part in parts if part}


def test_every_script_of_the_folder_is_joined() -> None:
    assert sorted(SCRIPTS) == sorted(path.name for path in DRAG.glob("*.js"))


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_script_takes_what_it_says_and_nothing_else(name: str, tmp_path: Path) -> None:
    assert undefined(TEXTS[name], tmp_path) == set().union(*taken(TEXTS[name]).values())


@pytest.mark.parametrize("name", SCRIPTS)
def test_what_a_script_takes_is_defined_where_it_says(name: str, tmp_path: Path) -> None:
    for other, names in taken(TEXTS[name]).items():
        assert other in SCRIPTS[: SCRIPTS.index(name)], f"{name} takes from {other}, which is not joined before it"
        missing = names & undefined(f"{TEXTS[other]}\n{TEXTS[name]}", tmp_path)
        assert not missing, f"{other} does not define {missing}"


def test_the_scripts_together_have_no_fault_and_nothing_idle(tmp_path: Path) -> None:
    joined = "\n".join(TEXTS.values())
    assert faults(joined, tmp_path, "-D", "no-undef", "-D", "no-unused-vars") == []


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("paint(app", "Expected"),
        ("const said = 1;", "already been declared"),
        ("function idle() {}", "'idle' is declared but never used"),
        ("sais(1);", "'sais' is not defined"),
        ("if (NO_VALUE == null) said(1);", "Expected ==="),
    ],
)
def test_a_fault_put_in_is_found(fault: str, words: str, tmp_path: Path) -> None:
    joined = "\n".join([*TEXTS.values(), fault])
    found = faults(joined, tmp_path, "-D", "no-undef", "-D", "no-unused-vars")
    assert any(words in message for message in found), found


def test_every_field_of_the_component_is_declared_where_it_is_built() -> None:
    """`app` is the one record that changes: its fields stand together in `buildApp`, and each is used."""
    script = TEXTS["main.js"]
    built = re.search(r"const app = \{(.+?)\n  \};", script, re.DOTALL)
    assert built
    literal = re.sub(r"//.*|\([^)]*\)", "", built[1])
    fields = [re.split(r"[:\s]", part.strip())[0] for part in literal.split(",") if part.strip()]
    unpacked = ", ".join(re.findall(r"const \{ ([\w, ]+) \} = app[,;]", script)).split(", ")
    used = {*re.findall(r"\bapp\.(\w+)", script), *unpacked}
    assert used == set(fields)
    assert len(fields) == len(set(fields))
