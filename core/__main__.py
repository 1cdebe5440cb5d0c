"""The command line: python -m core COMMAND. The same functions the pages call.

Standard output carries the answer only (one JSON object with --json); messages go to standard error. Exit status:
0, 1 (bad input, one clear line), 2 (usage).
"""

import argparse
import json
import os
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from core.assumptions import CHOICES, DEFAULTS, FIELDS
from core.columns import ROLES
from core.command_line import commands, policies
from core.command_line import explain as explaining
from core.command_line.options import DECLINE_NAMES, NAMES
from core.errors import CutlineError
from core.number_format import counted
from core.pricing.curve import OBJECTIVES
from core.reading.reading import DUPLICATES, ENCODINGS, NUMBERS, SCALES

_FILE = "CSV or TSV (also .gz, .zip), Excel or Parquet file"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status."""
    args = _parser().parse_args(arguments)
    try:
        answer = args.run(args)
    except CutlineError as fault:
        print(f"{fault}", file=sys.stderr)
        return 1
    try:
        print(json.dumps(answer, allow_nan=False) if args.json else _as_text(answer), flush=True)
    except BrokenPipeError:  # the reader has seen enough (`| head`)
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 1 if answer.get("blocked") else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m core",
        description="Where should the line be drawn between orders we ship and orders we stop, and what is it worth?",
    )
    subs = parser.add_subparsers(required=True, metavar="COMMAND")
    _check_parser(subs)
    _build_parser(subs)
    _score_parser(subs)
    _explain_parser(subs)
    _curve_parser(subs)
    _compare_parser(subs)
    _optimum_parser(subs)
    return parser


def _check_parser(subs: Any) -> None:
    check = _command(subs, "check", commands.check, "what is wrong with a file of orders, row by row; 1 when blocked")
    check.add_argument("orders", help=_FILE)
    _add_reading(check)
    check.add_argument("--rejected", type=Path, metavar="CSV", help="write the rejected rows there, with their reasons")
    check.add_argument("--save-mapping", type=Path, metavar="JSON", help="write how the file was read, for --mapping")


def _build_parser(subs: Any) -> None:
    build = _command(subs, "build", commands.build, "orders → features, pre-filter, model, scores: a data set on disk")
    build.add_argument("orders", help="'sample', or a file of orders. With a score column no model is made")
    _add_reading(build)
    build.add_argument("--out", type=Path, help="folder of the data set (default: data/built/NAME)")
    build.add_argument("--learn-from", metavar="TIME", help="orders before are only looked back on, not learnt from")
    build.add_argument("--evaluate-from", metavar="TIME", help="decisions are evaluated on orders from here on (UTC)")
    build.add_argument("--evaluate-share", type=float, default=0.2, help="else on this last share of them, 0-1 (0.2)")
    build.add_argument("--label-delay-days", type=float, help="days until a label is known (7; the sample: 14)")
    build.add_argument("--sessions", type=Path, metavar="CSV", help="visits a day, columns day,sessions: used for FLAC")
    build.add_argument("--seed", type=int, help="seed of the sample and of the training")
    build.add_argument("--if-missing", action="store_true", help="keep a data set of this version that is there")


def _score_parser(subs: Any) -> None:
    score = _command(
        subs, "score", commands.score, "decide on every order of a file, by its scores or by those of a built model"
    )
    score.add_argument("orders", help=f"{_FILE}, with the past its features need")
    _add_reading(score)
    score.add_argument(
        "--model", type=Path, default=Path(explaining.DEFAULT_MODEL), help=f"data set ({explaining.DEFAULT_MODEL})"
    )
    score.add_argument("--out", type=Path, required=True, help="CSV or Parquet: order_id, score, decision, …")
    _add_policy(score)
    _add_prices(score)


def _explain_parser(subs: Any) -> None:
    explain = _command(subs, "explain", explaining.explain, "why flagged orders are flagged, in words and dollars")
    explain.add_argument(
        "orders",
        help="'sample', a built data set, or a file of orders; scores of its own are explained by a surrogate that "
        "learns them from the other columns",
    )
    _add_reading(explain)
    _add_prices(explain)
    by = explain.add_mutually_exclusive_group()
    by.add_argument("--model", type=Path, help=f"data set whose model scores a file ({explaining.DEFAULT_MODEL})")
    by.add_argument(
        "--lightgbm",
        type=Path,
        metavar="MODEL.txt",
        help="a LightGBM model file (Booster.save_model) that scores the file from its columns of the same names",
    )
    explain.add_argument("--at", required=True, metavar="THRESHOLD", help=f"flagged at or above: {NAMES}")
    explain.add_argument("--order", metavar="ID", help="one order, flagged or not, told in full")
    explain.add_argument("--top", type=int, default=3, choices=range(1, 11), metavar="N", help="reasons an order (3)")
    explain.add_argument(
        "--format",
        choices=(explaining.TABLE, explaining.SHAP),
        default=explaining.TABLE,
        help="table: the queue with reasons; shap: an .npz file for shap.plots (table)",
    )
    explain.add_argument("--out", type=Path, required=True, help="CSV or Parquet file, or .npz with --format shap")


def _curve_parser(subs: Any) -> None:
    curve = _command(subs, "curve", policies.curve, "every figure at one threshold")
    _add_orders(curve)
    _add_policy(curve, required=True)


def _compare_parser(subs: Any) -> None:
    compare = _command(subs, "compare", policies.compare, "what one policy is worth over another, with its interval")
    _add_orders(compare)
    _add_policy(compare, required=True)
    compare.add_argument(
        "--baseline", default="approve", metavar="FILE.toml", help="its policy; or 'approve' (default)"
    )


def _optimum_parser(subs: Any) -> None:
    best = _command(subs, "optimum", policies.optimum, "the same figures at the cheapest threshold")
    _add_orders(best)
    best.add_argument("--policy", type=Path, metavar="FILE.toml", help="its decline threshold, limit and rest are kept")
    best.add_argument("--objective", choices=OBJECTIVES, default=OBJECTIVES[0], help="what is best (total_cost, $)")
    best.add_argument("--min-detection", type=float, metavar="SHARE", help="detection rate at least this, 0-1")
    best.add_argument("--max-fpr", type=float, metavar="SHARE", help="false positive rate at most this, 0-1")
    best.add_argument(
        "--max-reviews-per-day", type=float, metavar="N", help="reviews a day at most (reviews_per_day where set)"
    )


def _command(subs: Any, name: str, run: Any, text: str) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = subs.add_parser(
        name,
        help=text,
        description=text[0].upper() + text[1:] + ".",
        epilog=_PRICES if name in _PRICED else None,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--json", action="store_true", help="one JSON object on standard output and nothing else")
    parser.set_defaults(run=run)
    return parser


def _add_policy(parser: argparse.ArgumentParser, *, required: bool = False) -> None:
    stated = parser.add_mutually_exclusive_group(required=required)
    stated.add_argument("--policy", type=Path, metavar="FILE.toml", help="a policy, as a page writes it")
    stated.add_argument("--at", metavar="THRESHOLD", help=f"flagged at or above: {NAMES}")
    parser.add_argument(
        "--decline-at", metavar="THRESHOLD", help=f"declined without review from there: {DECLINE_NAMES}"
    )


def _add_orders(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("orders", help="'sample', a built data set, or a file of orders with a score column")
    _add_reading(parser)
    _add_prices(parser)


def _add_prices(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--assumptions", type=Path, metavar="FILE.toml", help="prices, one key a field (see below)")
    parser.add_argument(
        "--set", action="append", default=[], metavar="FIELD=VALUE", help="one price; wins over the file"
    )


def _add_reading(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--map",
        action="append",
        default=[],
        metavar="ROLE=COLUMN",
        help=f"which column plays a role: {', '.join(ROLES)}",
    )
    parser.add_argument("--ignore", action="append", default=[], metavar="COLUMN", help="leave a column out")
    parser.add_argument("--guess", action="store_true", help="guess roles and formats not stated, and say them")
    parser.add_argument("--mapping", type=Path, metavar="JSON", help="a saved mapping; the other options win over it")
    parser.add_argument("--skip-bad-rows", action="store_true", help="go on without rows that break a rule, and say so")
    parser.add_argument(
        "--time-format", metavar="FORMAT", help="'epoch seconds', or as '%%m/%%d/%%Y %%H:%%M' (ISO 8601)"
    )
    parser.add_argument("--numbers", choices=NUMBERS, help="how numbers are written (1234.50)")
    parser.add_argument("--fraud-is", action="append", default=[], metavar="WORD", help="an outcome that means fraud")
    parser.add_argument("--legit-is", action="append", default=[], metavar="WORD", help="an outcome that means legit")
    parser.add_argument("--score-scale", type=int, choices=SCALES, help="the score that means certain fraud (1)")
    parser.add_argument("--duplicates", choices=DUPLICATES, help="which orders of one id are kept (first)")
    parser.add_argument("--encoding", choices=ENCODINGS, help="of a text file (detected)")
    parser.add_argument("--delimiter", metavar="CHARACTER", help="of a text file (detected)")
    parser.add_argument("--header-row", type=int, metavar="ROW", help="of a text file; 0 = none (detected)")
    parser.add_argument("--part", metavar="NAME", help="the sheet of a workbook, or the file in a zip")
    parser.set_defaults(now=datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S"))


_PRICED = ("curve", "compare", "optimum", "score", "explain")
_PRICES = "assumptions (unit, range, default):\n" + "\n".join(
    f"  {name:28} "
    + (" or ".join(CHOICES[name]) if name in CHOICES else f"{about['unit']}, {about['low']:g} to {about['high']:,.10g}")
    + f" ({'none' if getattr(DEFAULTS, name) is None else getattr(DEFAULTS, name)})"
    for name, about in FIELDS.items()
)


def _as_text(answer: dict[str, Any]) -> str:
    if "findings" in answer:
        return _report_as_text(answer)
    width = max(len(name) for name in answer)
    return "\n".join(f"{name:{width}}  {_shown(value)}" for name, value in answer.items())


def _report_as_text(answer: dict[str, Any]) -> str:
    """The report of `check`: what was read, then what is wrong, worst first, with its first rows."""
    counts = [f"{name:9} {answer[name]:,}" for name in ("rows", "accepted", "rejected", "labelled", "frauds", "scored")]
    roles = [f"{c['column']} is the {c['role']} ({c['reason']})" for c in answer["columns"] if c["role"]]
    lines = [answer["file"], *counts, "", *roles, *answer["notes"]]
    for finding in answer["findings"]:
        rows = f" ({counted(finding['count'], 'row')})" if finding["count"] else ""
        column = f" in {finding['column']}" if finding["column"] else ""
        option = f" [{finding['option']}]" if finding["option"] else ""
        lines += ["", f"{finding['severity'].upper()}: {finding['title']}{column}{rows}. {finding['remedy']}{option}"]
        lines += [
            f"  {row['file']}, row {row['row']}: {'nothing' if row['value'] is None else repr(row['value'])}"
            for row in finding["rows"]
        ]
    return "\n".join([*lines, "", "Blocked: answer the questions above." if answer["blocked"] else "Can be used."])


def _shown(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:,.2f}" if abs(value) >= 10 else f"{value:.6g}"
    return "–" if value is None else f"{value:,}" if type(value) is int else str(value)


if __name__ == "__main__":
    sys.exit(main())
