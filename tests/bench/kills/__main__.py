"""``python -m tests.bench.kills RUNS [--seed N]``: so many deaths; one JSON object tells how they went."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

from .campaign import campaign


def main() -> int:
    """Run a campaign."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.kills", description=__doc__)
    parser.add_argument("runs", type=int)
    parser.add_argument("--seed", type=int, default=1976)
    parser.add_argument("--workers", type=int, default=2, help="runs at the same time")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="guichet-kills-") as folder:
        tally = campaign(Path(folder), options.runs, options.seed, options.workers)
    sys.stdout.write(json.dumps(asdict(tally), ensure_ascii=False) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
