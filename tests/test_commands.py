"""The command line: what it prints, where, with which exit status; figures equal to counting by hand."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import lightgbm
import numpy as np
import pandas as pd
import pytest
from scipy.special import expit

from core.__main__ import main
from core.building.store import load_data_set
from core.columns import ORDERED_AT
from core.explaining.shap_format import load_explanation
from core.pricing.curve import OBJECTIVES
from core.reading.reading import Reading
from core.scoring import feature_rows
from core.scoring import rules as prefilter
from core.sources.orders import take_in_file
from tests.scored import scored_orders
from tests.slow import cost_at, sums_at
from tests.tables import learnable_orders

PROMISED = [
    "threshold",
    "orders",
    "labelled",
    "fraud",
    "legit",
    "scored",
    "flagged",
    "caught",
    "missed",
    "false_positives",
    "false_positive_rate",
    "detection_rate",
    "value_detection_rate",
    "precision",
    "review_rate",
    "review_cost",
    "api_cost",
    "fraud_loss",
    "insult_cost",
    "total_cost",
    "approve_all_cost",
    "saving",
    "total_sales",
    "reinstated_sales",
    "sessions",
    "flac",
]


@pytest.fixture
def scored(tmp_path: Path, six_orders: pd.DataFrame) -> Path:
    six_orders.rename(columns={"amount": "price"}).to_csv(tmp_path / "six.csv", index=False)
    return tmp_path / "six.csv"


def answer(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict:
    assert main([*arguments, "--json"]) == 0
    printed = capsys.readouterr().out
    assert printed.count("\n") == 1
    return json.loads(printed)


def test_a_threshold_is_named_by_what_it_reaches(scored: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One of three legit orders is flagged from 0.5 on, two from 0.2 on; no more than two of three frauds ever are."""
    six = [str(scored), "--map", "amount=price"]
    best = answer(capsys, "optimum", *six)
    assert answer(capsys, "curve", *six, "--at", "cheapest") == {k: v for k, v in best.items() if k != "objective"}
    within = answer(capsys, "curve", *six, "--at", "fpr=0.4")
    assert (within["threshold"], within["false_positives"]) == (0.5, 1)
    assert within == answer(capsys, "curve", *six, "--at", "0.5")
    assert answer(capsys, "curve", *six, "--at", "detection=0.1")["threshold"] == 0.9
    pair = answer(capsys, "curve", *six, "--at", "fpr=0.7", "--decline-at", "fpr=0")
    assert (pair["threshold"], pair["decline_threshold"], pair["reviewed"], pair["declined"]) == (0.2, 0.9, 3, 1)
    assert pair == answer(capsys, "curve", *six, "--at", "0.2", "--decline-at", "0.9")


