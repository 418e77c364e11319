"""The first tables. Tenant and space stand in every primary and unique key."""

from typing import Any

from alembic import op
from sqlalchemy import BigInteger, Boolean, Column, DateTime, Integer, Text

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make them all."""
    _server()
    _feeds()
    _intake()
    _identity()


def _server() -> None:
    _table(
        "instance",
        _key("space"),
        _text("id"),
        _text("city_fr"),
        _text("city_en"),
        _text("timezone"),
        Column("restores", Integer, nullable=False),
        Column("demonstration", Boolean, nullable=False),
    )
    _table("counter", _key("space"), _key("name"), Column("last", BigInteger, nullable=False))
    _table("number", _key("space"), _key("number"), _text("request_id"), _text("request_space"))
    op.create_index("number_request", "number", ["tenant", "space", "request_id"])


def _feeds() -> None:
    _table("space", _key("space"), Column("head", BigInteger, nullable=False))
    _table(
        "feed",
        _key("space"),
        Column("seq", BigInteger, primary_key=True, autoincrement=False),
        _text("kind"),
        _text("id"),
        Column("revision", Integer, nullable=False),
        _text("operation"),
        _text("intent"),
    )
    _table(
        "record",
        _key("space"),
        _key("kind"),
        _key("id"),
        Column("revision", Integer, nullable=False),
        _text("body"),
    )


def _intake() -> None:
    _table(
        "intent",
        _key("space"),
        _key("intent_id"),
        _text("kind"),
        _text("body_sha256"),
        _text("body"),
        _instant("received_at"),
        _text("receipt"),
    )
    _table(
        "answer",
        _key("space"),
        _key("intent_id"),
        _text("interaction_id"),
        _text("article"),
        _text("category"),
        _text("channel"),
        _text("language"),
        _instant("answered_at"),
    )


def _identity() -> None:
    _table(
        "person",
        _key("space"),
        _key("name"),
        _text("display"),
        _text("role"),
        _text("service"),
        _text("password_hash"),
        Column("disabled", Boolean, nullable=False),
        Column("failures", Integer, nullable=False),
        Column("blocked_until", DateTime(timezone=True)),
    )
    _table(
        "enrolment",
        _key("space"),
        _key("id"),
        _text("person"),
        _text("post"),
        _text("post_name"),
        _text("code"),
        _text("secret_sha256"),
        _instant("enrolled_at"),
        Column("revoked", Boolean, nullable=False),
    )
    op.create_index("enrolment_code", "enrolment", ["tenant", "space", "code"], unique=True)
    _table("token", _key("space"), _key("sha256"), _text("enrolment"), _instant("expires_at"))


def _table(name: str, *columns: Column[Any]) -> None:
    op.create_table(name, _key("tenant"), *columns)


def _key(name: str) -> Column[str]:
    return Column(name, Text, primary_key=True)


def _text(name: str) -> Column[str]:
    return Column(name, Text, nullable=False)


def _instant(name: str) -> Column[Any]:
    return Column(name, DateTime(timezone=True), nullable=False)
