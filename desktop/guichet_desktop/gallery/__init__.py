"""Every part of the screens in every state, theme, size and language: to be looked at, and compared with kept pictures."""
