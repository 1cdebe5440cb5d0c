"""What the documents promise exists: commands, files, terms, prices, columns."""

import re
import shlex
from pathlib import Path

import pytest

from core.__main__ import _parser, main
from core.assumptions import DEFAULTS, FIELDS
from core.columns import ROLES
from core.sources.sample import make_sample

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()
COMMANDS = re.findall(r"^python -m core (.+)$", README, re.MULTILINE)


@pytest.mark.parametrize("command", COMMANDS)
def test_commands_of_the_readme_are_understood(command: str) -> None:
    assert _parser().parse_args(shlex.split(command)).run is not None


def test_the_four_lines_on_shap_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import matplotlib as mpl

    lines = re.findall(r"```python\n(.+?)```", README, re.DOTALL)[0]
    assert len([line for line in lines.splitlines() if line]) == 4
    command = shlex.split(re.findall(r"^python -m core (.+ --format shap .+)$", README, re.MULTILINE)[0])
    assert main([*command[:-1], str(tmp_path / command[-1])]) == 0
    monkeypatch.chdir(tmp_path)
    mpl.use("Agg")
    import matplotlib.pyplot as plt

    monkeypatch.setattr(plt, "show", lambda: None)
    exec(lines, {})
    assert "shipping_risk" in " ".join(label.get_text() for label in plt.gca().get_yticklabels())
    plt.close("all")


@pytest.mark.parametrize("link", re.findall(r"\]\(([^)#]+)\)", README))
def test_links_of_the_readme_lead_somewhere(link: str) -> None:
    assert (ROOT / link).exists()


@pytest.mark.parametrize("path", re.findall(r"`((?:core|pages|data|docs|tests)/[\w./]+)`", README))
def test_files_of_the_readme_exist(path: str) -> None:
    assert (ROOT / path).exists()


def test_make_commands_of_the_readme_exist() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert set(re.findall(r"\bmake ([a-z-]+)", README)) - {"make"} <= targets


def without_words(prices: str) -> list[str]:
    """What has to be written, and where, for each price whose words are missing. prices: the text of docs/prices.md."""
    faults = []
    for name, about in FIELDS.items():
        if len(about["help"]) <= 20 or not about["label"]:
            faults.append(f"core/assumptions.py: give {name} a label and a help text of a sentence.")
        default, tried = getattr(DEFAULTS, name, "?"), about["tried"]
        shown = "none" if default is None else f"{default:g}" if isinstance(default, float) else default
        over = "—" if tried is None else f"{tried[0]:g} to {tried[1]:g}"
        row = f"| `{name}` | {shown} | {about['unit'] or 'choice'} | {over} | "
        if not re.search(re.escape(row) + r"[^|]{20,} \|$", prices, re.MULTILINE):
            faults.append(f"docs/prices.md: add the row `{row}where it acts |`.")
    return faults


def test_every_price_is_explained() -> None:
    assert without_words((ROOT / "docs" / "prices.md").read_text()) == []


def test_a_price_without_words_is_caught_and_its_place_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(FIELDS, "new_price", {**FIELDS["chargeback_fee"], "help": ""})
    faults = without_words((ROOT / "docs" / "prices.md").read_text())
    assert [fault.split(":")[0] for fault in faults] == ["core/assumptions.py", "docs/prices.md"]
    assert all("new_price" in fault for fault in faults)


def test_the_table_of_prices_has_no_row_too_many() -> None:
    rows = re.findall(r"^\| `(\w+)` \|", (ROOT / "docs" / "prices.md").read_text(), re.MULTILINE)
    assert rows == list(FIELDS)


def test_every_column_of_the_sample_and_every_role_is_in_the_data_dictionary() -> None:
    told = (ROOT / "data" / "README.md").read_text()
    for name in {*ROLES, *make_sample().orders.columns}:
        assert f"`{name}`" in told, name


def test_every_dependency_is_pinned_and_has_a_reason() -> None:
    for file in ("requirements.txt", "requirements-dev.txt"):
        for line in (ROOT / file).read_text().splitlines():
            if line and not line.startswith(("#", "-r")):
                assert re.fullmatch(r"[\w.-]+(\[\w+\])?==[\w.]+ +# \S.{10,}", line), line


def test_the_example_file_can_be_priced() -> None:
    from tests.browser.cutline import command

    answer = command("curve", "data/example.csv", "--at", "0.5")
    assert answer["orders"] == 500
    assert answer["expected"] is True


def test_the_text_speaks_of_the_project_alone() -> None:
    """No paths of a machine in anything that is kept."""
    for path in [
        *ROOT.glob("*.md"),
        *ROOT.glob("docs/**/*.md"),
        *ROOT.glob("core/**/*.py"),
        *ROOT.glob("pages/**/*.py"),
    ]:
        assert not re.search(r"(^|[\"' (=])/(home|root|mnt|srv|work|tmp)/", path.read_text()), path
