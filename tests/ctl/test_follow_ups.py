"""What ``guichetctl`` does with a known request: the same verbs as the window's, one document each."""

from __future__ import annotations

from typing import Any

import pytest

from tests.ctl.programs import Ctl
from tests.ctl.shapes import misfits, one_of

DONE = {"intent_id": str, "state": one_of("waiting")}


@pytest.fixture
def number(ctl: Ctl) -> str:
    """The official number of an open request of the roads service."""
    listed = ctl.json("requests", "--service", "TP", "--limit", "100")["requests"]
    return str(next(each["number"] for each in listed if each["category"] == "NDP" and each["status"] == "transmitted"))


def _does(ctl: Ctl, *words: str, stdin: bytes = b"") -> Any:
    done = ctl.json(*words, stdin=stdin)
    assert misfits(done, DONE) == []
    return done["intent_id"]


def _told(ctl: Ctl, number: str) -> tuple[str, str]:
    last = ctl.json("request", number)["timeline"][-1]
    return last["code"], last["note"]


def test_join(ctl: Ctl, number: str) -> None:
    before = ctl.json("request", number)["requester_count"]
    _does(ctl, "join", number, "--channel", "phone", "--name", "Luce Roy", "--description", "Elle aussi.")
    assert ctl.json("request", number)["requester_count"] == before + 1
    assert _told(ctl, number) == ("joined", "Elle aussi.")


def test_note(ctl: Ctl, number: str) -> None:
    _does(ctl, "note", number, "Pour nous.")
    assert _told(ctl, number) == ("note", "Pour nous.")
    _does(ctl, "note", number, "-", "--public", stdin=b"Deux\nlignes.\n")
    assert _told(ctl, number) == ("public_note", "Deux\nlignes.")
    assert ctl("note", number, "-", stdin=b"\xff").err.startswith("Le texte n’est pas en UTF-8.")


def test_edit(ctl: Ctl, number: str) -> None:
    words = ("--description", "Profond.", "--urgent", "yes", "--location", "A00100", "--answer", "dim=Gros")
    _does(ctl, "edit", number, *words)
    found = ctl.json("request", number)
    assert (found["description"], found["urgent"], found["where"]["id"], found["answers"]["dim"]) == (
        "Profond.",
        True,
        "A00100",
        "gros",
    )
    _does(ctl, "edit", number, "--urgent", "no", "--description", "")
    assert (ctl.json("request", number)["urgent"], ctl.json("request", number)["description"]) == (False, "")


def test_transfer_close_reopen_and_undo(ctl: Ctl, number: str) -> None:
    before = ctl.json("request", number)
    moved = _does(ctl, "transfer", number, "--service", "ENV", "--reason", "Un arbre.")
    assert ctl.json("request", number)["service"] == "ENV"
    _does(ctl, "close", number, "--reason", "duplicate", "--as", "cancelled")
    assert ctl.json("request", number)["status"] == "cancelled"
    opened = _does(ctl, "reopen", number)
    assert ctl.json("request", number)["status"] == "reopened"
    assert ctl.json("undo", opened) == {"intent_id": opened, "state": "withdrawn"}
    assert ctl.json("undo", moved)["state"] == "withdrawn"
    after = ctl.json("request", number)
    assert (after["service"], after["status"], after["sync_state"]) == (before["service"], "cancelled", "waiting")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("note", "{}", " "), "La note est vide."),
        (("edit", "{}"), "Rien n’a été modifié."),
        (("transfer", "{}", "--service", "TP", "--unit", "RIEN"), "Cette équipe n’est pas connue de ce poste."),
        (("reopen", "{}"), "Ce statut ne peut pas suivre celui de la requête."),
        (("note", "99-000001", "Bonjour"), "Ce poste ne connaît aucune requête de ce numéro."),
        (("undo", "01a20ec2-0000-7000-8000-000000000000"), "Il est trop tard pour l’annuler d’ici."),
    ],
)
def test_what_cannot_be_done_is_told_and_leaves_nothing(ctl: Ctl, number: str, words: tuple[str, ...], sentence: str) -> None:
    done = ctl("--json", *(each.format(number) for each in words))
    assert (done.status, done.out) == (1, "")
    assert done.err.startswith(sentence)
    assert ctl.json("outbox", "list") == {"items": []}


@pytest.mark.parametrize(
    "words",
    [
        ("join", "26-000001"),
        ("join", "26-000001", "--channel", "web"),
        ("note", "26-000001"),
        ("transfer", "26-000001"),
        ("close", "26-000001"),
        ("close", "26-000001", "--reason", "x", "--as", "open"),
        ("edit", "26-000001", "--answer", "dim"),
        ("edit", "26-000001", "--urgent", "oui"),
        ("undo",),
    ],
)
def test_wrong_usage_is_told(new_ctl: Ctl, words: tuple[str, ...]) -> None:
    done = new_ctl(*words)
    assert (done.status, done.out) == (2, "")
    assert done.err.startswith("usage: guichetctl")


def test_sentences_for_people(ctl: Ctl, number: str) -> None:
    assert ctl("note", number, "Bonjour").out == "Enregistré ici, à envoyer.\n"
    intent = ctl.json("outbox", "list")["items"][0]["intent_id"]
    assert ctl("undo", intent).out == "Retiré : rien n’en est parti.\n"
