"""First page and filter changes in a real browser, each beside an empty Streamlit application, same run.

    python -m benchmarks.pages [runs]

Needs Chromium. The server is warm (one visit before counting); every visit has a fresh browser context.
"""

from __future__ import annotations

import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.e2e.browsing import BROWSER, FLAGS

ROOT = Path(__file__).resolve().parent.parent
EMPTY = """
import streamlit as st
st.set_page_config(layout="wide")
st.title("Vide")
on = st.toggle("Filtre")
st.text("oui" if on else "non")
"""
TIMEOUT_MS = 60_000
# The table lives in a component's shadow root.
COUNT_CHANGED = """before => {
  const inside = (node) => node.shadowRoot?.querySelectorAll("button[data-type]").length ?? 0;
  const now = [...document.querySelectorAll("*")].reduce((sum, node) => sum + inside(node), 0);
  return now && now !== before;
}"""


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@contextmanager
def server(script: Path, environment: dict[str, str]) -> Iterator[str]:
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", str(script), "--server.port", str(port),
               "--server.headless", "true", "--browser.gatherUsageStats", "false"]  # fmt: skip
    process = subprocess.Popen(
        command, cwd=ROOT, env=os.environ | environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        for _ in range(300):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=1).close()
                break
            except OSError:
                time.sleep(0.2)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=20)


def first_page(browser: Browser, address: str, ready: str) -> float:
    """Seconds from navigation to `ready` being visible, in a new browser context."""
    context = browser.new_context(viewport={"width": 1366, "height": 768})
    page = context.new_page()
    start = time.perf_counter()
    page.goto(address)
    # The title first: looking inside a component from the start slows the page that is measured.
    page.wait_for_selector("h1", timeout=TIMEOUT_MS)
    page.wait_for_selector(ready, timeout=TIMEOUT_MS)
    seconds = time.perf_counter() - start
    context.close()
    return seconds


def empty_rerun(page: Page) -> float:
    """Seconds for the empty application to answer its only filter."""
    wanted = "non" if page.get_by_text("oui", exact=True).count() else "oui"
    start = time.perf_counter()
    page.locator("[data-testid=stCheckbox] label").first.click()
    page.get_by_text(wanted, exact=True).wait_for(timeout=TIMEOUT_MS)
    return time.perf_counter() - start


def overview_filter(page: Page) -> float:
    """Seconds for the overview's table to show every type, or only the expected ones."""
    rows = page.locator("button[data-type]")
    before = rows.count()
    start = time.perf_counter()
    page.locator("[data-testid=stCheckbox] label").first.click()
    page.wait_for_function(
        COUNT_CHANGED,
        arg=before,
        timeout=TIMEOUT_MS,
    )
    return time.perf_counter() - start


def map_filter(page: Page) -> float:
    """Seconds for the map's page to answer a type chosen or left: map and list."""
    tab = page.get_by_role("tab").first
    before = tab.inner_text()
    clear = page.get_by_test_id("stSelectbox").nth(1).get_by_role("button", name="Effacer")
    if clear.count():
        start = time.perf_counter()
        clear.first.click()
    else:
        box = page.get_by_test_id("stSelectbox").nth(1).locator("input")
        box.click()
        box.fill("CMP")
        page.get_by_role("option").first.wait_for(timeout=TIMEOUT_MS)
        start = time.perf_counter()
        page.keyboard.press("Enter")
    page.wait_for_function(
        "before => document.querySelector('[role=tab]')?.innerText !== before", arg=before, timeout=TIMEOUT_MS
    )
    return time.perf_counter() - start


def median(values: list[float]) -> str:
    return f"{statistics.median(values):6.2f} s   ({min(values):.2f}–{max(values):.2f})"


def main(runs: int = 7) -> None:
    if BROWSER is None:
        raise SystemExit("Chromium n'est pas installé : sudo apt install chromium")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        empty_script = Path(folder) / "vide.py"
        empty_script.write_text(EMPTY, encoding="utf-8")
        environment = {"RESEAU_DATABASE_URL": f"sqlite:///{folder}/demo.db", "RESEAU_TUILES_URL": ""}
        subprocess.run(
            [sys.executable, "-m", "reseau", "demo"], cwd=ROOT, env=os.environ | environment, check=True,
            stdout=subprocess.DEVNULL,
        )  # fmt: skip
        browser = playwright.chromium.launch(executable_path=BROWSER, args=list(FLAGS))
        with server(empty_script, {}) as empty, server(ROOT / "app.py", environment) as reseau:
            first_page(browser, empty, "h1")
            first_page(browser, reseau, "button[data-type]")
            firsts: dict[str, list[float]] = {"vide": [], "demo": []}
            for _ in range(runs):
                firsts["vide"].append(first_page(browser, empty, "h1"))
                firsts["demo"].append(first_page(browser, reseau, "button[data-type]"))
            pages = {name: browser.new_page(viewport={"width": 1366, "height": 768}) for name in "evc"}
            pages["e"].goto(empty)
            pages["v"].goto(reseau)
            pages["c"].goto(f"{reseau}/carte")
            pages["e"].wait_for_selector("h1")
            pages["v"].wait_for_selector("button[data-type]", timeout=TIMEOUT_MS)
            pages["c"].wait_for_selector("[role=tab]", timeout=TIMEOUT_MS)
            time.sleep(5)
            changes: dict[str, list[float]] = {"vide": [], "tableau": [], "carte": []}
            for _ in range(runs):
                changes["vide"].append(empty_rerun(pages["e"]))
                changes["tableau"].append(overview_filter(pages["v"]))
                changes["carte"].append(map_filter(pages["c"]))
        browser.close()
    ratio = statistics.median(firsts["demo"]) / statistics.median(firsts["vide"])
    print(f"première page, application vide      {median(firsts['vide'])}")
    print(f"première page, démonstration         {median(firsts['demo'])}   rapport {ratio:.2f}")
    base = statistics.median(changes["vide"])
    print(f"filtre, application vide             {median(changes['vide'])}")
    for name, label in (
        ("tableau", "filtre, tableau des états            "),
        ("carte", "filtre, carte                        "),
    ):
        print(f"{label}{median(changes[name])}   rapport {statistics.median(changes[name]) / base:.2f}")


if __name__ == "__main__":
    main(*(int(value) for value in sys.argv[1:2]))
