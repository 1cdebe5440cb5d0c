"""Scenarios: save the view under a name, compare, load, delete; who did what, when and why."""

from pages.brief.scenarios_parts import save_this, show_log, show_scenarios
from pages.shared.start import open_page

with open_page("scenarios", "Which policy, and who decided it?") as case:
    save_this(case.source)
    show_scenarios(case.source)
    show_log()
