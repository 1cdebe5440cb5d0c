"""What the documents promise exists: commands, files, terms, prices, columns, modules, pages, variables."""

import re
import shlex
from pathlib import Path

import pandas as pd
import pytest

from core.__main__ import _parser, main
from core.assumptions import DEFAULTS, FIELDS
from core.columns import ROLES
from core.policy import TREATMENTS, Policy
from core.policy_file import policy_of_toml
from core.pricing.applied import Applied
from core.pricing.cube import build_cube, running_sums
from core.sources.sample import make_sample
from pages.shared.navigation import DESTINATIONS, PAGES
from tests.test_boundaries import FLOW

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text()
MAP = (ROOT / "docs" / "how-it-works.md").read_text()
DOCUMENTS = {path: (ROOT / path).read_text() for path in ("README.md", "CONTRIBUTING.md", "docs/how-it-works.md",
                                                          "docs/design.md", "docs/prices.md")}  # fmt: skip
COMMANDS = re.findall(r"^(?:\.venv/bin/)?python -m core (.+)$", README + CONTRIBUTING, re.MULTILINE)
IN_THE_TREE = r"`((?:core|pages|data|docs|tests|benchmarks)/[\w./]+)`"


def named(pattern: str) -> list[tuple[str, str]]:
    """(document, match) for every match in a document, each once."""
    return sorted({(path, match) for path, text in DOCUMENTS.items() for match in re.findall(pattern, text)})


@pytest.mark.parametrize("command", COMMANDS)
def test_commands_of_the_documents_are_understood(command: str) -> None:
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


@pytest.mark.parametrize(("document", "link"), named(r"\]\(([^)#]+)\)"))
def test_links_of_the_documents_lead_somewhere(document: str, link: str) -> None:
    assert ((ROOT / document).parent / link).exists()


@pytest.mark.parametrize(("document", "path"), named(IN_THE_TREE))
def test_files_the_documents_name_exist(document: str, path: str) -> None:
    assert (ROOT / path).exists(), f"{document} names {path}, which is not there"


def test_every_recipe_names_files() -> None:
    recipes = CONTRIBUTING.split("## Recipes")[1].split("\n## ")[0].split("\n### ")[1:]
    wanted = {"A price", "A figure", "A feature", "A role", "A page", "A rule", "A chart"}
    assert wanted <= {recipe.splitlines()[0] for recipe in recipes}
    for recipe in recipes:
        assert re.search(IN_THE_TREE, recipe) or "`README.md`" in recipe, recipe.splitlines()[0]


def test_the_tests_that_enforce_a_rule_exist() -> None:
    rows = re.findall(r"^\|.+\| `(tests/\w+\.py)`: (.+) \|$", CONTRIBUTING, re.MULTILINE)
    assert len(rows) >= 10
    for path, names in rows:
        for name in re.findall(r"`(test_\w+)`", names):
            assert f"def {name}(" in (ROOT / path).read_text(), f"{path} has no {name}"


def test_names_in_code_that_a_recipe_names_exist() -> None:
    code = "\n".join(
        path.read_text() for folder in ("core", "pages", "tests") for path in (ROOT / folder).rglob("*.py")
    )
    recipes = CONTRIBUTING.split("## Recipes")[1].split("\n## ")[0]
    for name in set(re.findall(r"`([A-Z][A-Z_]+|_?[a-z]+(?:_[a-z]+)*)`", recipes)):
        assert re.search(rf"\b{name}\b", code), f"CONTRIBUTING.md names {name}, which is nowhere in the code"


def test_every_module_is_on_the_map() -> None:
    rows = re.findall(r"^\| `core/([\w/]+)\.py` \| .{20,} \|$", MAP.split("## Every module")[1], re.MULTILINE)
    modules = [row.replace("/", ".") for row in rows]
    assert sorted(modules) == sorted(FLOW), "docs/how-it-works.md: one row for each module under 'Every module'"


def test_the_six_orders_of_the_map_are_worked_out_right(six_orders: pd.DataFrame) -> None:
    cube, prices = build_cube(six_orders), DEFAULTS
    steps = re.findall(r"^\| (\d) \| [^|]+ \| [^|]* \| (\d) \| (\d) \| (\d+) \| (\d+) \|$", MAP, re.MULTILINE)
    assert [[float(value) for value in row[1:]] for row in steps] == running_sums(cube).tolist()
    policies = {
        "review from 0.5": Policy(0.5),
        "review from 0.5, decline from 0.9": Policy(0.5, 0.9),
        "review from 0.1, one review a day": Policy(0.1, reviews_per_day=1),
    }
    for words, policy in policies.items():
        applied = Applied(six_orders, cube, prices, policy)
        names = " | ".join(TREATMENTS[treatment] for treatment in applied.treatments)
        money = " | ".join(f"${applied.figures[name]:.2f}" for name in ("review_cost", "total_cost", "saving"))
        assert f"| {words} | {names} | {money} |" in MAP
    assert f"= **${Applied(six_orders, cube, prices, Policy(0.5)).figures['flac']:.3f}** a session" in MAP


def test_every_page_is_in_the_readme_under_its_destination() -> None:
    table = README.split("## The pages")[1].split("\n## ")[0]
    rows = re.findall(r"^\| ([^|]+?) \|[^|]*\|[^|]*\|$", table, re.MULTILINE)
    wanted = [row for name, views in DESTINATIONS.items() for row in (f"**{name}**", *(view.title for view in views))]
    assert rows[1:] == wanted
    assert len(PAGES) == len(wanted) - len(DESTINATIONS)


def test_every_environment_variable_is_in_the_readme() -> None:
    files = [ROOT / "Makefile", ROOT / "app.py", ROOT / ".ci" / "run"]
    files += [path for folder in ("core", "pages", "tests", "benchmarks") for path in (ROOT / folder).rglob("*.py")]
    used = {name for path in files for name in re.findall(r"\bCUTLINE_[A-Z]+(?:_[A-Z]+)*", path.read_text())}
    told = set(re.findall(r"^\| `(CUTLINE_\w+)` \|", README, re.MULTILINE))
    assert used == told, "README.md: the table under 'Environment variables'"


def test_the_policy_file_of_the_readme_can_be_read() -> None:
    policy = policy_of_toml(re.findall(r"```toml\n(.+?)```", README, re.DOTALL)[0])
    assert policy.review is not None
    assert policy.thresholds_of("toys") == (0.2, 0.9)
    assert policy.reviews_per_day == 100


def test_make_commands_of_the_documents_exist() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    for text in DOCUMENTS.values():
        named_there = re.findall(r"(?:^|`|… |\* )make ([a-z-]+)", text, re.MULTILINE)
        assert set(named_there) <= targets


def test_no_result_of_the_sample_is_typed_into_the_readme() -> None:
    """Models and samples change; what is measured of them is shown by the pages."""
    assert not re.search(r"\d+ frauds|[+−]\$[\d.]+K(?! a month at \$12)|\d\d\.\d ?%", README)


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
