"""What each verb of ``guichet-central`` does."""

from __future__ import annotations

import argparse
import getpass
import json
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Engine

from guichet_sync.domain.errors import GuichetError, InvalidInput, LineProblem, StoreDamaged, StoreError
from guichet_sync.domain.words import Bilingual
from guichet_sync.protocol import codec
from guichet_sync.protocol.messages import Person
from guichet_sync.wording import Words

from . import demo, erasure, identity, instance, migrate, passwords, records
from .database import embedded_url, open_engine, reading, writing
from .importers.articles import read_articles
from .importers.places import read_addresses, read_calendar, read_closed_days
from .importers.requests import read_requests
from .importers.run import Importer, Options, Progress, import_file
from .importers.taxonomy import read_taxonomy
from .settings import Settings
from .snapshots import Snapshots
from .verify import Finding, verify

IMPORTERS: dict[str, Importer] = {
    "taxonomy": read_taxonomy,
    "articles": read_articles,
    "addresses": read_addresses,
    "calendar": read_calendar,
    "closed-days": read_closed_days,
    "requests": read_requests,
}
_FORMATS: dict[str, tuple[str, ...]] = {
    "articles": ("guichet", "service-public"),
    "addresses": ("guichet", "geojson"),
    "requests": ("guichet", "montreal-311"),
}
_OWN_FORMATS = ("guichet",)


@dataclass(frozen=True, slots=True)
class Run:
    """One run of the program: what was asked, in which language to answer, on which database."""

    options: argparse.Namespace
    words: Words
    settings: Settings
    engine: Engine

    def say(self, document: dict[str, Any], *sentences: str) -> None:
        """The result: one JSON document, or sentences."""
        if self.options.json:
            sys.stdout.write(json.dumps(document, ensure_ascii=False) + "\n")
        else:
            sys.stdout.writelines(f"{sentence}\n" for sentence in sentences)
        sys.stdout.flush()


def run(options: argparse.Namespace, words: Words) -> None:
    """Run the verb that was asked for.

    :raises GuichetError: it could not be done.
    """
    settings = _settings(options)
    engine = open_engine(settings.database_url)
    try:
        if options.verb not in _MAKING:
            migrate.check_current(engine)
        _VERBS[options.verb](Run(options, words, settings, engine))
    finally:
        engine.dispose()


def _settings(options: argparse.Namespace) -> Settings:
    try:
        options.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError:
        raise StoreError("data_folder", file=options.data.name) from None
    return Settings(options.database or embedded_url(options.data), options.data)


def _serve(run: Run) -> None:
    from .serve import serve

    def listening(url: str) -> None:
        run.say({"url": url, "workers": asked.workers}, run.words.text("Le serveur répond à l’adresse {url}", url=url))

    asked = run.options
    run.engine.dispose()
    serve(run.settings, asked.host, asked.port, asked.workers, listening)


def _init(run: Run) -> None:
    asked = run.options
    migrate.upgrade(run.engine)
    with writing(run.engine) as connection:
        instance.create(connection, asked.tenant, Bilingual(asked.city), asked.timezone, demonstration=False)
        if asked.restored:
            instance.count_restore(connection)
        here = instance.read(connection)
    document = {"instance": here.id, "tenant": here.tenant, "epoch": here.epoch}
    run.say(document, run.words.text("La base de données est prête."))


def _user_add(run: Run) -> None:
    asked = run.options
    password_hash = passwords.hashed(_password(run))  # before any transaction: somebody types
    with writing(run.engine) as connection:
        tenant = _tenant_of(connection, asked.service)
        person = Person(asked.name, asked.display or asked.name, asked.role, asked.service)
        identity.add_person(connection, tenant, person, password_hash)
    run.say(codec.to_body(person), run.words.text("Le compte est créé."))


def _tenant_of(connection: Connection, service: str) -> str:
    """The tenant, whose service this must be if it is any."""
    tenant = instance.read(connection).tenant
    if service and service not in records.services(connection, tenant):
        raise InvalidInput("unknown_service", field="service")
    return tenant


def _user_role(run: Run) -> None:
    asked = run.options
    with writing(run.engine) as connection:
        tenant = _tenant_of(connection, asked.service)
        identity.change_role(connection, tenant, asked.name, asked.role, asked.service)
    document = {"name": asked.name, "role": asked.role, "service": asked.service}
    run.say(document, run.words.text("Le rôle est changé; ses postes suivront à leur prochain échange."))


def _password(run: Run) -> str:
    if run.options.password_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    try:
        return getpass.getpass(run.words.text("Mot de passe : "))
    except EOFError:
        return ""


def _user_list(run: Run) -> None:
    with reading(run.engine) as connection:
        people = identity.list_people(connection, instance.read(connection).tenant)
    rows = [codec.to_body(person) | {"disabled": disabled} for person, disabled in people]
    off = run.words.text("désactivé")
    run.say({"users": rows}, *(_columns(row["name"], row["role"], row["service"], row["disabled"] and off) for row in rows))


def _user_disable(run: Run) -> None:
    with writing(run.engine) as connection:
        identity.disable(connection, instance.read(connection).tenant, run.options.name)
    run.say({"disabled": run.options.name}, run.words.text("Le compte est désactivé."))


def _user_enable(run: Run) -> None:
    with writing(run.engine) as connection:
        identity.enable(connection, instance.read(connection).tenant, run.options.name)
    run.say({"enabled": run.options.name}, run.words.text("Le compte est réactivé."))


