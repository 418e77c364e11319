"""What uvicorn's workers load: the application of the environment's settings (a URL may hold a password: no argument shows it)."""

from __future__ import annotations

import os
from pathlib import Path

from fastapi import FastAPI

from .app import create_app
from .settings import Settings


def create() -> FastAPI:
    """The application."""
    return create_app(Settings(os.environ["GUICHET_DATABASE_URL"], Path(os.environ["GUICHET_DATA"])))
