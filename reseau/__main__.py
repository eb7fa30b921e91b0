"""`python -m reseau`."""

import io
import signal
import sys


def _run() -> int:
    # A closed pipe (`| head`) is not an error.
    if hasattr(signal, "SIGPIPE"):
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    # One encoding everywhere (JSON is UTF-8), and no name of file or place that cannot be printed.
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding=None if stream.isatty() else "utf-8", errors="backslashreplace")
    try:
        from reseau.cli import main

        return main()
    except KeyboardInterrupt:
        # While libraries load, or while the answer is written: the command itself says it (see `main`).
        return 130


if __name__ == "__main__":
    sys.exit(_run())
