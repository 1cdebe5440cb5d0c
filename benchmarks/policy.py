"""Interactive answers on a million orders: intervals, comparisons, pairs, prices; each from the cube. The peer for the
paired comparison is the same bootstrap over the orders themselves.

python -m benchmarks.policy
"""

import numpy as np
import pandas as pd

from benchmarks.cube import made_up_orders
from benchmarks.timing import report, seconds
from core.assumptions import Assumptions
from core.deciding.by_saving import gain_by_saving
from core.deciding.by_segment import by_segment, segmented
from core.deciding.confidence import bands, cheapest_interval, compare, figure_intervals
from core.deciding.review_decline import best_pair, cost_map
from core.deciding.sensitivity import share_that_stands, tornado, two_way
from core.deciding.what_if import figures_elsewhere, orders_to_detect
from core.policy import Policy, treatment
from core.practicing.argument import Claim
from core.practicing.argument_auc import needed_auc_on_orders
from core.pricing.applied import Applied, Case
from core.pricing.cube import build_cube
from core.pricing.curve import price_curve
from core.pricing.order_costs import cost_of_each
from core.pricing.ranked_cube import cube_by_saving
from core.reviewing.team import work_period, worth_of_reviewers
from core.showing.drag_payload import Drag, drag_payload
from core.showing.policy_charts import evenly

ORDERS, FEW = 1_000_000, 20
FIGURES = ("saving", "total_cost", "review_cost", "fraud_loss", "reviewed", "false_positive_rate", "detection_rate",
           "precision", "flac")  # fmt: skip
LIMIT_MS = 300


def bootstrap_of_orders(orders: pd.DataFrame, low: float, high: float, prices: Assumptions, replicates: int) -> object:
    """The peer: resample days, gather their orders, add up the saving at two thresholds; so many times."""
    days = orders["ordered_at"].dt.floor("D")
    places = [np.flatnonzero(one) for one in (days.to_numpy() == day for day in days.unique())]
    random = np.random.default_rng(1)
    score, fraud, amount = (orders[name].to_numpy() for name in ("score", "is_fraud", "amount"))
    changes = []
    for _ in range(replicates):
        drawn = np.concatenate([places[i] for i in random.integers(0, len(places), len(places))])
        between = (score[drawn] >= low) & (score[drawn] < high)
        stopped = prices.fraud_loss_rate * (fraud[drawn] * amount[drawn])[between].sum()
        changes.append(stopped - prices.review_cost * between.sum())
    return np.quantile(changes, [0.025, 0.975])


def main() -> None:
    orders = made_up_orders().iloc[::5].head(ORDERS).reset_index(drop=True)
    orders = orders.assign(order_id=np.arange(len(orders)).astype(str), category=np.arange(len(orders)) % 10)
    orders["category"] = orders["category"].astype(str)
    prices, cube = Assumptions(abandonment_rate=0.05), build_cube(orders)

    def at(policy: Policy) -> Applied:
        return Applied(orders, cube, prices, policy)

    a, b, pair = at(Policy(0.05)), at(Policy(0.1)), at(Policy(0.05, 0.4))
    limited = Policy(0.05, reviews_per_day=500.0)
    treatments = [treatment(orders["score"].to_numpy(), cut) for cut in (0.05, 0.1)]
    most = treatment(orders["score"].to_numpy(), float(orders["score"].quantile(0.4)))
    by_saving = cube_by_saving(orders, cube, prices)
    segments = segmented(orders, "category", cube.thresholds)
    peer = seconds(lambda: bootstrap_of_orders(orders, 0.05, 0.1, prices, FEW), 1) * 1000 / FEW
    ours = seconds(lambda: compare(Case(at(Policy(0.1)), at(Policy(0.05)))))
    report("paired comparison, 1,000 replicates", ours, f"the same over the orders ({FEW}, scaled)", peer)
    answers = {
        "paired comparison with a second cut-off": lambda: compare(Case(at(Policy(0.05, 0.4)), at(Policy(0.05)))),
        "nine figures of a policy with intervals": lambda: figure_intervals(pair, FIGURES),
        "bands of the saving at 600 steps": lambda: bands(a, "saving", evenly(len(cube.thresholds) + 1)),
        "interval of the cheapest threshold": lambda: cheapest_interval(a),
        "tornado of nine prices": lambda: tornado(Case(a, b)),
        "map of two prices": lambda: two_way(Case(a, b), "review_cost", "fraud_loss_rate"),
        "1,000 plausible prices": lambda: share_that_stands(Case(a, b)),
        "best pair of cut-offs": lambda: best_pair(cube, prices),
        "the same within 6,000 reviews": lambda: best_pair(cube, prices, 6_000),
        "map of pairs": lambda: cost_map(cube, prices),
        "AUC that makes a claim true": lambda: needed_auc_on_orders(cube, prices, Claim(), 45_000.0),
        "the drag by expected saving": lambda: drag_payload(
            Case(at(Policy(0.0, ranked_by="saving")), at(Policy(0.05))), Drag("score")
        ),
        "a limit worked day by day": lambda: at(limited).figures,
        "the same at every threshold": lambda: at(limited).curve,
        "ten segments with intervals": lambda: by_segment(segments, prices, a.steps.review_step),
        "ranking by expected saving": lambda: gain_by_saving(by_saving, cube, prices),
        "a period worked by a team of 500 a day": lambda: work_period(orders, treatments[0], prices, 500, "wait"),
        "a live page's curve: every figure at every step": lambda: price_curve(cube, prices),
        "what each reviewer is worth": lambda: worth_of_reviewers(orders, treatments[0], prices, "ship"),
        "the same, three in five orders flagged": lambda: worth_of_reviewers(orders, most, prices, "ship"),
        "the same where orders wait": lambda: worth_of_reviewers(orders, treatments[0], prices, "wait"),
        "another world": lambda: figures_elsewhere(a, fraud_rate=0.02, volume=2.0, amounts=1.5),
        "size of a live test": lambda: orders_to_detect(
            *(cost_of_each(orders, prices, one) for one in treatments), 0.01
        ),
    }
    for name, answer in answers.items():
        took = 1000 * seconds(answer, 5)
        print(f"{name}: {took:.0f} ms{'' if took <= LIMIT_MS else f', above {LIMIT_MS} ms'}", flush=True)


if __name__ == "__main__":
    main()