def test_declining_none_is_reviewing_alone(scored: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for at in ("0.5", "none"):
        options = ["curve", str(scored), "--map", "amount=price", "--at", at]
        assert answer(capsys, *options, "--decline-at", "none") == answer(capsys, *options)


def test_curve_prints_every_promised_figure(scored: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """At 0.5: three flagged of six ($36), f ships for $1.80, five scored ($0.25); approving all costs $931.80."""
    figures = answer(capsys, "curve", str(scored), "--map", "amount=price", "--at", "0.5")
    assert set(PROMISED) <= set(figures)
    assert (figures["flagged"], figures["caught"], figures["missed"], figures["false_positives"]) == (3, 2, 1, 1)
    assert figures["total_cost"] == pytest.approx(36 + 1.8 + 0.25)
    assert figures["saving"] == pytest.approx(931.8 - 38.05)


@pytest.mark.parametrize("at", ["0.1", "0.3", "0.50001", "0.95", "none", "0"])
def test_any_threshold_is_exact_step_or_not(
    scored: Path, six_orders: pd.DataFrame, capsys: pytest.CaptureFixture[str], at: str
) -> None:
    from core.assumptions import DEFAULTS

    figures = answer(capsys, "curve", str(scored), "--map", "amount=price", "--at", at)
    threshold = None if at == "none" else float(at)
    assert [figures["false_positives"], figures["caught"]] == sums_at(six_orders, threshold)[:2]
    assert figures["threshold"] == threshold
    assert figures["total_cost"] == pytest.approx(cost_at(six_orders, threshold, DEFAULTS))


def test_the_optimum_is_no_dearer_than_any_threshold(scored: Path, capsys: pytest.CaptureFixture[str]) -> None:
    best = answer(capsys, "optimum", str(scored), "--map", "amount=price")
    assert (best["threshold"], best["objective"]) == (0.5, "total_cost")
    for at in ("none", "0.9", "0.2", "0.1"):
        other = answer(capsys, "curve", str(scored), "--map", "amount=price", "--at", at)
        assert best["total_cost"] <= other["total_cost"]


@pytest.mark.parametrize("objective", OBJECTIVES)
def test_other_objectives(scored: Path, capsys: pytest.CaptureFixture[str], objective: str) -> None:
    best = answer(capsys, "optimum", str(scored), "--map", "amount=price", "--objective", objective)
    assert best["objective"] == objective


def test_prices_come_from_a_file_and_single_ones_win(
    scored: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "prices.toml").write_text("review_cost = 1\napi_cost = 0.0\n")
    base = [
        "curve",
        str(scored),
        "--map",
        "amount=price",
        "--at",
        "0.5",
        "--assumptions",
        str(tmp_path / "prices.toml"),
    ]
    assert answer(capsys, *base)["review_cost"] == 3
    assert answer(capsys, *base, "--set", "review_cost=2")["review_cost"] == 6
    assert answer(capsys, *base)["api_cost"] == 0


def test_a_second_cut_off_declines(scored: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """At 0.5 and 0.9: a is declined without review, b and c are reviewed."""
    figures = answer(capsys, "curve", str(scored), "--map", "amount=price", "--at", "0.5", "--decline-at", "0.9")
    assert (figures["declined"], figures["reviewed"], figures["review_cost"]) == (1, 2, 24)
    assert figures["decline_threshold"] == 0.9


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["curve", "none.csv", "--at", "0.5"], "There is no file none.csv"),
        (["curve", "{six}", "--at", "0.5"], "lacks the column 'amount'"),
        (["curve", "{six}", "--map", "amount=price", "--ignore", "score", "--at", "0.5"], "has no score column"),
        (["curve", "{six}", "--map", "amount=price", "--at", "1.5"], "number from 0 to 1"),
        (
            ["curve", "{six}", "--map", "amount=price", "--at", "0.5", "--decline-at", "0.2"],
            "no lower than the threshold",
        ),
        (["curve", "{six}", "--map", "price", "--at", "0.5"], "Expected --map ROLE=COLUMN. Got: 'price'"),
        (["curve", "{six}", "--map", "amount=price", "--at", "0.5", "--set", "luck=1"], "no assumption 'luck'"),
        (["curve", "{six}", "--map", "amount=price", "--at", "0.5", "--assumptions", "none.toml"], "read as TOML"),
        (["optimum", "{six}", "--map", "amount=price", "--min-detection", "0.99"], "No threshold satisfies"),
        (["build", "{six}", "--map", "amount=price", "--ignore", "score"], "at least 50 known frauds|leaves"),
        (
            ["score", "{six}", "--map", "amount=price", "--ignore", "score", "--model", "nowhere", "--out", "x.csv"],
            "is not a built data set",
        ),
    ],
)
def test_bad_input_is_one_clear_line_and_exit_status_1(
    scored: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], words: str
) -> None:
    assert main([part.replace("{six}", str(scored)) for part in arguments]) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert pd.Series(printed.err.strip().splitlines()[-1]).str.contains(words).all()


def test_wrong_usage_is_exit_status_2(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["curve"])
    assert stopped.value.code == 2
    assert "--at" in capsys.readouterr().err


def test_messages_go_to_standard_error_and_json_alone_to_standard_output(scored: Path, tmp_path: Path) -> None:
    command = ["build", str(scored), "--map", "amount=price", "--out", str(tmp_path / "built"), "--json"]
    run = subprocess.run([sys.executable, "-m", "core", *command], capture_output=True, text=True, check=True)
    assert json.loads(run.stdout)["orders"] == 6
    assert "Built" in run.stderr


