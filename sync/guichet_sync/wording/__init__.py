"""Words for people: one gettext catalogue for screens, commands, web pages and e-mails alike.

Source strings are French, with Québec typography; English is complete. Code elsewhere hands over reason codes and values.
"""

from .catalogue import Explanation, Words
from .reason import N_

__all__ = ["Explanation", "N_", "Words"]
