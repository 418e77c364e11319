"""A box opens for the server alone, and proves whose it is."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from guichet_sync.domain.errors import BadReply
from guichet_sync.protocol import codec, sealing
from guichet_sync.protocol.messages import IntentBatch, IntentEnvelope

BATCH = IntentBatch(
    (IntentEnvelope("i", "e", "k", "l", '{"a":"zygomatique"}', "", datetime(2026, 11, 24, tzinfo=UTC)),),
    datetime(2026, 11, 24, 1, tzinfo=UTC),
)


def test_what_is_sealed_comes_out_as_it_was_for_the_holder_of_the_secret_alone() -> None:
    server, author = sealing.new_sealing_secret(), sealing.new_signing_secret()
    box = sealing.seal(BATCH, author, sealing.sealing_key(server))
    assert b"zygomatique" not in box
    sealed = sealing.unseal(box, server)
    assert codec.decode(sealed.batch, IntentBatch) == BATCH
    assert sealing.is_signed(sealed, sealing.signing_key(author))
    assert not sealing.is_signed(sealed, sealing.signing_key(sealing.new_signing_secret()))
    with pytest.raises(BadReply, match="box_unreadable"):
        sealing.unseal(box, sealing.new_sealing_secret())


def test_two_boxes_of_the_same_are_not_alike() -> None:
    key, author = sealing.sealing_key(sealing.new_sealing_secret()), sealing.new_signing_secret()
    assert sealing.seal(BATCH, author, key) != sealing.seal(BATCH, author, key)


@pytest.mark.parametrize("text", ["", "Ym94", "é", "A" * 43, "A" * 45, " " + "A" * 43 + "="])
def test_what_is_no_key_is_none(text: str) -> None:
    assert not sealing.is_key(text)
    assert sealing.is_key("A" * 43 + "=")


def test_a_key_that_seals_nothing_is_refused_before_anything_is_sealed() -> None:
    weak = "A" * 43 + "="  # all zero bytes: libsodium has no shared secret with it
    with pytest.raises(BadReply, match="box_unreadable"):
        sealing.seal(BATCH, sealing.new_signing_secret(), weak)
    assert not sealing.is_sealing_key(weak)
    assert sealing.is_sealing_key(sealing.sealing_key(sealing.new_sealing_secret()))
