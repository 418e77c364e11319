from __future__ import annotations

import os
import unicodedata
from pathlib import Path

import pytest
from sqlcipher3 import dbapi2

from guichet_desktop.credentials import MemoryChain, PassphraseChain, key_for
from guichet_sync.domain.errors import GuichetError, InvalidInput, StoreError, WrongKey
from guichet_sync.domain.words import Language
from guichet_sync.store.database import is_encrypted
from guichet_sync.store.keys import Key
from guichet_sync.wording import Words


def test_keys_kept_under_a_passphrase_are_read_again_with_it_alone(tmp_path: Path) -> None:
    path = tmp_path / "keys.db"
    chain = PassphraseChain(path, "une phrase")
    made = key_for(chain, "post")
    chain.keep("person", Key.random())
    again = PassphraseChain(path, "une phrase")
    assert key_for(again, "post") == made
    assert again.read("person") == chain.read("person")
    assert again.read("nobody") is None
    with pytest.raises(WrongKey) as wrong:
        PassphraseChain(path, "une autre")
    assert str(Words(Language.FR).error(wrong.value)).startswith("La phrase de passe est inexacte.")


def test_neither_keys_nor_passphrase_are_in_the_file_in_the_clear(tmp_path: Path) -> None:
    path = tmp_path / "keys.db"
    made = key_for(PassphraseChain(path, "une phrase"), "post")
    content = path.read_bytes()
    assert is_encrypted(path)
    assert not any(secret in content for secret in (made.raw, made.hex.encode(), b"une phrase"))


@pytest.mark.parametrize(
    "passphrase", ["x", "l’été à Québec ☃ 🗝", "'", "''--", '"; DROP TABLE key; --', "  espaces  ", "x" * 5000]
)
def test_any_passphrase_that_can_be_typed_opens_what_it_closed(tmp_path: Path, passphrase: str) -> None:
    path = tmp_path / "keys.db"
    made = key_for(PassphraseChain(path, passphrase), "post")
    assert PassphraseChain(path, passphrase).read("post") == made
    with pytest.raises(WrongKey):
        PassphraseChain(path, passphrase + " ")


def test_a_passphrase_is_the_same_however_its_accents_were_composed(tmp_path: Path) -> None:
    path = tmp_path / "keys.db"
    made = key_for(PassphraseChain(path, unicodedata.normalize("NFC", "été")), "post")
    assert PassphraseChain(path, unicodedata.normalize("NFD", "été")).read("post") == made


@pytest.mark.parametrize("passphrase", ["a\0b", "a\nb", "\x1b", os.fsdecode(b"a\xff")])
def test_a_passphrase_of_characters_nobody_types_is_refused_before_a_file_is_made(tmp_path: Path, passphrase: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        PassphraseChain(tmp_path / "keys.db", passphrase)
    assert refused.value.code == "passphrase_characters"
    assert list(tmp_path.iterdir()) == []


def test_the_file_is_derived_as_in_version_4_of_sqlcipher(tmp_path: Path) -> None:
    path = tmp_path / "keys.db"
    made = key_for(PassphraseChain(path, "une phrase"), "post")
    database = dbapi2.connect(str(path))
    for pragma in (
        "key = 'une phrase'",
        "cipher_page_size = 4096",
        "kdf_iter = 256000",
        "cipher_hmac_algorithm = HMAC_SHA512",
        "cipher_kdf_algorithm = PBKDF2_HMAC_SHA512",
    ):
        database.execute(f"PRAGMA {pragma}")
    assert database.execute("SELECT value FROM key").fetchone() == (made.raw,)
    database.close()


def test_a_file_of_keys_that_can_not_be_opened_is_no_wrong_passphrase(tmp_path: Path) -> None:
    path = tmp_path / "keys.db"
    path.mkdir()
    with pytest.raises(StoreError) as unusable:
        PassphraseChain(path, "une phrase")
    assert not isinstance(unusable.value, WrongKey)
    assert isinstance(unusable.value, GuichetError)


def test_keys_handed_over_live_as_long_as_their_process() -> None:
    given = Key.random()
    chain = MemoryChain({"post": given})
    assert chain.read("post") == given
    assert chain.read("person") is None
    assert key_for(chain, "person") == key_for(chain, "person")
    assert repr(given) == "Key(…)"
