"""What somebody in front of a screen would see go wrong, and what the screen weighs in its browser."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.e2e.screen_pages import Television

LOOK = """() => {
  const root = document.scrollingElement;
  const front = document.querySelector('.front');
  return {
    words: front ? front.innerText.trim().length : 0,
    scrolls: root.scrollHeight > innerHeight || root.scrollWidth > innerWidth,
    address: location.href.split('#')[0],
    state: window.ecran ? window.ecran.state() : {},
  };
}"""
SAMPLES = 8
MB = 1_000_000


@dataclass(slots=True)
class Watch:
    """Looks at a television again and again; `wrong`: what a person would have seen, each once."""

    screen: Television
    wrong: set[str] = field(default_factory=set)
    slides: set[str] = field(default_factory=set)
    pages: int = 0
    _address: str = ""

    def __post_init__(self) -> None:
        self.screen.page.on("crash", lambda *_: self.wrong.add("the page crashed"))

    def look(self) -> dict[str, Any]:
        """One look; the state of the player."""
        seen = self.screen.page.evaluate(LOOK)
        self._address = self._address or seen["address"]
        faults = {
            "empty": seen["words"] == 0,
            "scroll bar": seen["scrolls"],
            f"left for {seen['address']}": seen["address"] != self._address,
            "stopped": not seen["state"].get("shown"),
        }
        self.wrong |= {name for name, fault in faults.items() if fault} | set(self.screen.errors)
        self.slides.add(seen["state"].get("slide", ""))
        self.pages = seen["state"].get("shown", 0)
        return dict(seen["state"])

    def during(self, seconds: float, step: float = 0.25) -> None:
        """Look for a while."""
        for _ in range(max(1, round(seconds / step))):
            self.look()
            self.screen.page.wait_for_timeout(step * 1000)

    def until(self, arrived: Callable[[dict[str, Any]], bool], seconds: float) -> bool:
        """Look until the state of the player is what is awaited; False where it never is."""
        for _ in range(round(seconds / 0.25)):
            if arrived(self.look()):
                return True
            self.screen.page.wait_for_timeout(250)
        return False


def weight(screen: Television) -> dict[str, float]:
    """Heap (MB), nodes and listeners after garbage is collected: the least of a few looks.

    Slides differ: the lightest one is what two moments have in common. `process` is the resident memory (MB)
    of the process of the page, the busiest of its browser.
    """
    session = screen.page.context.new_cdp_session(screen.page)
    session.send("Performance.enable")
    found: list[dict[str, float]] = []
    for _ in range(SAMPLES):
        session.send("HeapProfiler.collectGarbage")
        told = session.send("Performance.getMetrics")["metrics"]
        found.append({item["name"]: item["value"] for item in told})
        screen.page.wait_for_timeout(300)
    session.send("Performance.disable")
    session.detach()
    names = {"heap": "JSHeapUsedSize", "nodes": "Nodes", "listeners": "JSEventListeners"}
    least = {short: min(item[name] for item in found) for short, name in names.items()}
    return {**least, "heap": least["heap"] / MB, "process": _process(screen)}


def _process(screen: Television) -> float:
    browser = screen.page.context.browser.new_browser_cdp_session()
    told = browser.send("SystemInfo.getProcessInfo")["processInfo"]
    browser.detach()
    page = max((item for item in told if item["type"] == "renderer"), key=lambda item: item["cpuTime"])
    status = Path(f"/proc/{page['id']}/status").read_text(encoding="ascii")
    line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) * 1024 / MB
