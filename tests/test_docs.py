"""What the documents promise exists: commands, files, terms, prices, columns."""

import re
import shlex
from pathlib import Path

import pytest

from core.__main__ import _parser
from core.assumptions import FIELDS
from core.columns import ROLES
from core.sources.sample import make_sample

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()
COMMANDS = re.findall(r"^python -m core (.+)$", README, re.MULTILINE)


@pytest.mark.parametrize("command", COMMANDS)
def test_commands_of_the_readme_are_understood(command: str) -> None:
    assert _parser().parse_args(shlex.split(command)).run is not None


@pytest.mark.parametrize("link", re.findall(r"\]\(([^)#]+)\)", README))
def test_links_of_the_readme_lead_somewhere(link: str) -> None:
    assert (ROOT / link).exists()


@pytest.mark.parametrize("path", re.findall(r"`((?:core|pages|data|docs|tests)/[\w./]+)`", README))
def test_files_of_the_readme_exist(path: str) -> None:
    assert (ROOT / path).exists()


def test_make_commands_of_the_readme_exist() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert set(re.findall(r"\bmake ([a-z-]+)", README)) - {"make"} <= targets


def test_every_price_is_explained() -> None:
    for name, about in FIELDS.items():
        assert len(about["help"]) > 20, name
        assert about["unit"] or name == "flac_sales_basis"


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
