"""`python -m reseau`."""

import signal
import sys

from reseau.cli import main

if __name__ == "__main__":
    # A closed pipe (`| head`) is not an error.
    if hasattr(signal, "SIGPIPE"):
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    sys.exit(main())
