"""One measure per file, found by discovery."""
