"""From the bytes of an order file to a checked table of orders, and a report of all that is wrong with it.

Runs in a child process of its own (`apart.py`), so nothing here imports pandas: it would cost half the start-up.
"""
