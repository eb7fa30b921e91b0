"""Where to go next: what would change, where to hold services, in which order to walk. Pure."""
