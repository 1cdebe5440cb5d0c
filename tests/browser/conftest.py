"""The real app in headless Chromium. Skipped, with the reason, where no Chromium is installed."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).parent.parent.parent
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
ARGUMENTS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = [item for item in items if Path(__file__).parent in item.path.parents]
    for item in here:
        item.add_marker(pytest.mark.browser)
        if CHROMIUM is None:
            item.add_marker(pytest.mark.skip(reason="no Chromium: install it, or name it in CHROMIUM"))


@contextmanager
def serving(script: str, orders: str = "sample") -> Iterator[str]:
    """The address of a Streamlit server of its own, up and healthy."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", script, "--server.headless=true", f"--server.port={port}"]
    variables = os.environ | {"CUTLINE_ORDERS": orders, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        [*command, "--server.address=127.0.0.1"], cwd=ROOT, env=variables, stdout=subprocess.DEVNULL
    ) as server:
        try:
            _wait_until_healthy(f"http://127.0.0.1:{port}/_stcore/health")
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()


def _wait_until_healthy(address: str) -> None:
    for _ in range(300):
        try:
            with urllib.request.urlopen(address, timeout=2):
                return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError(f"no answer from {address}")


@pytest.fixture(scope="session")
def sample() -> str:
    """The sample data set, built where it is missing."""
    subprocess.run([sys.executable, "-m", "core", "build", "sample", "--if-missing"], cwd=ROOT, check=True, stdout=-3)
    return "sample"


@pytest.fixture(scope="session")
def app(sample: str) -> Iterator[str]:
    """The address of the app on the sample."""
    with serving("app.py") as address:
        yield address


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        yield browser
        browser.close()


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A fresh session on a desk's screen; a fault in its scripts fails the test."""
    context = chromium.new_context(viewport={"width": 1440, "height": 900})
    page, faults = context.new_page(), []
    page.on("pageerror", lambda fault: faults.append(str(fault)))
    yield page
    context.close()
    assert faults == []
