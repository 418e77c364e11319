"""What the workers of uvicorn load. Settings come by the environment: a URL may hold a password, and arguments are public."""

from __future__ import annotations

import os
from pathlib import Path

from fastapi import FastAPI

from .app import create_app
from .settings import Settings


def create() -> FastAPI:
    """The application."""
    return create_app(Settings(os.environ["GUICHET_DATABASE_URL"], Path(os.environ["GUICHET_DATA"])))
