"""How sure: the policy against the baseline on the same orders, with intervals, and the orders that change sides."""

from pages.shared.start import boxed, open_page
from pages.stress_test.confidence_parts import (
    choose_policies,
    show_bands,
    show_changed_sides,
    show_policies,
    show_verdict,
)

with open_page("confidence", "How sure is that?") as case:
    with boxed():
        show_verdict(case)
        show_bands(case)
    show_policies(case, choose_policies(case))
    show_changed_sides(case)
