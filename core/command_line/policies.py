"""The commands that price a policy: `curve`, `compare`, `optimum`; and which policy the arguments state."""

from argparse import Namespace
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from core.assumptions import Assumptions
from core.building.ruled import with_rules
from core.building.store import DataSet
from core.command_line.inputs import cubes_of, scored
from core.command_line.options import CHEAPEST, named_decline_threshold, named_threshold, prices_in
from core.deciding import confidence
from core.errors import PolicyError
from core.policy import Policy, policy_values
from core.policy_file import policy_of_toml
from core.pricing.applied import Applied, Case
from core.pricing.cube import Cube, Totals, build_cube, running_sums, totals_of
from core.pricing.curve import Limits, cheapest_step, price_curve, report_at
from core.pricing.economics import coefficients, price


def curve(args: Namespace) -> dict[str, Any]:
    """Every figure of one policy; the sums are exact for any threshold, step or not."""
    prices = prices_in(args)
    if args.policy is None and prices.reviews_per_day is None:
        return _curve_at(args, prices)
    data = scored(args)
    return policy_as_json(applied(data, stated_policy(args, _cube_of(data), prices, data), prices))


def _curve_at(args: Namespace, prices: Assumptions) -> dict[str, Any]:
    """The figures at thresholds on the score alone, from the sums of the file without its orders."""
    cubes = cubes_of(args)
    policy = stated_policy(args, cache(cubes), prices, None)
    exact = sorted({at for at in (policy.review, policy.decline) if at is not None}, reverse=True)
    cube = cubes(np.array(exact))
    sums, totals = running_sums(cube), totals_of(cube)
    figures = price(coefficients(prices, totals), sums[-1], sums[0 if policy.decline is None else 1])
    return figures_as_json({name: float(value) for name, value in figures.items()}, policy, totals)


def compare(args: Namespace) -> dict[str, Any]:
    """What one policy is worth over another on the same orders, with its interval."""
    prices, data = prices_in(args), scored(args)
    line = applied(data, stated_policy(args, _cube_of(data), prices, data), prices)
    other = None if args.baseline == "approve" else applied(data, policy_in_file(Path(args.baseline)), prices)
    case = Case(line, other)
    legit, fraud = case.changed
    saving, before = line.figures["saving"], case.baseline_figures["saving"]
    answer = {
        "saving": saving, "baseline_saving": before, "change": saving - before, "fraud_changed": fraud,
        "legit_changed": legit,
    }  # fmt: skip
    if line.by_score.days is None:
        return answer | {"low": None, "high": None, "better": None, "note": "Without order times there is no interval."}
    sure = confidence.compare(case)
    low, high = (None if np.isnan(end) else end for end in (sure.low, sure.high))
    return answer | {"low": low, "high": high, "better": sure.better, "note": sure.few}


def optimum(args: Namespace) -> dict[str, Any]:
    """The figures at the cheapest threshold within the limits, the rest of the policy kept."""
    prices = prices_in(args)
    if args.max_reviews_per_day is not None:
        prices = replace(prices, reviews_per_day=args.max_reviews_per_day)
    limits = Limits(args.min_detection, args.max_fpr)
    if args.policy is None and prices.reviews_per_day is None:
        cube = cubes_of(args)()
        priced, totals = price_curve(cube, prices), totals_of(cube)
        step = cheapest_step(priced, limits, days=totals.days, objective=args.objective)
        return report_at(priced, step, totals) | {"objective": args.objective}
    policy = Policy() if args.policy is None else policy_in_file(args.policy)
    if args.max_reviews_per_day is not None:
        policy = replace(policy, reviews_per_day=args.max_reviews_per_day)
    line = applied(scored(args), policy, prices)
    step = cheapest_step(line.curve, limits, days=line.totals.days, objective=args.objective)
    return policy_as_json(line.at_step(step)) | {"objective": args.objective}


def stated_policy(args: Namespace, cube: Callable[[], Cube], prices: Assumptions, data: DataSet | None) -> Policy:
    """The policy of --policy, or of --at and --decline-at; the cheapest threshold where nothing is stated.

    cube: gives the cube of the orders, asked only where a threshold is named by what it reaches. data: the orders, for
    the cheapest threshold under a limit on reviews.
    """
    if args.policy is not None:
        if args.decline_at is not None:
            raise PolicyError("--policy states the thresholds. Leave --decline-at out, or change the file.")
        return policy_in_file(args.policy)
    at = CHEAPEST if args.at is None else args.at
    if at.strip().lower() == CHEAPEST and prices.reviews_per_day is not None and data is not None:
        line = applied(data, Policy(), prices)
        review = line.at_step(cheapest_step(line.curve, days=line.totals.days)).policy.review
    else:
        review = named_threshold(at, cube, prices)
    return Policy(review, named_decline_threshold(args.decline_at, review, cube, prices))


def policy_in_file(path: Path) -> Policy:
    """A policy as a page writes it."""
    try:
        return policy_of_toml(path.read_text(encoding="utf-8"), str(path))
    except (OSError, UnicodeDecodeError) as fault:
        raise PolicyError(f"{path} cannot be read as a policy: {fault}. Save it again from a page.") from fault


def applied(data: DataSet, policy: Policy, prices: Assumptions) -> Applied:
    """A policy on the orders, one by one; where it names no limit on reviews, the team's of the prices."""
    limit = prices.reviews_per_day if policy.reviews_per_day is None else policy.reviews_per_day
    policy, orders = replace(policy, reviews_per_day=limit), with_rules(data, policy.rules)
    cube = build_cube(orders, sessions=data.sessions)
    return Applied(orders, cube, replace(prices, reviews_per_day=limit), policy, data.features)


def policy_as_json(policy: Applied) -> dict[str, Any]:
    """Every figure of a policy as plain values."""
    return figures_as_json(policy.figures, policy.policy, policy.totals)


def figures_as_json(figures: dict[str, float], policy: Policy, totals: Totals) -> dict[str, Any]:
    """Figures of a policy with its thresholds as plain values; what more there is to it as `policy`."""
    table = pd.DataFrame({"threshold": [policy.review]} | {name: [value] for name, value in figures.items()})
    answer = report_at(table.astype(float), 0, totals)
    if policy.decline is not None:
        answer["decline_threshold"] = policy.decline
    thresholds_alone = policy == Policy(policy.review, policy.decline)
    return answer if thresholds_alone else answer | {"policy": policy_values(policy)}


def _cube_of(data: DataSet) -> Callable[[], Cube]:
    return cache(lambda: build_cube(data.orders, sessions=data.sessions))
