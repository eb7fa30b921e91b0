"""One file per command, each with its `COMMAND`."""
