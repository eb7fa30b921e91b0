"""Every benchmark, one after the other: `python -m benchmarks`."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).parent


def main() -> None:
    for path in sorted(FOLDER.glob("[!_]*.py")):
        print(f"\n== {path.stem}", flush=True)
        subprocess.run([sys.executable, "-m", f"benchmarks.{path.stem}"], cwd=FOLDER.parent, check=False)


if __name__ == "__main__":
    main()
