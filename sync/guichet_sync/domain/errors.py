"""Everything that can go wrong, as reason codes with their values.

The tree (each branch is one kind of advice to the person)::

    GuichetError
    ├── InvalidInput          what was typed can't be taken; ``field`` says where
    ├── NotFound              no such article, request, place…
    ├── NotAllowed            the role does not permit it
    ├── NotEnrolled           this profile has no enrolled person yet
    ├── SignInRefused         wrong name or password, or the account is disabled
    ├── Unreachable           the central server can't be reached; work goes on
    │   └── TryLater          it answered that it is busy; ``retry_after_s`` may be known
    ├── ServerRefused         it answered no, with a code of its own
    ├── BadReply              what came back is not the protocol
    ├── ProtocolMismatch      this post is too old or too new for the server
    ├── AnotherServer         the server's identity changed: stop and ask
    ├── StoreError            the post's own files
    │   ├── WrongKey          the key does not open the file
    │   ├── StoreDamaged      the file is not what was written
    │   ├── StoreBusy         another program holds it
    │   ├── DiskFull          nothing more can be written
    │   └── Interrupted       a look-up was cut short because a newer one made it worthless
    ├── KeyringMissing        no place to keep keys, and no passphrase given
    ├── ImportRefused         an import file has bad lines; ``problems`` lists them
    └── CityThemeRefused      a city's colours are not taken: the neutral ones are worn

A message for people is never built here: ``guichet_sync.wording`` words ``code`` and ``values`` in either language. ``values``
never hold a secret or a personal datum, since they may end up in a log.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

Value = str | int | float | bool | None


class GuichetError(Exception):
    """Root of the tree: a reason ``code`` and the ``values`` its sentence needs."""

    default_code: ClassVar[str] = "unexpected"

    def __init__(self, code: str | None = None, **values: Value) -> None:
        self.code = code or self.default_code
        self.values: dict[str, Value] = values
        super().__init__(self.code)

    def __str__(self) -> str:
        details = " ".join(f"{name}={value!r}" for name, value in sorted(self.values.items()))
        return f"{self.code} {details}".rstrip()


class InvalidInput(GuichetError):
    """What was given can't be taken; ``field`` names the input it stands beside."""

    default_code = "invalid_input"

    def __init__(self, code: str, *, field: str = "", **values: Value) -> None:
        super().__init__(code, **values)
        self.field = field


class NotFound(GuichetError):
    """Nothing is known under this identifier or number."""

    default_code = "not_found"


class NotAllowed(GuichetError):
    """The role of this person does not permit it."""

    default_code = "not_allowed"


class NotEnrolled(GuichetError):
    """The profile has no enrolled person, or not this one."""

    default_code = "not_enrolled"


class SignInRefused(GuichetError):
    """The name or password is wrong, or the account is disabled or revoked."""

    default_code = "sign_in_refused"


class Unreachable(GuichetError):
    """The central server does not answer; nothing is lost, the work waits on the post."""

    default_code = "unreachable"


class TryLater(Unreachable):
    """The server asks to come back later; ``retry_after_s`` in seconds when it said so."""

    default_code = "try_later"

    def __init__(self, code: str | None = None, *, retry_after_s: float | None = None) -> None:
        super().__init__(code, retry_after_s=retry_after_s)
        self.retry_after_s = retry_after_s


class ServerRefused(GuichetError):
    """The server understood and said no; ``code`` is the server's own reason code."""

    default_code = "server_refused"


class BadReply(GuichetError):
    """The reply is not the protocol: truncated, oversized, of a wrong type or out of order."""

    default_code = "bad_reply"


class ProtocolMismatch(GuichetError):
    """Post and server share no protocol version."""

    default_code = "protocol_mismatch"


class AnotherServer(GuichetError):
    """The server at this address is another instance than the one enrolled with."""

    default_code = "another_server"


class StoreError(GuichetError):
    """The post's own files could not be read or written; ``file`` is a bare file name."""

    default_code = "store_error"


class WrongKey(StoreError):
    """The key does not open this file."""

    default_code = "wrong_key"


class StoreDamaged(StoreError):
    """The file is not what was written."""

    default_code = "store_damaged"


class StoreBusy(StoreError):
    """Another program holds the file longer than we wait."""

    default_code = "store_busy"


class DiskFull(StoreError):
    """There is no room left, or the disk refuses to write."""

    default_code = "disk_full"


class Interrupted(StoreError):
    """A look-up was cut short on purpose: nobody waits for its result any more."""

    default_code = "interrupted"


class KeyringMissing(GuichetError):
    """No keyring of the system works here, and no passphrase was given instead."""

    default_code = "keyring_missing"


@dataclass(frozen=True, slots=True)
class LineProblem:
    """One bad line of an import file: its 1-based number, a reason code and a value that shows it (never a whole line)."""

    line: int
    code: str
    value: str = ""


class ImportRefused(GuichetError):
    """An import file was not taken, nothing of it was kept. ``problems`` are the first of ``count`` bad lines."""

    default_code = "import_refused"

    def __init__(self, problems: tuple[LineProblem, ...], count: int | None = None) -> None:
        super().__init__(count=len(problems) if count is None else count)
        self.problems = problems


class CityThemeRefused(GuichetError):
    """The file of a city's own colours is not taken, nothing of it is worn; ``file`` is a bare file name."""

    default_code = "city_theme_shape"
