"""The case a page is about: policy and baseline on the loaded orders at the reader's prices, and what makes a month."""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.assumptions import Assumptions
from core.columns import SCORE
from core.explaining.explain import Reference
from core.explaining.why import Explanations
from core.number_format import count, dollars_short
from core.policy import BY_SCORE, Policy
from core.pricing.applied import Applied, Case
from core.pricing.cube import totals_of
from core.pricing.curve import month_factor
from core.showing.figure_words import FIGURES
from core.showing.link import View
from core.showing.view_policies import policies_of_view
from pages.shared import cached
from pages.shared.cached import Source


@dataclass(frozen=True)
class Month:
    """What turns the period's dollars and counts into a month of 30 days. factor: 1 where the orders carry no times;
    then words is "", else " a month"."""

    factor: float
    words: str

    def dollars(self, value: float, *, plus: str = "") -> str:
        """Dollars of the period as a month's."""
        return dollars_short(self.factor * value, plus=plus)

    def count(self, value: float) -> str:
        """A number of orders of the period as a month's."""
        return count(self.factor * value)

    def figure(self, name: str, value: float) -> str:
        """A figure as people read it: a month's where it grows with the period."""
        row = FIGURES[name]
        return row.words(self.factor * value if row.monthly else value)

    def scale(self, name: str) -> float:
        """What a figure is multiplied with to be a month's."""
        return self.factor if FIGURES[name].monthly else 1.0

    def of(self, name: str) -> str:
        """ " a month" behind the name of a figure that grows with the period."""
        return self.words if FIGURES[name].monthly else ""


@dataclass(frozen=True)
class Opened:
    """What a page opens with. prices: as in the panel. case: policy and baseline applied to the orders. link: what the
    page adds to the address."""

    source: Source
    prices: Assumptions
    view: View
    case: Case
    month: Month
    link: dict[str, str] = field(default_factory=dict)

    @property
    def policy(self) -> Applied:
        """The policy on these orders."""
        return self.case.policy

    @property
    def baseline(self) -> Applied | None:
        """What it is compared with; None is approving everything."""
        return self.case.baseline

    @property
    def orders(self) -> pd.DataFrame:
        """The scored orders; kept, so never to be changed."""
        return self.case.policy.orders

    @property
    def treatments(self) -> NDArray[np.int8]:
        """(orders,) what becomes of each."""
        return self.case.policy.treatments

    @property
    def explanations(self) -> Explanations | None:
        """What says why; None where nothing can."""
        return cached.explanations(self.source, self.policy.policy.rules)

    @property
    def why_not(self) -> str:
        """Why nothing says why, in a sentence; "" where something does."""
        return cached.why_not(self.source, self.policy.policy.rules)

    @property
    def reference(self) -> Reference:
        """What orders at the threshold look like; only where there are explanations."""
        return cached.reference(self.source, self.policy.policy.rules, self.reference_threshold)

    @property
    def reference_threshold(self) -> float | None:
        """The score that reasons are measured against: of the lowest-scored order that is reviewed or declined; the
        review threshold where orders are ranked by score and have one threshold."""
        policy = self.policy.policy
        if policy.ranked_by == BY_SCORE and not policy.review_in:
            return policy.review
        held = self.orders[SCORE].to_numpy(np.float64)[self.treatments > 0]
        return float(held.min()) if held.size else None

    @property
    def against(self) -> str:
        """What the policy is compared with, in words."""
        return "approving everything" if self.baseline is None else "the baseline"

    def applied(self, policy: Policy) -> Applied:
        """Another policy on the same orders at the same prices."""
        return cached.applied(self.source, self.prices, policy)


def case_of(source: Source, prices: Assumptions, policy: Policy, baseline: Policy | None) -> Case:
    """The two policies on these orders."""
    other = None if baseline is None else cached.applied(source, prices, baseline)
    return Case(cached.applied(source, prices, policy), other)


def opened(source: Source, view: View, link: dict[str, str] | None = None) -> Opened:
    """The case a view means on these orders. PolicyError where its policy does not fit them. link: of `Opened`."""
    policies = policies_of_view(cached.cube(source), view)
    case = case_of(source, view.prices, *policies)
    return Opened(source, view.prices, view, case, month_of(source), {} if link is None else link)


def month_of(source: Source) -> Month:
    """What makes a month of these orders."""
    cube = cached.cube(source)
    factor = month_factor(totals_of(cube))
    return Month(factor or 1.0, "" if cube.days is None else " a month")
