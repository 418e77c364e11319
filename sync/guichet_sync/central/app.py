"""The HTTP application: composition root of the server."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager

from fastapi import FastAPI

from . import courier, routes
from .database import SERVING_WAIT_S, open_engine
from .flights import Flights
from .hints import ENDING, Hints
from .limits import LastResort, Limits, Rates
from .migrate import check_current
from .proofs import Proofs
from .readers import Readers
from .replies import install_errors
from .settings import MAX_REQUEST_BYTES, Settings
from .snapshots import Snapshots


def create_app(settings: Settings) -> FastAPI:
    """The application on an initialised, up-to-date database.

    :raises NotFound: ``not_initialised``. :raises StoreError: ``schema_out_of_date`` or ``schema_newer``.
    """
    engine = open_engine(settings.database_url, SERVING_WAIT_S)
    with ExitStack() as undo:
        undo.callback(engine.dispose)
        check_current(engine)
        snapshots = Snapshots(engine, settings.snapshots)
        undo.pop_all()

    hints = Hints(engine, settings.manners)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[dict[str, object]]:
        async with hints.running():
            yield {ENDING: hints.end}
        engine.dispose()

    app = FastAPI(title="Guichet central", version="1", lifespan=lifespan, docs_url=None, redoc_url=None)
    rates = Rates(settings.burst)
    app.state.service = routes.Service(settings, engine, snapshots, Proofs(engine), hints, rates, Readers(engine), Flights())
    app.add_middleware(Limits, limit=MAX_REQUEST_BYTES, most=settings.most_under_way)
    app.add_middleware(LastResort)
    app.include_router(routes.router)
    app.include_router(courier.router)
    install_errors(app)
    return app
