"""What others may carry: intents signed by their author's enrolment (Ed25519) and sealed to the server (X25519, libsodium's
sealed box). Who carries a box can neither read nor change it, nor tell whose it is. No I/O.

Keys, public and secret, are the base64 of 32 bytes, as they travel and are kept.
"""

from __future__ import annotations

import base64
import binascii

from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox
from nacl.signing import SigningKey, VerifyKey

from guichet_sync.domain.errors import BadReply

from . import codec
from .messages import IntentBatch, SealedBatch

MAX_BOX_BYTES = 768 * 1024
"""Of a sealed box: 1 MiB as base64, hence one alone still is a batch. A larger intent waits for its author."""
_KEY_BYTES = 32


def new_signing_secret() -> str:
    """The secret key of an enrolment."""
    return _text(bytes(SigningKey.generate()))


def signing_key(secret: str) -> str:
    """The public key that proves what ``secret`` signed."""
    return _text(bytes(SigningKey(_key(secret)).verify_key))


def new_sealing_secret() -> str:
    """The secret key of a server."""
    return _text(bytes(PrivateKey.generate()))


def sealing_key(secret: str) -> str:
    """The public key to which is sealed what ``secret`` opens."""
    return _text(bytes(PrivateKey(_key(secret)).public_key))


def is_key(text: str) -> bool:
    """Whether ``text`` has the form of a key."""
    try:
        return bool(_key(text))
    except BadReply:
        return False


def is_sealing_key(text: str) -> bool:
    """Whether something can be sealed to ``text``: of some keys everybody knows the secret, libsodium takes none of them."""
    try:
        return bool(_sealed(b"", text))
    except BadReply:
        return False


def seal(batch: IntentBatch, signing_secret: str, to: str) -> bytes:
    """The box of a batch, signed, that only the server of the key ``to`` opens.

    :raises BadReply: ``box_unreadable``: that is no such key.
    """
    text = codec.encode(batch).decode()
    signature = SigningKey(_key(signing_secret)).sign(text.encode()).signature
    return _sealed(codec.encode(SealedBatch(text, _text(signature))), to)


def unseal(box: bytes, sealing_secret: str) -> SealedBatch:
    """What is in a box: not yet proved to be anybody's.

    :raises BadReply: ``box_unreadable``: it was sealed to another key, changed on its way, or is no box of ours.
    """
    try:
        return codec.decode(SealedBox(PrivateKey(_key(sealing_secret))).decrypt(box), SealedBatch)
    except (CryptoError, BadReply):
        raise BadReply("box_unreadable") from None


def is_signed(sealed: SealedBatch, key: str) -> bool:
    """Whether the enrolment of this public key signed the batch."""
    try:
        VerifyKey(_key(key)).verify(sealed.batch.encode(), from_text(sealed.signature))
    except (CryptoError, BadReply, ValueError):
        return False
    return True


def to_text(box: bytes) -> str:
    """A box as it travels."""
    return _text(box)


def from_text(text: str) -> bytes:
    """The bytes of a base64 text.

    :raises BadReply: ``box_unreadable`` if it is none.
    """
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise BadReply("box_unreadable") from None


def _sealed(data: bytes, to: str) -> bytes:
    try:
        return SealedBox(PublicKey(_key(to))).encrypt(data)
    except CryptoError:
        raise BadReply("box_unreadable") from None


def _key(text: str) -> bytes:
    key = from_text(text)
    if len(key) != _KEY_BYTES:
        raise BadReply("box_unreadable")
    return key


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()
