"""The guided tour: the real window through a real call with the real server, by keyboard alone, a picture of each step."""

from .hands import Hands, live, picture_of, until

__all__ = ["Hands", "live", "picture_of", "until"]
