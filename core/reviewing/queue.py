"""The review queue: every flagged order with what a review of it is worth, in the order to work it."""

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.assumptions import Assumptions
from core.building.store import DataSet
from core.columns import AMOUNT, IS_FRAUD, ORDER_ID, ORDERED_AT, SCORE
from core.errors import ModelError
from core.explaining.explain import Explained, Reference, reference_at, top_reasons
from core.explaining.reasons import ReasonWords
from core.explaining.why import explained_of
from core.policy import TREATMENTS
from core.pricing.order_costs import expected_loss, expected_saving

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

LOSS, SAVING, A_MINUTE, PLACE = "expected_loss_usd", "expected_saving_usd", "saving_a_minute_usd", "place"
ORDERINGS = (SAVING, SCORE, AMOUNT, ORDERED_AT)


def review_queue(
    orders: pd.DataFrame, treatments: NDArray[np.int8], prices: Assumptions, ordering: str = SAVING
) -> pd.DataFrame:
    """Orders to review, the one to work first at the top; of equals the earlier one.

    treatments: (orders,) of `policy.treatment`. ordering: of `ORDERINGS`; the
    oldest order first, else the highest figure. Columns: place (row in orders), order_id, ordered_at where known,
    amount ($), score, is_fraud where known, expected_loss_usd, expected_saving_usd, saving_a_minute_usd ($ a minute of
    review; missing where a review takes none).
    """
    places = np.flatnonzero(treatments == TREATMENTS.index("review"))
    table = queue_of(orders, places, prices)
    if ordering == ORDERED_AT:
        return table if ORDERED_AT not in table else table.sort_values(ORDERED_AT, kind="stable", ignore_index=True)
    first = np.argsort(-table[ordering].to_numpy(np.float64), kind="stable")
    return table.iloc[first].reset_index(drop=True)


def queue_of(orders: pd.DataFrame, places: Ints, prices: Assumptions) -> pd.DataFrame:
    """The queue's columns for these rows of orders, flagged or not, in the order given."""
    rows = orders[[name for name in (ORDER_ID, ORDERED_AT, AMOUNT, SCORE, IS_FRAUD) if name in orders]].iloc[places]
    scores, amounts = rows[SCORE].to_numpy(np.float64), rows[AMOUNT].to_numpy(np.float64)
    saving = expected_saving(scores, amounts, prices)
    minutes = prices.review_minutes or np.nan
    worth = {LOSS: expected_loss(scores, amounts, prices), SAVING: saving, A_MINUTE: saving / minutes}
    return rows.assign(**{PLACE: places, **worth}).reset_index(drop=True)


def with_reasons(
    queue: pd.DataFrame, explained: Explained, line: Reference, words: ReasonWords, most: int = 3
) -> pd.DataFrame:
    """The queue with a column a reason, `reason_1` and so on: sentences, "" where fewer features raise an order.

    Of a surrogate the columns are `surrogate_reason_1` and so on, and `surrogate_learnt_here` is True where it learnt
    from the order itself.
    """
    at = np.array([explained.at(place) for place in queue[PLACE].tolist()], np.int64)
    top = top_reasons(explained, at, line, most)
    told = [
        [words.sentence(explained.features[f], explained.rows[a, f]) if f >= 0 else "" for f in row]
        for a, row in zip(at, top, strict=True)
    ]
    fidelity = explained.fidelity
    name = "reason" if fidelity is None else "surrogate_reason"
    columns: dict[str, Any] = {f"{name}_{n + 1}": [row[n] for row in told] for n in range(top.shape[1])}
    if fidelity is not None:
        columns["surrogate_learnt_here"] = fidelity.learnt_here[at]
    return queue.drop(columns=PLACE).assign(**columns)


def covered(saving: Floats, first: int) -> float:
    """Share of all that can be saved which the first orders hold; NaN where nothing can be saved.

    saving: in the order worked. An order that costs more than it saves counts against what came before it.

    >>> covered(np.array([6.0, 3.0, 1.0, -5.0]), 2)
    0.9
    """
    whole = saving[saving > 0].sum()
    return float(saving[:first].sum() / whole) if whole > 0 else float("nan")


def needed_for(saving: Floats, share: float) -> int:
    """How many of the first orders hold that share of what can be saved; all of them where none do.

    >>> needed_for(np.array([6.0, 3.0, 1.0]), 0.9)
    2
    """
    whole = saving[saving > 0].sum()
    reached = np.flatnonzero(np.cumsum(saving) >= share * whole * (1 - 1e-12))
    return int(reached[0]) + 1 if reached.size else len(saving)


def shares_of_saving(parts: Floats, worth: float) -> Floats:
    """Dollars of a figure laid on the parts that raise an order, in proportion: an allocation, not a cause.

    >>> shares_of_saving(np.array([2.0, 1.0, -4.0]), 30.0).tolist()
    [20.0, 10.0, 0.0]
    """
    raised = np.maximum(parts, 0)
    return worth * raised / raised.sum() if raised.sum() > 0 else raised


def reason_codes(treatments: NDArray[np.int8], explained: Explained, line: Reference, most: int = 3) -> dict[int, str]:
    """Row of orders → names of the features that raise a flagged order most against the line, the first one first;
    those of a surrogate begin with "surrogate: ".

    treatments: (orders,) of `policy.treatment`.
    """
    places = np.flatnonzero(treatments)
    at = np.searchsorted(explained.places, places)
    top = top_reasons(explained, at, line, most)
    names = np.array([*explained.features, ""], object)[top]  # -1 is the empty one at the end
    whose = "" if explained.fidelity is None else "surrogate: "
    told = ["; ".join(filter(None, row)) for row in names.tolist()]
    return {place: whose + words if words else "" for place, words in zip(places.tolist(), told, strict=True)}


def codes_of(data: DataSet, treatments: NDArray[np.int8], threshold: float | None) -> dict[int, str] | None:
    """`reason_codes` of a data set at a threshold; None where its scores came with the file and no surrogate is
    faithful enough."""
    try:
        explained = explained_of(data)
    except ModelError:
        return None
    return reason_codes(treatments, explained, reference_at(explained, threshold))
