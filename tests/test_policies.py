"""The commands that price a policy: figures of a file equal the orders gone through one by one, and the page's."""

import contextlib
import io
import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from core.__main__ import main
from core.policy import Policy
from core.policy_file import policy_as_toml
from tests.test_policy_sums import PRICES, slow, table


def answer(*arguments: str) -> dict[str, Any]:
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        assert main([*arguments, "--json"]) == 0
    result: dict[str, Any] = json.loads(out.getvalue())
    return result


@pytest.fixture
def orders(tmp_path: Path) -> tuple[pd.DataFrame, str]:
    made = table(11, rows=400, days=9)
    made.to_parquet(tmp_path / "orders.parquet")
    return made, str(tmp_path / "orders.parquet")


def file_of(folder: Path, policy: Policy, name: str = "policy.toml") -> str:
    (folder / name).write_text(policy_as_toml(policy), encoding="utf-8")
    return str(folder / name)


SETTINGS = [
    part
    for name in (
        *("chargeback_fee", "reviewer_catch_rate", "abandonment_rate", "reviewer_false_decline_rate", "insult_cost"),
        *("review_cost", "margin_rate"),
    )
    for part in ("--set", f"{name}={getattr(PRICES, name)}")
]


@pytest.mark.parametrize("rest", ["ship", "decline", "wait"])
def test_segments_a_decline_threshold_and_a_limit_equal_the_days_worked_by_hand(
    orders: tuple[pd.DataFrame, str], tmp_path: Path, rest: str
) -> None:
    made, path = orders
    policy = Policy(0.4, 0.95, segment="kind", review_in=(("toys", 0.6), ("food", 0.2)), reviews_per_day=6.0, rest=rest)
    file, expected = file_of(tmp_path, policy), slow(made, policy, PRICES)
    figures = answer("curve", path, "--policy", file, *SETTINGS)
    for name, value in expected.items():
        assert figures[name] == pytest.approx(value, abs=1e-6), name
    assert figures["policy"]["review_in"] == {"food": 0.2, "toys": 0.6}
    out = tmp_path / "decisions.csv"
    decided = answer("score", path, "--policy", file, "--out", str(out), *SETTINGS)
    counts = pd.read_csv(out)["decision"].value_counts()
    assert counts["review"] == expected["reviewed"] == decided["flagged"] - decided["declined"]


def test_a_policy_of_one_threshold_is_that_threshold(orders: tuple[pd.DataFrame, str], tmp_path: Path) -> None:
    one, both = file_of(tmp_path, Policy(0.5)), file_of(tmp_path, Policy(0.5, 0.9), "both.toml")
    assert answer("curve", orders[1], "--policy", one) == pytest.approx(answer("curve", orders[1], "--at", "0.5"))
    pair = answer("curve", orders[1], "--at", "0.5", "--decline-at", "0.9")
    assert answer("curve", orders[1], "--policy", both) == pytest.approx(pair)


def test_the_cheapest_under_a_limit_is_the_best_of_every_threshold_worked(
    orders: tuple[pd.DataFrame, str],
) -> None:
    made, path = orders
    limit = ["--set", "reviews_per_day=3", *SETTINGS]
    best = answer("optimum", path, *limit)
    scores = sorted(made["score"].dropna().unique())
    costs = [slow(made, Policy(float(at), reviews_per_day=3.0), PRICES)["total_cost"] for at in scores]
    assert best["total_cost"] == pytest.approx(min(costs), abs=1e-6)
    assert answer("curve", path, "--at", "cheapest", *limit)["total_cost"] == pytest.approx(min(costs), abs=1e-6)
    assert answer("optimum", path, "--max-reviews-per-day", "3", *SETTINGS) == best


def test_two_policies_are_compared(orders: tuple[pd.DataFrame, str], tmp_path: Path) -> None:
    one = file_of(tmp_path, Policy(0.4, reviews_per_day=5.0))
    other = file_of(tmp_path, Policy(0.0, ranked_by="saving"), "other.toml")
    made, path = orders
    result = answer("compare", path, "--policy", one, "--baseline", other, *SETTINGS)
    costs = [
        slow(made, policy, PRICES)["total_cost"]
        for policy in (Policy(0.4, reviews_per_day=5.0), Policy(0.0, ranked_by="saving"))
    ]
    assert result["change"] == pytest.approx(costs[1] - costs[0], abs=1e-6)
    assert result["low"] <= result["change"] <= result["high"]
    alone = answer("compare", path, "--at", "0.4")
    assert alone["baseline_saving"] == 0
    assert alone["change"] == pytest.approx(answer("curve", path, "--at", "0.4")["saving"])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("review = ", "cannot be read as TOML"),
        ("threshold = 1", "A policy has no 'threshold'"),
        ('review = 0.5\nsegment = "shop"\n[review_by_segment]\na = 0.1', "which these orders do not have"),
        ('review = 0.5\nrules = ["lucky"]', "These orders come with no rule 'lucky'"),
    ],
)
def test_a_policy_file_that_does_not_fit_is_one_line(
    orders: tuple[pd.DataFrame, str], tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, words: str
) -> None:
    (tmp_path / "bad.toml").write_text(text)
    assert main(["curve", orders[1], "--policy", str(tmp_path / "bad.toml")]) == 1
    said = capsys.readouterr().err.strip().splitlines()
    assert len(said) == 1
    assert words in said[0]


def test_a_policy_file_that_is_not_there_is_named(
    orders: tuple[pd.DataFrame, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["curve", orders[1], "--policy", "nowhere.toml"]) == 1
    assert "nowhere.toml cannot be read as a policy" in capsys.readouterr().err
