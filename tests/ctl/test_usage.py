from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from guichet_desktop.ctl import main
from guichet_sync.domain.words import Language
from tests.ctl.programs import Ctl

POTHOLE = {"channel": "phone", "category": "NDP", "location": {"id": "A00831"}, "answers": {"dim": "gros"}}


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("rien",),
        ("search",),
        ("search", "nid", "--limit", "0"),
        ("search", "nid", "--limit", "dix"),
        ("search", "nid", "--lang", "de"),
        ("search", "nid", "--lim", "3"),
        ("article",),
        ("answer", "COL-001"),
        ("answer", "COL-001", "--channel", "web"),
        ("capture",),
        ("outbox",),
        ("outbox", "rien"),
        ("collections", "A00001", "--from", "hier"),
        ("collections", "A00001", "--from", "2026-02-30"),
        ("requests", "--near", "46,-73"),
        ("requests", "--near", "46,-73,loin"),
        ("requests", "--near", "91,-73,10"),
        ("requests", "--near", "nan,-73,10"),
        ("requests", "--near", "46,-73,0"),
        ("requests", "--near", "46,-73,inf"),
        ("requests", "--offset", "-1"),
        ("requests", "--offset", "x" * 5000),
        ("enrol", "--user", "mgagnon"),
        ("search", os.fsdecode(b"caf\xe9")),
    ],
)
def test_wrong_usage_ends_with_2_and_touches_nothing(new_ctl: Ctl, words: tuple[str, ...]) -> None:
    done = new_ctl(*words)
    assert (done.status, done.out) == (2, "")
    assert done.err.startswith("usage: guichetctl")
    assert not new_ctl.profile.exists()


def test_help_is_no_failure(new_ctl: Ctl) -> None:
    done = new_ctl("requests", "--help")
    assert (done.status, done.err) == (0, "")
    assert "LAT,LON,RADIUS" in done.out


@pytest.mark.parametrize("words", [("--json", "outbox", "list"), ("outbox", "--json", "list"), ("outbox", "list", "--json")])
def test_json_may_be_asked_for_anywhere(ctl: Ctl, words: tuple[str, ...]) -> None:
    done = ctl(*words)
    assert (done.status, done.document) == (0, {"items": []})


@pytest.mark.parametrize(
    ("language", "options", "month"),
    [
        ("fr_CA.UTF-8", (), "décembre"),
        ("en_CA.UTF-8", (), "December"),
        ("en_CA.UTF-8", ("--lang", "fr"), "décembre"),
        ("fr_CA.UTF-8", ("--lang", "en"), "December"),
        ("C", (), "décembre"),
        (None, (), "décembre"),
    ],
)
def test_the_language_is_the_one_asked_for_or_the_sessions(
    ctl: Ctl, monkeypatch: pytest.MonkeyPatch, language: str | None, options: tuple[str, ...], month: str
) -> None:
    if language is None:
        monkeypatch.delenv("LANG", raising=False)
    else:
        monkeypatch.setenv("LANG", language)
    assert main(["--profile", str(ctl.profile), *options, "collections", "A00971", "--from", "2026-12-24"]) == 0
    assert f" {month} " in ctl.capsys.readouterr().out


