"""`python -m reseau`."""

import io
import signal
import sys

from reseau.cli import main

if __name__ == "__main__":
    # A closed pipe (`| head`) is not an error.
    if hasattr(signal, "SIGPIPE"):
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    # One encoding everywhere (JSON is UTF-8), and no name of file or place that cannot be printed.
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding=None if stream.isatty() else "utf-8", errors="backslashreplace")
    sys.exit(main())
