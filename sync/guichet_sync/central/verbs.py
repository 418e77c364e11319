"""What each verb of ``guichet-central`` does."""

from __future__ import annotations

import argparse
import getpass
import json
import os
import sys
from collections.abc import Callable, Iterable
from typing import Any

from sqlalchemy import Engine

from guichet_sync.domain.errors import InvalidInput, LineProblem, NotFound
from guichet_sync.domain.words import Bilingual
from guichet_sync.protocol import codec
from guichet_sync.protocol.messages import Person
from guichet_sync.wording import Words

from . import demo, identity, instance, migrate, records
from .database import embedded_url, open_engine, reading, writing
from .importers.articles import read_articles
from .importers.places import read_addresses, read_calendar, read_closed_days
from .importers.requests import read_requests
from .importers.run import Importer, Options, import_file
from .importers.taxonomy import read_taxonomy
from .settings import Settings
from .verify import verify

Verb = Callable[[argparse.Namespace, Words, Engine], int]

_IMPORTERS: dict[str, Importer] = {
    "taxonomy": read_taxonomy,
    "articles": read_articles,
    "addresses": read_addresses,
    "calendar": read_calendar,
    "closed-days": read_closed_days,
    "requests": read_requests,
}


def run(options: argparse.Namespace, words: Words) -> int:
    """Run the verb that was asked for; its exit status."""
    settings = _settings(options)
    if options.verb == "serve":
        return _serve(options, settings)
    engine = open_engine(settings.database_url)
    try:
        return _VERBS[options.verb](options, words, engine)
    finally:
        engine.dispose()


def _settings(options: argparse.Namespace) -> Settings:
    options.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    return Settings(options.database or embedded_url(options.data), options.data)


def _serve(options: argparse.Namespace, settings: Settings) -> int:
    import uvicorn

    engine = open_engine(settings.database_url)
    migrate.check_current(engine)
    engine.dispose()
    os.environ["GUICHET_DATABASE_URL"] = settings.database_url
    os.environ["GUICHET_DATA"] = str(settings.data)
    uvicorn.run(
        "guichet_sync.central.asgi:create",
        factory=True,
        host=options.host,
        port=options.port,
        workers=options.workers,
        access_log=False,
        log_level="warning",
        server_header=False,
        timeout_graceful_shutdown=10,
    )
    return 0


def _init(options: argparse.Namespace, words: Words, engine: Engine) -> int:
    migrate.upgrade(engine)
    with writing(engine) as connection:
        try:
            here = instance.read(connection)
        except NotFound:
            instance.create(connection, options.tenant, Bilingual(options.city), options.timezone, demonstration=False)
            here = instance.read(connection)
    document = {"instance": here.id, "tenant": here.tenant, "epoch": here.epoch}
    return _say(options, document, words.text("La base de données est prête."))


def _user(options: argparse.Namespace, words: Words, engine: Engine) -> int:
    if options.action == "list":
        with reading(engine) as connection:
            people = identity.list_people(connection, instance.read(connection).tenant)
        rows = [codec.to_body(person) | {"disabled": disabled} for person, disabled in people]
        return _say(options, {"users": rows}, *(f"{row['name']}\t{row['role']}\t{row['service']}" for row in rows))
    with writing(engine) as connection:
        tenant = instance.read(connection).tenant
        if options.action == "disable":
            identity.disable(connection, tenant, options.name)
            return _say(options, {"disabled": options.name}, words.text("Le compte est désactivé."))
        if options.service and options.service not in records.services(connection, tenant):
            raise InvalidInput("unknown_service", field="service")
        person = Person(options.name, options.display or options.name, options.role, options.service)
        identity.add_person(connection, tenant, person, _password(options, words))
    return _say(options, codec.to_body(person), words.text("Le compte est créé."))


def _password(options: argparse.Namespace, words: Words) -> str:
    if options.password_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    return getpass.getpass(words.text("Mot de passe : "))


def _post(options: argparse.Namespace, words: Words, engine: Engine) -> int:
    if options.action == "list":
        with reading(engine) as connection:
            posts = identity.list_posts(connection, instance.read(connection).tenant)
        rows = [codec.to_body(post) for post in posts]
        return _say(options, {"posts": rows}, *(f"{row['code']}\t{row['person']}\t{row['post_name']}" for row in rows))
    with writing(engine) as connection:
        identity.revoke(connection, instance.read(connection).tenant, options.code)
    return _say(options, {"revoked": options.code}, words.text("L’inscription est révoquée."))


def _import(options: argparse.Namespace, words: Words, engine: Engine) -> int:
    taken = Options(options.format, options.map, options.skip_bad, options.limit)
    report = import_file(engine, _IMPORTERS[options.what], options.file, taken, _progress(options.what))
    sys.stderr.write("\n")
    show_problems(report.skipped, words)
    document = {
        "imported": report.imported,
        "skipped": report.skipped_count,
        "problems": [codec.to_body(problem) for problem in report.skipped],
    }
    sentence = words.plural("{n} élément importé.", "{n} éléments importés.", report.imported)
    return _say(options, document, sentence)


def _demo(options: argparse.Namespace, words: Words, engine: Engine) -> int:
    migrate.upgrade(engine)
    with writing(engine) as connection:
        try:
            instance.read(connection)
        except NotFound:
            instance.create(connection, "val-des-ormes", Bilingual("Ville"), "America/Toronto", demonstration=False)
    counts = demo.load(engine, lambda name, count: _progress(name)(count))
    sys.stderr.write("\n")
    return _say(options, {"loaded": counts}, words.text("La ville fictive est chargée."))


def _verify(options: argparse.Namespace, words: Words, engine: Engine) -> int:
    with reading(engine) as connection:
        found = verify(connection, instance.read(connection))
    document = {"counts": found.counts, "findings": [codec.to_body(finding) for finding in found.findings]}
    if not found.findings:
        return _say(options, document, words.text("La base de données est intègre."))
    _say(options, document, words.text("La base de données est endommagée : restaurez une sauvegarde."))
    return 1


def show_problems(problems: Iterable[LineProblem], words: Words) -> None:
    """Name bad lines on standard error."""
    for problem in problems:
        reason = words.reason(problem.code, value=problem.value).title
        sys.stderr.write(words.text("ligne {line} : {reason}", line=problem.line, reason=reason) + "\n")


def _progress(what: str) -> Callable[[int], None]:
    def show(count: int) -> None:
        sys.stderr.write(f"\r{what} : {count}   ")
        sys.stderr.flush()

    return show


def _say(options: argparse.Namespace, document: dict[str, Any], *sentences: str) -> int:
    if options.json:
        sys.stdout.write(json.dumps(document, ensure_ascii=False) + "\n")
    else:
        sys.stdout.writelines(f"{sentence}\n" for sentence in sentences)
    return 0


_VERBS: dict[str, Verb] = {
    "init": _init,
    "user": _user,
    "post": _post,
    "import": _import,
    "demo": _demo,
    "verify": _verify,
}