def test_without_json_people_read_lines(ctl: Ctl) -> None:
    assert ctl("capture", "-", stdin=json.dumps(POTHOLE).encode()).status == 0
    ctl("answer", "COL-001", "--channel", "phone")
    number = ctl.json("outbox", "list")["items"][0]["number"]
    french, english = (ctl.json("article", "COL-001", "--lang", language) for language in Language)
    for words, begun, holds in (
        (("search", "quand passe le recyclage"), f"COL-001\t{french['title']}\t[", ""),
        (
            ("article", "COL-001"),
            f"{french['title']}\n\n{french['say']}\n",
            f"\nÀ vérifier avec la personne\n– {french['checks'][0]}\n",
        ),
        (("article", "COL-001", "--lang", "en"), f"{english['title']}\n\n{english['say']}\n", f"\nCoût\t{english['cost']}\n"),
        (("address", "102 erables"), "A00001\t102, rue des Érables\tG9Z ", ""),
        (("address", "zzz"), "Aucun lieu trouvé.\n", ""),
        (("collections", "A00971", "--from", "2026-12-24"), "", " décembre 2026\t"),
        (("collections", "A00971", "--from", "2999-01-01"), "Aucune collecte n’est prévue à ce lieu.\n", ""),
        (("request", number), f"{number}\tEn attente d’envoi\tEn attente d’envoi\nPromise pour le ", "\tSaisie\n"),
        (("requests", "--mine"), f"{number}\tNDP\tEn attente d’envoi\t1077, boulevard du Vieux-Moulin\n1 requête\n", ""),
        (("outbox", "list"), f"{number}\tEn attente d’envoi\t\nCOL-001\tEn attente d’envoi\t\n", ""),
        (
            ("status",),
            "Poste A01, mgagnon, http://127.0.0.1:",
            "\n2 à envoyer\n0 refusé\n0 mis de côté\n",
        ),
        (("answer", "COL-001", "--channel", "counter"), "Réponse comptée.\n", ""),
    ):
        done = ctl(*words)
        assert (done.status, done.err) == (0, ""), words
        assert done.out.startswith(begun), done.out
        assert holds in done.out, done.out


def test_a_category_settled_at_once_promises_nothing_aloud_either(ctl: Ctl) -> None:
    asked = {"channel": "phone", "category": "COL-HORAIRE", "location": {"id": "A00831"}}
    done = ctl("capture", "-", stdin=json.dumps(asked).encode())
    number, promise, routed = done.out.splitlines()
    assert number.startswith("A01-0001-")
    assert promise == "Votre demande est réglée dès maintenant; aucun délai n’est prévu."
    assert routed.startswith("Ira à ")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("article", "RIEN"), "Aucune fiche de ce poste n’a cet identifiant. Faites une recherche"),
        (("answer", "RIEN", "--channel", "phone"), "Aucune fiche de ce poste n’a cet identifiant."),
        (("collections", "RIEN"), "Aucun lieu de ce poste n’a cet identifiant."),
        (("request", "26-999999"), "Ce poste ne connaît aucune requête de ce numéro."),
        (("request", "A01-0001-A"), "La lettre de contrôle ne correspond pas au numéro."),
        (("--user", "personne", "status"), "Ce poste n’est pas encore inscrit pour cette personne."),
        (("sync",), "Le serveur central ne répond pas."),
    ],
)
def test_what_could_not_be_done_is_said_on_standard_error_with_what_to_do(
    ctl: Ctl, words: tuple[str, ...], sentence: str
) -> None:
    done = ctl(*words)
    assert done.status == 1
    assert done.err.startswith(sentence)
    assert done.err.count("\n") == 1
    if words != ("sync",):
        assert done.out == ""


def test_a_profile_that_nobody_enrolled_says_so(new_ctl: Ctl) -> None:
    done = new_ctl("status")
    assert (done.status, done.out) == (1, "")
    assert done.err.startswith("Ce poste n’est pas encore inscrit pour cette personne. Inscrivez-le")


def test_a_wrong_passphrase_is_refused_and_none_is_asked_for_where_nobody_sits(ctl: Ctl, monkeypatch: pytest.MonkeyPatch) -> None:
    for passphrase, sentence in (
        ("une autre", "La phrase de passe est inexacte."),
        ("", "La phrase de passe de ce profil est nécessaire."),
        (os.fsdecode(b"\xff"), "La phrase de passe contient des caractères qui ne se tapent pas."),
    ):
        monkeypatch.setenv("GUICHET_PASSPHRASE", passphrase)
        done = ctl("status")
        assert (done.status, done.out) == (1, "")
        assert done.err.startswith(sentence)


def test_the_profile_is_by_itself_the_persons_own(own_home: Path, monkeypatch: pytest.MonkeyPatch, ctl: Ctl) -> None:
    monkeypatch.setenv("GUICHET_PASSPHRASE", "une phrase")
    assert main(["--lang", "fr", "status"]) == 1
    assert ctl.capsys.readouterr().err.startswith("Ce poste n’est pas encore inscrit")
    assert list(own_home.rglob("settings.toml"))
