"""The page of decisions: what if, where to go, rounds."""
