"""Réseau: the door of the application (`streamlit run app.py`)."""

if __name__ == "__main__":
    # The page, at each rerun.
    from reseau.ui.shell import run

    run()
else:
    # The server, once: the application, and beside it the addresses of the waiting-room screens.
    import streamlit as st

    from reseau.ui.routes import ROUTES

    app = st.App(__file__, routes=ROUTES)
