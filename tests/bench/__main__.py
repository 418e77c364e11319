"""``python -m tests.bench [NAME]``: run one bench, or all of them."""

from __future__ import annotations

import argparse
import importlib
import sys

BENCHES = ("start", "latency", "frames", "sync", "faults")


def main(arguments: list[str] | None = None) -> int:
    """Run the benches named, in their order."""
    parser = argparse.ArgumentParser(prog="dev.py bench", description=__doc__)
    parser.add_argument("name", nargs="?", choices=BENCHES)
    parser.add_argument("--scale", type=float, default=1.0, help="fraction of the design sizes (1 is the real measure)")
    parser.add_argument("--part", help="one part alone of a bench that has several")
    options = parser.parse_args(arguments)
    for name in [options.name] if options.name else BENCHES:
        sys.stdout.write(f"\n{name}\n")
        bench = importlib.import_module(f"tests.bench.{name}")
        if options.part is None:
            bench.run(options.scale)
        elif options.part in getattr(bench, "PARTS", ()):
            bench.run(options.scale, options.part)
        else:
            parser.error(f"{name} has no part {options.part!r}, but: {', '.join(getattr(bench, 'PARTS', ())) or 'none'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
