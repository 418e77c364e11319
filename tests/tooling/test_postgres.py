"""The tests' own PostgreSQL: every test gets a database nobody else has."""

from __future__ import annotations

from sqlalchemy import create_engine, inspect, text

from tests.helpers.postgres import PostgresServer


def _make_table(url: str) -> list[str]:
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE request (number integer)"))
    names = inspect(engine).get_table_names()
    engine.dispose()
    return names


def test_each_database_is_new_and_empty(postgres: PostgresServer) -> None:
    for _ in range(2):
        with postgres.database() as url:
            assert _make_table(url) == ["request"]


def test_two_databases_know_nothing_of_each_other(postgres: PostgresServer, postgres_url: str) -> None:
    with postgres.database() as other:
        assert other != postgres_url
        assert _make_table(postgres_url) == _make_table(other)
