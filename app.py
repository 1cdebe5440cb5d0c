"""Cutline. Start it with `make run`."""

from pages.shared.navigation import navigation

navigation().run()