def test_build_then_score_the_same_orders(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    learnable_orders().to_parquet(tmp_path / "orders.parquet")
    built = answer(capsys, "build", str(tmp_path / "orders.parquet"), "--out", str(tmp_path / "built"))
    assert {row["measure"] for row in built["evaluation"]} >= {"auc", "average_precision", "brier"}
    for suffix in ("csv", "parquet"):
        out = tmp_path / f"scored.{suffix}"
        options = ["--model", str(tmp_path / "built"), "--out", str(out)]
        counts = answer(capsys, "score", str(tmp_path / "orders.parquet"), *options)
        table = pd.read_csv(out) if suffix == "csv" else pd.read_parquet(out)
        assert (len(table), int(table["score"].notna().sum())) == (counts["orders"], counts["scored"]) == (6000, 6000)
    best = answer(capsys, "optimum", str(tmp_path / "built"))
    assert answer(capsys, "curve", str(tmp_path / "built"), "--at", repr(best["threshold"])) == {
        name: value for name, value in best.items() if name != "objective"
    }


def test_score_decides_by_the_scores_of_the_file(
    scored: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "decisions.csv"
    told = answer(capsys, "score", str(scored), "--map", "amount=price", "--at", "0.5", "--out", str(out))
    table = pd.read_csv(out)
    assert (told["flagged"], int((table["decision"] == "review").sum())) == (3, 3)
    assert (table.loc[table["decision"] == "review", "score"] >= 0.5).all()
    two = answer(
        capsys, "score", str(scored), "--map", "amount=price", "--at", "0.2", "--decline-at", "0.5", "--out", str(out)
    )
    table = pd.read_csv(out)
    assert (two["flagged"], two["declined"]) == (4, 3)
    assert (table.loc[table["decision"] == "decline", "score"] >= 0.5).all()
    assert table["decision"].value_counts().to_dict() == {"decline": 3, "review": 1, "ship": 2}
    best = answer(capsys, "optimum", str(scored), "--map", "amount=price")["threshold"]
    assert answer(capsys, "score", str(scored), "--map", "amount=price", "--out", str(out))["threshold"] == best


@pytest.fixture
def messy(tmp_path: Path) -> Path:
    path = tmp_path / "messy.csv"
    path.write_text("Order Total,Risk,Class\n$5.00,12%,n\nten,50%,y\n$7.00,150%,n\n=1+1,1%,n\n$8.00,,\n")
    return path


def test_check_reports_and_writes_the_rejected_rows(
    messy: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rejected, mapping = tmp_path / "rejected.csv", tmp_path / "mapping.json"
    told = answer(capsys, "check", str(messy), "--rejected", str(rejected), "--save-mapping", str(mapping))
    assert (told["rows"], told["accepted"], told["rejected"], told["blocked"]) == (5, 2, 3, False)
    assert {c["column"]: c["role"] for c in told["columns"]} == {
        "Order Total": "amount", "Risk": "score", "Class": "is_fraud"}  # fmt: skip
    rows = pd.read_csv(rejected, dtype=str)
    assert rows["cutline row"].tolist() == ["3", "4", "5"]
    assert rows["Order Total"].tolist() == ["ten", "$7.00", "'=1+1"]
    options = ["--mapping", str(mapping), "--skip-bad-rows"]
    assert answer(capsys, "curve", str(messy), *options, "--at", "0.1")["orders"] == 2
    built = tmp_path / "built"
    answer(capsys, "build", str(messy), *options, "--out", str(built))
    assert load_data_set(built).kept == "2 of 5 rows"


def test_check_says_the_same_in_words(messy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(messy)]) == 0
    text = capsys.readouterr().out
    assert "Order Total is the amount (by its name)" in text
    assert "LOSES ROWS: Amounts that are no number in this format in Order Total (2 rows)" in text
    assert "messy.csv, row 3: 'ten'" in text


def test_check_exits_with_1_when_blocked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "dates.csv"
    path.write_text("amount,ordered_at\n1,03/04/2026\n2,05/04/2026\n")
    assert main(["check", str(path), "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["blocked"]
    assert [finding["code"] for finding in told["findings"]] == ["ambiguous_dates"]
    assert main(["check", str(path), "--time-format", "%d/%m/%Y"]) == 0


def test_a_clock_set_back_only_changes_what_is_in_the_future(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text("amount,score,ordered_at\n1,0.5,2026-05-01\n")
    told = {}
    for now in ("1999-01-01 00:00:00", "2030-01-01 00:00:00"):
        intake = take_in_file(path, Reading(), now=now)
        told[now] = ([f.code for f in intake.report.findings if f.code == "future_time"], intake.report.accepted)
    assert list(told.values()) == [(["future_time"], 1), ([], 1)]


def test_explain_a_built_data_set_one_order_and_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    learnable_orders().to_parquet(tmp_path / "orders.parquet")
    built, out = str(tmp_path / "built"), tmp_path / "why.csv"
    answer(capsys, "build", str(tmp_path / "orders.parquet"), "--out", built)
    told = answer(capsys, "explain", built, "--at", "0.12", "--out", str(out))
    table = pd.read_csv(out)
    assert len(table) == told["orders"] == answer(capsys, "curve", built, "--at", "0.12")["flagged"]
    assert table["expected_saving_usd"].is_monotonic_decreasing
    assert table["expected_saving_usd"].sum() == pytest.approx(told["expected_saving_usd"])
    assert {"reason_1", "reason_2", "reason_3"} <= set(table)
    name = str(table["order_id"].iloc[0])
    one = answer(capsys, "explain", built, "--at", "0.12", "--order", name, "--top", "2", "--out", str(out))
    assert one["base"] + sum(one["parts"].values()) == pytest.approx(one["log_odds"], abs=1e-9)
    assert 1 / (1 + np.exp(-one["log_odds"])) == pytest.approx(one["score"], abs=1e-9)
    assert len(one["reasons"]) == 2
    later = answer(
        capsys, "explain", str(tmp_path / "orders.parquet"), "--model", built, "--at", "0.12", "--order", name,
        "--out", str(out),
    )  # fmt: skip
    assert later["score"] == pytest.approx(one["score"], abs=1e-6)
    assert main(["explain", built, "--at", "0.12", "--order", "nobody", "--out", str(out)]) == 1
    assert "There is no order 'nobody'" in capsys.readouterr().err


def test_build_if_missing_builds_again_when_features_or_rules_changed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    learnable_orders().to_parquet(tmp_path / "orders.parquet")
    built = str(tmp_path / "built")
    build = ["build", str(tmp_path / "orders.parquet"), "--out", built, "--if-missing"]
    assert answer(capsys, *build)["built"]
    assert not answer(capsys, *build)["built"]
    night = replace(
        feature_rows.FEATURES[-1], name="night", sql="CAST(hour(ordered_at) < 6 AS INTEGER)", roles=(ORDERED_AT,)
    )
    monkeypatch.setattr(feature_rows, "FEATURES", (*feature_rows.FEATURES, night))
    assert main(["curve", built, "--at", "0.5"]) == 1
    assert "Build it again: python -m core build ORDERS" in capsys.readouterr().err
    assert answer(capsys, *build)["built"]
    assert not answer(capsys, *build)["built"]
    model = load_data_set(Path(built)).model
    assert model is not None
    assert "night" in model.features
    monkeypatch.setattr(prefilter, "RULES", ())
    assert answer(capsys, *build)["built"]


def test_explain_a_scored_file_by_a_surrogate(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, out = tmp_path / "scored.csv", tmp_path / "why.csv"
    scored_orders(2000).to_csv(path, index=False)
    told = answer(capsys, "explain", str(path), "--at", "0.1", "--out", str(out))
    assert set(told["surrogate"]) == {"r2", "rank_agreement", "orders", "notes"}
    assert told["surrogate"]["r2"] > 0.8
    assert told["surrogate"]["orders"] == 1600
    table = pd.read_csv(out)
    assert len(table) == told["orders"] == int((scored_orders(2000)["score"] >= 0.1).sum())
    assert {"surrogate_reason_1", "surrogate_learnt_here"} <= set(table)
    assert "reason_1" not in table
    one = answer(capsys, "explain", str(path), "--at", "0.1", "--order", "o1500", "--out", str(out))
    assert one["base"] + sum(one["parts"].values()) == pytest.approx(one["log_odds"], abs=1e-9)
    assert one["score"] == pytest.approx(scored_orders(2000)["score"].iloc[1500])
    assert one["surrogate"]["learnt_here"] is False
    assert "not explained by the columns" in one["parts"]


def test_explain_says_why_a_file_gets_no_reasons(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = str(tmp_path / "why.csv")
    assert main(["explain", "data/example.csv", "--at", "0.05", "--out", out]) == 1
    said = capsys.readouterr().err.strip().splitlines()
    assert len(said) == 1
    assert said[0].startswith("No reasons: from the file's other columns a surrogate gives 4")
    assert not Path(out).exists()


def test_explain_with_a_model_named_still_scores_anew(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    built, path = str(tmp_path / "built"), str(tmp_path / "orders.parquet")
    learnable_orders().to_parquet(path)
    answer(capsys, "build", path, "--out", built)
    scored = learnable_orders().assign(score=0.5)
    scored.to_parquet(tmp_path / "scored.parquet")
    command = ["explain", str(tmp_path / "scored.parquet"), "--model", built, "--at", "0.12", "--json"]
    assert main([*command, "--out", str(tmp_path / "why.csv")]) == 0
    said = capsys.readouterr()
    assert "scores the orders anew" in said.err
    assert "surrogate" not in json.loads(said.out)


def test_explain_by_a_lightgbm_file_somebody_brings(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    orders = scored_orders(2000)
    codes = orders.assign(shop=orders["shop"].map({"new": 0.0, "old": 1.0, "own": 2.0}))
    booster = lightgbm.train(
        {"objective": "binary", "verbosity": -1, "seed": 1},
        lightgbm.Dataset(codes[["amount", "clicks", "shop"]], orders["is_fraud"]), 20,
    )  # fmt: skip
    model, path, out = tmp_path / "model.txt", tmp_path / "orders.csv", tmp_path / "why.csv"
    booster.save_model(model)
    codes.to_csv(path, index=False)
    told = answer(capsys, "explain", str(path), "--lightgbm", str(model), "--at", "0.1", "--out", str(out))
    scores = booster.predict(codes[["amount", "clicks", "shop"]])
    assert told["orders"] == int((scores >= 0.1).sum())
    table = pd.read_csv(out)
    assert table["score"].max() == pytest.approx(scores.max(), abs=1e-12)
    assert "reason_1" in table
    codes.drop(columns="clicks").to_csv(path, index=False)
    command = ["explain", str(path), "--lightgbm", str(model), "--at", "0.1", "--out", str(out)]
    assert main(command) == 1
    assert "lacks 1 of the 3 features the model names: clicks" in capsys.readouterr().err
    model.write_bytes(b"\xff\xfe")
    assert main(command) == 1
    assert "cannot be read as text" in capsys.readouterr().err
    assert main(["explain", "sample", *command[2:]]) == 1
    assert "is a built data set" in capsys.readouterr().err


def test_explain_writes_what_shap_plots(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, out = tmp_path / "scored.csv", tmp_path / "why.npz"
    scored_orders(2000).to_csv(path, index=False)
    told = answer(capsys, "explain", str(path), "--at", "0.1", "--format", "shap", "--out", str(out))
    explanation = load_explanation(out)
    assert explanation.shape == (told["orders"], 6)
    with np.load(out) as file:
        assert file["explained_by"] == "surrogate"
        scores = scored_orders(2000).set_index("order_id")["score"][file["order_id"]]
    log_odds = explanation.base_values + explanation.values.sum(axis=1)
    assert expit(log_odds) == pytest.approx(scores.to_numpy(), abs=1e-9)
