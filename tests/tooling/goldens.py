"""Renew the kept pictures of the gallery: ``python -m tests.tooling.goldens --write``. Look at them before you commit."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from guichet_desktop.gallery.run import FAMILIES, picture
from guichet_desktop.offscreen import application
from guichet_desktop.theme.look import Look
from tests.helpers.goldens import FOLDER, keep
from tests.helpers.looks import KEPT_WEARS


def main() -> int:
    """Take every picture anew; the exit status."""
    if sys.argv[1:] != ["--write"]:
        print(__doc__)
        return 2
    with tempfile.TemporaryDirectory() as folder:
        app = application(Path(folder))
        look = Look(app)
        for old in FOLDER.glob("*.png"):
            old.unlink()
        for wear in KEPT_WEARS:
            for family in FAMILIES:
                keep(f"{family.name}-{wear.title}", picture(app, look, wear, family))
    size = sum(each.stat().st_size for each in FOLDER.glob("*.png"))
    print(f"{len(KEPT_WEARS) * len(FAMILIES)} pictures, {size / 1e6:.1f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
