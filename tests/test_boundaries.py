"""The house rules that a reader cannot see at a glance: one-way imports, a pure core, one place for caches."""

import ast
import re
from pathlib import Path

import pytest

from pages.shared.navigation import PAGES as NAVIGATION
from pages.shared.navigation import Page

ROOT = Path(__file__).parent.parent
CORE = sorted((ROOT / "core").rglob("*.py"))
VIEWS = [ROOT / page.path for page in NAVIGATION.values()]
PAGES = [ROOT / "app.py", *sorted((ROOT / "pages").rglob("*.py"))]

FIRST = (
    "errors",
    "columns",
    "number_format",
    "limits",
    "sql",
    "policy",
    "policy_file",
    "assumptions",
    "ranking",
    "leaks",
    "resampling",
)
LAST = ("__main__",)
FOLDERS = {
    "reading": ("formulas", "reading", "row_numbers", "duck"),
    "reading.decoding": (*("memory_file", "file_type", "unpack", "scan", "quotes", "text", "workbook", "raw"),),
    "reading.roles": ("header_names", "column_sql", "guess"),
    "reading.checks": ("row_checks", "report", "check", "file_findings"),
    "reading ": ("intake", "child", "isolated"),
    "sources": ("orders", "mappings", "sample_people", "sample_frauds", "sample"),
    "scoring": (
        *(
            "batch_risk",
            "feature_words",
            "feature_rows",
            "features",
            "rules",
            "calibration",
            "model",
            "forest",
            "online",
            "evaluation",
            "drift",
            "brought",
        ),
        *("correction", "shift"),
    ),
    "building": ("recipe", "store", "pipeline", "ruled", "score_sources"),
    "pricing": (
        *("counting", "cube", "cube_sql", "order_costs", "economics", "days_worked", "segment_values", "policy_sums"),
        *("policy_curve", "curve", "ranked_cube", "applied", "costliest"),
    ),
    "explaining": (*("treeshap", "explain", "reasons", "clearing", "patterns", "surrogate", "why", "shap_format"),),
    "reviewing": ("queue", "decisions", "changed_orders", "team"),
    "deciding": (
        *("confidence", "sensitivity", "review_decline", "by_saving", "by_segment", "requirements", "what_if"),
    ),
    "practicing": ("argument", "argument_auc"),
    "showing": (
        *("figure_words", "sentences", "captions", "policy_words", "link", "view_policies", "drag_payload"),
        *("charts", "policy_charts"),
    ),
    "records": ("verdicts", "scenarios"),
    "command_line": ("messages", "options", "inputs", "policies", "commands", "explain"),
}
"""Steps of the flow from left to right, and in each its modules: a module imports only from its left."""

FLOW = [*FIRST, *(f"{folder.strip()}.{name}" for folder, names in FOLDERS.items() for name in names), *LAST]

TOUCHES_FILES = {
    *("sources.orders", "sources.mappings", "building.store", "records.verdicts", "explaining.shap_format", *LAST),
    *("command_line.commands", "command_line.options"),
    *(f"reading.decoding.{step}" for step in ("memory_file", "unpack", "scan", "text", "raw")),
    "reading.child",
}
PRINTS = {*LAST, "reading.child", "command_line.messages"}
HAS_THE_CLOCK = {"__main__"}  # the command line is where "now" comes from


def step(path: Path) -> str:
    """A module's name in the flow."""
    return ".".join(path.relative_to(ROOT / "core").with_suffix("").parts)


