from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import requests
from sqlalchemy import func, select, update

from guichet_sync.central import identity, schema
from guichet_sync.central.database import reading, writing
from guichet_sync.central.demo import PASSWORD
from guichet_sync.protocol import codec
from guichet_sync.protocol.messages import Enrolled, EnrolmentRequest, Hello, TokenRequest
from tests.helpers.central import AGENT, SECOND_AGENT, CentralServer
from tests.helpers.wire import Post, code_of, post

ASKED = EnrolmentRequest(AGENT, PASSWORD, "post-1", "Comptoir 4", 1, 1)


def _try(central: CentralServer, **changes: object) -> requests.Response:
    return post(central.url, "/v1/enrolments", replace(ASKED, **changes))  # type: ignore[arg-type]


def test_the_server_says_who_it_is(any_central: CentralServer) -> None:
    said = codec.decode(requests.get(f"{any_central.url}/v1/hello", timeout=30).content, Hello)
    assert (said.tenant, said.city, said.oldest) == ("val-des-ormes", "Ville de Val-des-Ormes", 1)
    assert abs(said.server_time - datetime.now(UTC)) < timedelta(minutes=1)


def test_each_enrolment_has_a_code_that_is_never_given_again(any_central: CentralServer) -> None:
    with ThreadPoolExecutor(4) as posts:
        codes = [reply.json()["code"] for reply in posts.map(lambda _: _try(any_central), range(4))]
    with writing(any_central.engine) as connection:
        identity.revoke(connection, "val-des-ormes", max(codes))
    codes.append(_try(any_central).json()["code"])
    assert sorted(codes) == ["A01", "A02", "A03", "A04", "A05"]


def test_a_wrong_password_and_an_unknown_name_are_refused_alike(any_central: CentralServer) -> None:
    for refused in (_try(any_central, password="faux"), _try(any_central, user="personne")):
        assert (refused.status_code, refused.json()) == (401, {"code": "sign_in_refused", "values": {}})


def test_wrong_passwords_in_a_row_are_slowed_down_and_a_right_one_is_forgiven(any_central: CentralServer) -> None:
    for _ in range(3):
        assert code_of(_try(any_central, password="faux")) == "sign_in_refused"
    assert _try(any_central).status_code == 200
    for _ in range(5):
        assert code_of(_try(any_central, password="faux")) == "sign_in_refused"
    blocked = _try(any_central)
    assert (blocked.status_code, code_of(blocked), blocked.headers["Retry-After"]) == (429, "too_many_attempts", "2")
    assert _try(any_central, user=SECOND_AGENT).status_code == 200
    with writing(any_central.engine) as connection:
        connection.execute(update(schema.person).values(blocked_until=datetime.now(UTC)))
    assert _try(any_central).status_code == 200
    assert code_of(_try(any_central, password="faux")) == "sign_in_refused"


def test_the_longest_block_is_five_minutes(central: CentralServer) -> None:
    with writing(central.engine) as connection:
        connection.execute(update(schema.person).values(failures=10_000))
    _try(central, password="faux")
    assert 290 < int(_try(central).headers["Retry-After"]) <= 300


def test_a_disabled_account_is_told_so_only_by_its_own_password(any_central: CentralServer) -> None:
    known = Post.enrol(any_central.url, AGENT)
    with writing(any_central.engine) as connection:
        identity.disable(connection, known.enrolled.tenant, AGENT)
    assert code_of(_try(any_central)) == "account_disabled"
    assert code_of(_try(any_central, password="faux")) == "sign_in_refused"
    assert code_of(known.get("/v1/snapshots", params={"space": "kb"})) == "account_disabled"
    renewed = post(any_central.url, "/v1/tokens", TokenRequest(known.enrolled.enrolment, known.enrolled.secret))
    assert code_of(renewed) == "account_disabled"


def test_a_token_needs_the_secret_and_the_password_where_one_is_given(any_central: CentralServer) -> None:
    mine = Post.enrol(any_central.url, AGENT).enrolled
    for asked, code in (
        (TokenRequest(mine.enrolment, "faux"), "sign_in_refused"),
        (TokenRequest("personne", mine.secret), "sign_in_refused"),
        (TokenRequest("\x00", mine.secret), "sign_in_refused"),
        (TokenRequest(mine.enrolment, mine.secret, "faux"), "sign_in_refused"),
    ):
        assert code_of(post(any_central.url, "/v1/tokens", asked)) == code
    assert post(any_central.url, "/v1/tokens", TokenRequest(mine.enrolment, mine.secret, PASSWORD)).status_code == 200


def test_a_token_ends_and_those_that_ended_are_forgotten(any_central: CentralServer) -> None:
    mine = Post.enrol(any_central.url, AGENT)
    with writing(any_central.engine) as connection:
        connection.execute(update(schema.token).values(expires_at=datetime.now(UTC) - timedelta(seconds=1)))
    assert code_of(mine.get("/v1/snapshots", params={"space": "kb"})) == "token_expired"
    post(any_central.url, "/v1/tokens", TokenRequest(mine.enrolled.enrolment, mine.enrolled.secret))
    with reading(any_central.engine) as connection:
        assert connection.execute(select(func.count()).select_from(schema.token)).scalar_one() == 1


def test_a_token_of_an_enrolment_that_is_gone_opens_nothing(central: CentralServer) -> None:
    mine = Post.enrol(central.url, AGENT)
    with writing(central.engine) as connection:
        connection.execute(schema.enrolment.delete())
    assert code_of(mine.get("/v1/snapshots", params={"space": "kb"})) == "token_expired"


@pytest.mark.parametrize("authorization", ["", "Bearer", "Bearer ", "Basic bWdhZ25vbjpn", "Bearer faux", "Bearer a b"])
def test_only_a_bearer_token_in_the_header_opens(central: CentralServer, authorization: str) -> None:
    headers = {"Authorization": authorization} if authorization else {}
    token = Post.enrol(central.url, AGENT).token
    reply = requests.get(f"{central.url}/v1/snapshots?space=kb&token={token}", headers=headers, timeout=30)
    assert (reply.status_code, code_of(reply)) == (401, "token_expired")


def test_nothing_that_opens_is_kept_in_the_clear(any_central: CentralServer) -> None:
    mine = Post.enrol(any_central.url, AGENT)
    with reading(any_central.engine) as connection:
        kept = "".join(repr(row) for table in schema.metadata.sorted_tables for row in connection.execute(select(table)).all())
    for secret in (PASSWORD, mine.enrolled.secret, mine.token):
        assert secret not in kept


def test_a_post_that_shares_no_version_is_told_so(central: CentralServer) -> None:
    reply = _try(central, oldest=7, newest=9)
    assert (reply.status_code, reply.json()) == (426, {"code": "protocol_mismatch", "values": {"ours": 1, "theirs": 9}})


@pytest.mark.parametrize("field", ["user", "post", "post_name"])
@pytest.mark.parametrize("value", ["", "\x00", "\x1b[2J", "a" * 201])
def test_names_that_are_no_names_are_refused(central: CentralServer, field: str, value: str) -> None:
    reply = _try(central, **{field: value})
    assert (reply.status_code, code_of(reply)) == (422, "request_shape")


def test_an_enrolment_tells_the_post_all_it_needs(central: CentralServer) -> None:
    given = codec.decode(_try(central).content, Enrolled)
    assert (given.person.name, given.protocol, given.timezone) == (AGENT, 1, "America/Toronto")
