"""``python -m guichet_desktop.ctl``: the same as ``guichetctl``."""

import sys

from . import main

sys.exit(main())
