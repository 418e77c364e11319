"""The offline-first core of Guichet: both ends of the wire."""