def _user_password(run: Run) -> None:
    password_hash = passwords.hashed(_password(run))
    with writing(run.engine) as connection:
        identity.change_password(connection, instance.read(connection).tenant, run.options.name, password_hash)
    run.say({"changed": run.options.name}, run.words.text("Le mot de passe est changé."))


def _post_list(run: Run) -> None:
    with reading(run.engine) as connection:
        posts = identity.list_posts(connection, instance.read(connection).tenant)
    rows = [codec.to_body(post) for post in posts]
    off = run.words.text("révoqué")
    run.say({"posts": rows}, *(_columns(row["code"], row["person"], row["post_name"], row["revoked"] and off) for row in rows))


def _post_revoke(run: Run) -> None:
    with writing(run.engine) as connection:
        identity.revoke(connection, instance.read(connection).tenant, run.options.code)
    run.say({"revoked": run.options.code}, run.words.text("L’inscription est révoquée."))


def _columns(*cells: str | bool) -> str:
    return "\t".join(str(cell or "") for cell in cells).rstrip()


def _import(run: Run) -> None:
    asked = run.options
    known = _FORMATS.get(asked.what, _OWN_FORMATS)
    if asked.format and asked.format not in known:
        raise InvalidInput("unknown_format", field="format", known=", ".join(known))
    taken = Options(asked.format, asked.map, asked.skip_bad, asked.limit)
    try:
        report = import_file(run.engine, IMPORTERS[asked.what], asked.file, taken, _progress(asked.what))
    finally:
        sys.stderr.write("\n")
    show_problems(report.skipped, run.words)
    document = {
        "imported": report.imported,
        "skipped": report.skipped_count,
        "problems": [codec.to_body(problem) for problem in report.skipped],
    }
    run.say(document, run.words.plural("{n} élément importé.", "{n} éléments importés.", report.imported))


def _demo(run: Run) -> None:
    migrate.upgrade(run.engine)
    with writing(run.engine) as connection:
        instance.create(connection, demo.TENANT, Bilingual("Ville"), "America/Toronto", demonstration=False)
    counts = demo.load(run.engine, _progress)
    sys.stderr.write("\n")
    run.say({"loaded": counts}, run.words.text("La ville fictive est chargée."))


def _verify(run: Run) -> None:
    with reading(run.engine) as connection:
        found = verify(connection, instance.read(connection))
    snapshots = Snapshots(run.engine, run.settings.snapshots).damaged()
    findings = [*found.findings, *(Finding("snapshot_damaged", space) for space in snapshots)]
    document = {"counts": found.counts, "findings": [codec.to_body(finding) for finding in findings]}
    sentences = [f"{finding.where} : {run.words.reason(finding.code).title}" for finding in findings]
    run.say(document, *(sentences or [run.words.text("La base de données est intègre.")]))
    if findings:
        raise StoreDamaged("verification_failed", count=len(findings))


def _erase(run: Run) -> None:
    asked = run.options
    if asked.status:
        _erase_status(run)
        return
    snapshots = Snapshots(run.engine, run.settings.snapshots)
    done = erasure.erase(run.engine, snapshots, asked.number, asked.reason, datetime.now(UTC), texts=asked.text)
    said = run.words.plural("{n} personne effacée de la requête.", "{n} personnes effacées de la requête.", done.people)
    run.say(codec.to_body(done), said)


def _erase_status(run: Run) -> None:
    with reading(run.engine) as connection:
        found = erasure.erasures(connection, instance.read(connection))
    off = run.words.text("révoqué")
    waiting = [(each.number, post) for each in found for post in each.waiting]
    lines = [_columns(number, post.code, post.post_name, post.person, post.revoked and off) for number, post in waiting]
    run.say({"erasures": codec.to_body(found)}, *(lines or [run.words.text("Aucun poste n’a d’effacement à confirmer.")]))


def show_problems(problems: Iterable[LineProblem], words: Words) -> None:
    """Name bad lines on standard error."""
    for problem in problems:
        reason = words.reason(problem.code, number=problem.value).title
        value = "".join(character for character in problem.value if character.isprintable())
        shown = f" ({value})" if value else ""
        sys.stderr.write(words.text("ligne {line} : {reason}", line=problem.line, reason=reason) + shown + "\n")


def explain(error: GuichetError, words: Words) -> None:
    """Say on standard error what went wrong and what to do."""
    sys.stderr.write(f"{words.error(error)}\n")


def _progress(what: str) -> Progress:
    begun = time.monotonic()

    def show(count: int) -> None:
        rate = count / max(time.monotonic() - begun, 0.001)
        sys.stderr.write(f"\r{what} : {count} ({rate:.0f}/s)   ")
        sys.stderr.flush()

    return show


_VERBS: dict[str, Callable[[Run], None]] = {
    "init": _init,
    "serve": _serve,
    "user add": _user_add,
    "user list": _user_list,
    "user disable": _user_disable,
    "user enable": _user_enable,
    "user role": _user_role,
    "user password": _user_password,
    "post list": _post_list,
    "post revoke": _post_revoke,
    "import": _import,
    "demo": _demo,
    "verify": _verify,
    "erase": _erase,
}
_MAKING = frozenset({"init", "demo"})
"""Verbs that make the database what they need."""