def imports(path: Path) -> set[str]:
    """Dotted names a file imports."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def calls(path: Path) -> set[str]:
    """Names of everything a file calls, dotted."""
    return {ast.unparse(node.func) for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)}


@pytest.mark.parametrize("path", CORE, ids=step)
def test_core_knows_no_page(path: Path) -> None:
    assert not {name for name in imports(path) if name.split(".")[0] in ("streamlit", "pages", "plotly.io")}


@pytest.mark.parametrize("path", [p for p in CORE if p.stem != "__init__"], ids=step)
def test_a_module_imports_only_from_its_left(path: Path) -> None:
    own = {name.removeprefix("core.") for name in imports(path) if name.startswith("core.")} & set(FLOW)
    left = FLOW[: FLOW.index(step(path))]
    assert own <= set(left), f"{step(path)} imports from its right: {own - set(left)}"


APART = {("deciding", "reviewing"), ("reviewing", "deciding")}
"""Rooms that stand side by side: the first imports nothing from the second. What both need lies to the left of both."""


@pytest.mark.parametrize(("room", "other"), sorted(APART))
def test_rooms_side_by_side_do_not_know_each_other(room: str, other: str) -> None:
    for path in (ROOT / "core" / room).glob("*.py"):
        known = {name for name in imports(path) if name.startswith(f"core.{other}")}
        assert not known, f"core/{room}/{path.name} imports {known}: put what both need into core/pricing"


def test_the_label_or_the_score_is_chosen_in_one_place() -> None:
    """Millions of orders are counted by compiled code and by SQL (`counting`, `cube_sql`), in their own words."""
    chosen = {step(path) for path in CORE if re.search(r"where\(np\.isnan\(labels?\)", path.read_text())}
    assert chosen == {"pricing.order_costs"}


def test_every_module_has_its_place_in_the_flow() -> None:
    assert {step(path) for path in CORE if path.stem != "__init__"} == set(FLOW)
    assert len(FLOW) == len(set(FLOW))


@pytest.mark.parametrize("path", CORE, ids=step)
def test_core_has_no_clock_no_global_randomness_and_prints_nothing(path: Path) -> None:
    made = calls(path)
    assert step(path) in HAS_THE_CLOCK or not {
        c for c in made if re.search(r"\b(time\.time|datetime\.now|Timestamp\.now|today|utcnow|perf_counter)$", c)
    }
    assert "random" not in imports(path)
    assert not {c for c in made if re.match(r"np\.random\.(?!default_rng$)", c)}
    assert step(path) in PRINTS or "print" not in made


@pytest.mark.parametrize("path", CORE, ids=step)
def test_files_are_touched_in_few_places(path: Path) -> None:
    touching = {
        c for c in calls(path) if re.search(r"(^open|read_csv|read_parquet|to_parquet|to_csv|write_text|np.load)$", c)
    }
    assert step(path) in TOUCHES_FILES or not touching


@pytest.mark.parametrize("path", [*CORE, *PAGES], ids=lambda path: path.stem)
def test_no_pickle_anywhere(path: Path) -> None:
    assert not {
        name for name in imports(path) if name.split(".")[0] in ("pickle", "joblib", "dill", "cloudpickle", "shelve")
    }


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_caches_live_in_one_file(path: Path) -> None:
    cached = {c for c in calls(path) if "cache_data" in c or "cache_resource" in c}
    assert path.name == "cached.py" or not cached


def test_every_cache_is_bounded() -> None:
    tree = ast.parse((ROOT / "pages" / "shared" / "cached.py").read_text())
    caches = [n for n in ast.walk(tree) if isinstance(n, ast.Call) and "st.cache_" in ast.unparse(n.func)]
    assert caches
    for call in caches:
        assert {"max_entries", "ttl"} & {keyword.arg for keyword in call.keywords}, ast.unparse(call)


@pytest.mark.parametrize("path", VIEWS, ids=lambda path: path.stem)
def test_pages_are_short_and_compute_nothing(path: Path) -> None:
    text = path.read_text()
    assert len(text.splitlines()) <= 90
    assert not imports(path) & {"numpy", "pandas", "sklearn", "lightgbm", "duckdb"}


def test_the_rule_of_the_line_is_written_once() -> None:
    comparisons = [
        (path.stem, ast.unparse(node))
        for path in [*CORE, *PAGES]
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Compare) and re.search(r"\bscores? >=? .*threshold", ast.unparse(node))
    ]
    assert [stem for stem, _ in comparisons] == ["policy"]


OTHERWISE_NAMED = {
    "threshold": "pricing.curve: the curve the threshold is dragged on",
    "order": "explaining.explain: what one order's page is made of",
}
"""Views whose core module has another name, and why."""


@pytest.mark.parametrize("page", NAVIGATION.values(), ids=lambda page: page.name)
def test_a_view_has_one_name_from_menu_to_test(page: Page) -> None:
    folder, name = page.core.split(".")
    assert page.path.exists()
    assert (ROOT / "core" / folder / f"{name}.py").exists(), f"navigation.py names core/{folder}/{name}.py"
    assert (ROOT / "tests" / f"test_{name}.py").exists(), f"tests/test_{name}.py is missing"
    assert name == page.name or OTHERWISE_NAMED[page.name].startswith(page.core)
    assert f'"{page.name}"' in page.path.read_text() or f'"{page.title}"' in page.path.read_text()


def test_every_file_of_a_destination_is_a_view_or_a_part_of_one() -> None:
    views = {(page.folder, page.name) for page in NAVIGATION.values()}
    for path in (ROOT / "pages").rglob("*.py"):
        folder = path.parent.name
        if folder in ("shared", "drag"):
            continue
        names = [name for of, name in views if of == folder]
        assert any(path.stem == name or path.stem.startswith(f"{name}_") for name in names), path


WITHOUT_A_TEST_OF_ITS_NAME = {path.stem for path in CORE} & {
    *("memory_file", "file_type", "unpack", "scan", "quotes", "text", "workbook", "raw", "formulas", "reading"),
    *("row_numbers", "duck", "header_names", "column_sql", "guess", "row_checks", "report", "check", "file_findings"),
    *("intake", "child", "errors", "limits", "sql", "sample_people", "sample_frauds", "counting", "cube_sql"),
    *("argument_auc", "clearing", "correction", "shift", "ranking", "charts"),
    *("policy_charts", "policy_file", "policy_words", "view_policies", "figure_words", "feature_words", "feature_rows"),
    *("recipe", "ruled", "policy_curve", "ranked_cube", "applied", "segment_values", "why", "explain", "commands"),
}
"""Tested together with what they are part of; the list may only get shorter."""


@pytest.mark.parametrize("path", [p for p in CORE if p.stem not in ("__init__", "__main__")], ids=step)
def test_a_module_has_a_test_of_its_name(path: Path) -> None:
    there = (ROOT / "tests" / f"test_{path.stem}.py").exists()
    assert there or path.stem in WITHOUT_A_TEST_OF_ITS_NAME, f"tests/test_{path.stem}.py is missing"
