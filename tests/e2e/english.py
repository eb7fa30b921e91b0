"""Finds English left on a page: visible words, and what is said on hover or to a screen reader."""

from __future__ import annotations

import re
from typing import Any

# Every text node and spoken attribute, shadow trees included; hidden elements are nobody's reading.
COLLECT = """() => {
  const SPOKEN = ["aria-label", "aria-valuetext", "aria-roledescription", "title", "placeholder", "alt"];
  const found = [];
  const visit = (root) => {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
    for (let node = walker.currentNode; node; node = walker.nextNode()) {
      if (node.nodeType === Node.TEXT_NODE) {
        const parent = node.parentElement;
        if (!parent || parent.closest("style, script, noscript, [translate=no]")) continue;
        if (node.nodeValue.trim() && parent.checkVisibility()) found.push(node.nodeValue.trim());
      } else if (node.nodeType === Node.ELEMENT_NODE) {
        for (const name of SPOKEN) {
          const value = node.getAttribute(name);
          if (value && node.tagName !== "STYLE") found.push(value);
        }
        if (node.shadowRoot) visit(node.shadowRoot);
      }
    }
  };
  visit(document.documentElement);
  return [...new Set(found)];
}"""

# Words that French does not have, among those that Streamlit, its widgets and Leaflet write.
WORDS = frozenset(
    [
        "about",
        "above",
        "across",
        "activate",
        "already",
        "and",
        "any",
        "apply",
        "april",
        "are",
        "ascending",
        "attach",
        "august",
        "autosize",
        "available",
        "back",
        "below",
        "browse",
        "cancel",
        "cannot",
        "changes",
        "checkbox",
        "choose",
        "chosen",
        "clear",
        "click",
        "close",
        "collapse",
        "column",
        "columns",
        "connecting",
        "contains",
        "copied",
        "copy",
        "currently",
        "day",
        "days",
        "december",
        "decrement",
        "delete",
        "deploy",
        "descending",
        "dismiss",
        "download",
        "drag",
        "drop",
        "dropdown",
        "each",
        "element",
        "empty",
        "end",
        "enter",
        "entry",
        "error",
        "every",
        "expand",
        "failed",
        "feature",
        "february",
        "fewer",
        "file",
        "files",
        "filled",
        "filter",
        "find",
        "found",
        "friday",
        "from",
        "fullscreen",
        "heading",
        "help",
        "here",
        "hidden",
        "hide",
        "home",
        "increment",
        "invalid",
        "it's",
        "january",
        "july",
        "june",
        "keyboard",
        "larger",
        "last",
        "layers",
        "learn",
        "leave",
        "less",
        "link",
        "loading",
        "made",
        "make",
        "march",
        "matches",
        "maximum",
        "minimum",
        "missing",
        "monday",
        "month",
        "months",
        "more",
        "move",
        "must",
        "new",
        "next",
        "no",
        "none",
        "not",
        "nothing",
        "november",
        "now",
        "october",
        "of",
        "off",
        "only",
        "open",
        "opened",
        "opens",
        "order",
        "other",
        "password",
        "paste",
        "please",
        "press",
        "previous",
        "print",
        "reached",
        "redo",
        "refresh",
        "remove",
        "rerun",
        "reset",
        "resize",
        "result",
        "results",
        "right",
        "row",
        "rows",
        "run",
        "running",
        "saturday",
        "save",
        "screencast",
        "scroll",
        "search",
        "select",
        "selected",
        "selection",
        "september",
        "settings",
        "show",
        "sidebar",
        "size",
        "skip",
        "slider",
        "smaller",
        "sort",
        "start",
        "started",
        "step",
        "stop",
        "streamlit",
        "submit",
        "success",
        "sunday",
        "the",
        "theme",
        "then",
        "there",
        "this",
        "thumb",
        "thursday",
        "time",
        "today",
        "toggle",
        "too",
        "toolbar",
        "try",
        "tuesday",
        "unavailable",
        "undo",
        "unpin",
        "unsaved",
        "update",
        "upload",
        "uploaded",
        "use",
        "value",
        "values",
        "view",
        "warning",
        "was",
        "wednesday",
        "week",
        "weeks",
        "what",
        "when",
        "will",
        "window",
        "with",
        "year",
        "years",
        "yes",
        "you",
        "your",
    ]
)
PHRASES = ("Main menu", "Enter to", "Zoom in", "Zoom out", "App pages")


def english_in(texts: list[str]) -> list[str]:
    """Those of `texts` that hold an English word."""
    return [
        text
        for text in texts
        if WORDS & set(re.findall(r"[a-zà-öø-ÿœ'’-]+", text.lower())) or any(p in text for p in PHRASES)
    ]


def spoken(page: Any) -> list[str]:
    """Everything a page and its frames say."""
    return [text for frame in page.frames for text in frame.evaluate(COLLECT)]
