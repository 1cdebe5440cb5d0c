"""What the arguments of a command mean: prices, how a file is read, thresholds, times, sessions."""

import json
import tomllib
from argparse import Namespace
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from core.assumptions import Assumptions, assumptions_from
from core.columns import DAY, SESSIONS, TIMES
from core.errors import AssumptionsError, OrdersError, PolicyError
from core.number_format import percent
from core.pricing.cube import Cube, threshold_at, totals_of
from core.pricing.curve import cheapest_step, last_step_within, price_curve, requirement_step
from core.reading.reading import Reading, from_json

CHEAPEST, NONE = "cheapest", ("none", "null")
FPR, DETECTION = "fpr", "detection"
NAMES = f"a number from 0 to 1, none, {CHEAPEST}, {FPR}=SHARE or {DETECTION}=SHARE"
DECLINE_NAMES = f"a number from 0 to 1, none or {FPR}=SHARE"
_OF_FILE = ("numbers", "score_scale", "duplicates", "encoding", "delimiter", "header_row", "part")


def prices_in(args: Namespace) -> Assumptions:
    """Prices of --assumptions, with those of --set over them."""
    values: dict[str, Any] = {}
    if args.assumptions is not None:
        try:
            values = tomllib.loads(args.assumptions.read_text())
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as fault:
            raise AssumptionsError(f"{args.assumptions} cannot be read as TOML: {fault}.") from fault
    return assumptions_from(values | dict(_pair(text, "--set FIELD=VALUE") for text in args.set))


def reading_in(args: Namespace, *, guess: bool = False) -> Reading:
    """What the options say of the file, over a saved mapping where one is given. guess: as if --guess were there."""
    stated: dict[str, Any] = {name: getattr(args, name) for name in _OF_FILE if getattr(args, name) is not None}
    if args.map:
        stated["roles"] = dict(_pair(text, "--map ROLE=COLUMN") for text in args.map)
    if args.ignore:
        stated["ignore"] = args.ignore
    if args.time_format is not None:
        stated["times"] = dict.fromkeys(TIMES, args.time_format)
    if args.fraud_is or args.legit_is:
        words = [(word, 1) for word in args.fraud_is] + [(word, 0) for word in args.legit_is]
        stated["labels"] = {word.strip().lower(): fraud for word, fraud in words}
    if args.guess or guess:
        stated |= {"guess": True, "detect": True}
    saved = Reading() if args.mapping is None else _saved_mapping(args.mapping)
    if "roles" in stated:
        stated["roles"] = dict(saved.roles) | stated["roles"]
    return replace(saved, **stated)


def named_threshold(text: str, cube: Callable[[], Cube], prices: Assumptions) -> float | None:
    """The threshold a text names; None flags no order. PolicyError where it names none.

    cube: gives the cube of the orders; called only where the name needs it, as a plain number does not.

    - a number from 0 to 1: itself
    - none: no order is flagged
    - cheapest: the lowest total cost, as `optimum` has it (under a limit on reviews see `policies.stated_policy`)
    - fpr=SHARE: the step that flags most with a false positive rate of at most the share, 0–1
    - detection=SHARE: the step that flags fewest with a detection rate of at least the share, 0–1

    >>> table = pd.DataFrame({"score": [0.9, 0.7, 0.1], "is_fraud": [1.0, 0.0, 1.0], "amount": [500.0, 7.0, 5.0]})
    >>> from core.pricing.cube import build_cube
    >>> names = ("0.3", "none", "cheapest", "fpr=0", "detection=1")
    >>> [named_threshold(name, lambda: build_cube(table), Assumptions()) for name in names]
    [0.3, None, 0.9, 0.9, 0.1]
    """
    name, equals, share = (part.strip() for part in text.lower().partition("="))
    if equals and name in (FPR, DETECTION):
        reach = _within_false_positive_rate if name == FPR else _reaching_detection_rate
        return threshold_at(cube(), reach(price_curve(cube(), prices), _share_in(text, share)))
    if name == CHEAPEST and not equals:
        return threshold_at(cube(), _cheapest_step(cube(), prices))
    return None if text.lower() in NONE else _number_in(text)


