"""The queue is people: what a limit on reviews costs, and what one more reviewer is worth."""

from pages.review.team_parts import choose_rest, offer_team, show_gains, show_not_reached, show_period
from pages.shared.start import open_page

_IDLE = ("api_cost", "loss_aversion", "conversion_rate", "flac_sales_basis")

with open_page("team", "Who reviews all that?", idle=_IDLE) as case:
    rest = choose_rest(case)
    worked = show_period(case, rest)
    offer_team(case, rest, show_gains(case, rest))
    show_not_reached(case, worked, rest)
