"""Where this application answers, as the browser of the person knows it."""

from __future__ import annotations

from urllib.parse import urlsplit

import streamlit as st


def base_path() -> str:
    """Folder the application is served under, without a final slash; empty for the root."""
    base = str(st.get_option("server.baseUrlPath") or "").strip("/")
    return f"/{base}" if base else ""


def application() -> str:
    """Address of the application, without a final slash; empty where the browser did not say."""
    parts = urlsplit(st.context.url or "")
    return f"{parts.scheme}://{parts.netloc}{base_path()}" if parts.netloc else ""


def of_screen(key: str) -> str:
    """Full address of a screen."""
    return f"{application()}/ecran/{key}/"


def is_local(address: str) -> bool:
    """Whether only this very machine can open an address."""
    return urlsplit(address).hostname in {"localhost", "127.0.0.1", "::1"}
