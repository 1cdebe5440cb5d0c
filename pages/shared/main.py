"""What every visit runs: the bar, and the page the address names."""

from pages.shared.navigation import navigation

navigation().run()
