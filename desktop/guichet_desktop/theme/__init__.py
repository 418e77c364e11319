"""One look for the whole product: tokens become a palette and a style sheet. Code names roles, never colours."""

from .theme import Theme, load_theme

__all__ = ["Theme", "load_theme"]
