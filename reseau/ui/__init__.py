"""The Streamlit interface: shell, state, components and one file per page."""