def named_decline_threshold(
    text: str | None, review: float | None, cube: Callable[[], Cube], prices: Assumptions
) -> float | None:
    """What --decline-at names: a number, none or fpr=SHARE; None where it is not given. Never below the review
    threshold."""
    if text is None:
        return None
    if text.strip().lower().startswith((CHEAPEST, DETECTION)):
        raise PolicyError(f"--decline-at is {DECLINE_NAMES}. Got: {text!r}.")
    decline = named_threshold(text, cube, prices)
    if decline is not None and (review is None or decline < review):
        raise PolicyError(
            f"--decline-at must be no lower than the threshold of --at. Got: {_stated(text, decline)} "
            f"and {'none' if review is None else f'{review:g}'}. Raise it, or lower --at."
        )
    return decline


def evaluate_share_in(args: Namespace) -> float:
    """The last share of the orders that a model is evaluated on, above 0 and below 1."""
    share: float = args.evaluate_share
    if not 0 < share < 1:
        raise OrdersError(f"--evaluate-share must be between 0 and 1. Got: {share}.")
    return share


def time_in(text: str | None) -> pd.Timestamp | None:
    """A time without a zone, in UTC; None where none is stated.

    >>> time_in("2026-03-01T02:00+02:00")
    Timestamp('2026-03-01 00:00:00')
    """
    if text is None:
        return None
    try:
        time = pd.Timestamp(text)
    except ValueError as fault:
        raise OrdersError(f"Expected a time such as 2026-03-01. Got: {text!r}.") from fault
    return time if time.tzinfo is None else time.tz_convert(None)


def sessions_in(path: Path | None) -> "pd.Series[float] | None":
    """Visits indexed by day, from a CSV file with the columns day and sessions; None where none is stated."""
    if path is None:
        return None
    try:
        table = pd.read_csv(path, parse_dates=[DAY])
        return pd.Series(table[SESSIONS].to_numpy(float), index=pd.DatetimeIndex(table[DAY]), name=SESSIONS)
    except (OSError, ValueError, KeyError) as fault:
        raise OrdersError(f"{path} cannot be read as sessions (columns day, sessions): {fault}.") from fault


def _cheapest_step(cube: Cube, prices: Assumptions) -> int:
    return cheapest_step(price_curve(cube, prices), days=totals_of(cube).days)


def _within_false_positive_rate(curve: pd.DataFrame, share: float) -> int:
    if np.isnan(curve["false_positive_rate"].iloc[-1]):
        raise PolicyError(f"{FPR}={share:g} needs legit orders, and there are none. Name the threshold by its score.")
    return last_step_within(curve, share)


def _reaching_detection_rate(curve: pd.DataFrame, share: float) -> int:
    most = float(curve["detection_rate"].iloc[-1])
    if np.isnan(most):
        raise PolicyError(f"{DETECTION}={share:g} needs fraud, and there is none. Name the threshold by its score.")
    step = requirement_step(curve, share)
    if step is None:
        raise PolicyError(
            f"No threshold detects {percent(share)} of fraud: flagging every scored order detects {percent(most)}. "
            f"Lower {DETECTION}."
        )
    return step


def _share_in(text: str, share: str) -> float:
    try:
        value = float(share)
    except ValueError:
        value = np.nan
    if not 0 <= value <= 1:
        raise PolicyError(f"Expected a share from 0 to 1, such as {FPR}=0.005. Got: {text!r}.")
    return value


def _number_in(text: str) -> float:
    try:
        threshold = float(text)
    except ValueError:
        threshold = np.nan
    if not 0 <= threshold <= 1:
        raise PolicyError(f"A threshold is {NAMES}. Got: {text!r}.")
    return threshold


def _stated(text: str, threshold: float) -> str:
    """As the user wrote it, with the score it comes to where that is not the same."""
    return f"{text} ({threshold:g})" if "=" in text else text


def _saved_mapping(path: Path) -> Reading:
    try:
        return from_json(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError) as fault:
        raise OrdersError(f"{path} cannot be read as a mapping: {fault}. Save it again.") from fault


def _pair(text: str, wanted: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise OrdersError(f"Expected {wanted}. Got: {text!r}.")
    return name.strip(), value
