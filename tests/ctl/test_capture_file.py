from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from guichet_desktop.ctl.capture_file import MAX_BYTES, read_capture
from guichet_desktop.desk import drafts, shift
from guichet_desktop.desk.desk import Desk
from guichet_sync.domain.errors import GuichetError, InvalidInput, NotFound
from guichet_sync.domain.location import Whereabouts
from guichet_sync.domain.request import Capacity, Channel, Requester
from guichet_sync.domain.words import Language
from guichet_sync.wording import Words
from tests.ctl.programs import Ctl

POTHOLE: dict[str, Any] = {"channel": "phone", "category": "NDP", "location": {"id": "A00831"}, "answers": {"dim": "gros"}}
NAMES = st.sampled_from(
    [
        "channel",
        "nature",
        "category",
        "location",
        "answers",
        "description",
        "requester",
        "attachments",
        "urgent",
        "id",
        "text",
        "lat",
    ]
)
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from(["phone", "NDP", "A00831", "request", "dim", "gros", "rue des Érables"])
)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES | st.text(max_size=5), inner, max_size=4)
)
CAPTURES = st.dictionaries(NAMES, VALUES, max_size=8).map(lambda changes: POTHOLE | changes)
FUZZ = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=150)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "capture.json"


def written(file: Path, content: bytes | dict[str, Any]) -> str:
    file.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    return str(file)


def refusal(desk: Desk, file: Path, content: bytes | dict[str, Any]) -> tuple[str, str]:
    with pytest.raises(GuichetError) as error:
        read_capture(written(file, content), desk)
    assert not str(Words(Language.FR).error(error.value)).startswith("Une erreur inattendue")
    return error.value.code, error.value.field if isinstance(error.value, InvalidInput) else ""


def test_all_that_a_capture_may_say_is_taken(desk: Desk, file: Path) -> None:
    person = {"name": "Luce Roy", "phone": "1", "email": "2", "language": "es", "prefers": "email", "on_behalf_of": "A"}
    draft = read_capture(
        written(
            file,
            POTHOLE
            | {
                "nature": "complaint",
                "description": "Un trou",
                "requester": person | {"capacity": "tenant"},
                "attachments": [],
                "urgent": True,
            },
        ),
        desk,
    )
    assert (draft.channel, draft.category, draft.where.id, draft.urgent) == (Channel.PHONE, "NDP", "A00831", True)
    assert draft.requester == Requester(**person, capacity=Capacity.TENANT)
    assert draft.answers == {"dim": "gros"}
    assert draft.id != draft.interaction_id != ""
    assert drafts.waiting(desk) == ()


def test_a_null_says_the_same_as_an_absent_field(desk: Desk, file: Path) -> None:
    absent = POTHOLE | {
        "nature": None,
        "location": {"id": None, "text": "près du vieux pont", "lat": None, "lon": None},
        "requester": None,
        "attachments": None,
        "answers": {"dim": "gros", "voie": None},
    }
    draft = read_capture(written(file, absent), desk)
    assert (draft.nature, draft.requester, draft.where) == (None, None, Whereabouts(label="près du vieux pont"))
    assert draft.answers == {"dim": "gros"}


def test_a_place_is_an_id_or_words_or_a_point(desk: Desk, file: Path) -> None:
    by_words, by_name, by_point = (
        read_capture(written(file, POTHOLE | {"location": place}), desk).where
        for place in ({"text": "102 rue des erables"}, {"text": " HOTEL DE VILLE "}, {"lat": 46, "lon": -73.5})
    )
    assert (by_words.label, by_name.label) == ("102, rue des Érables", "Hôtel de ville")
    assert (by_point.id, by_point.point) == ("", (46.0, -73.5))


@pytest.mark.parametrize(
    ("place", "code", "field"),
    [
        ({}, "location_shape", "location"),
        ({"text": "   "}, "location_shape", "location"),
        ({"id": "A00831", "text": "102 rue des Érables"}, "location_shape", "location"),
        ({"id": "A00831", "lat": 46.0, "lon": -73.0}, "location_shape", "location"),
        ({"text": " ", "lat": 91.0, "lon": -73.0}, "location_shape", "location.lat"),
        ({"lat": 46.0}, "location_shape", "location.lon"),
        ({"lon": -73.0}, "location_shape", "location.lat"),
        ({"lat": 46.0, "lon": 181.0}, "location_shape", "location.lon"),
        ({"lat": float("nan"), "lon": -73.0}, "location_shape", "location.lat"),
        ({"lat": 46.0, "lon": float("inf")}, "location_shape", "location.lon"),
        ({"id": "RIEN"}, "location_not_found", ""),
        ({"text": "rue des Érables"}, "location_ambiguous", "location"),
        ({"lat": "46"}, "field_shape", "location.lat"),
        ("102 rue des Érables", "field_shape", "location"),
        ({"addr": "102"}, "unknown_field", "location.addr"),
    ],
)
def test_a_place_that_is_none_is_refused_by_the_part_at_fault(desk: Desk, file: Path, place: Any, code: str, field: str) -> None:
    assert refusal(desk, file, POTHOLE | {"location": place}) == (code, field)


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"channel": None}, "field_missing", "channel"),
        ({"category": None}, "field_missing", "category"),
        ({"channel": "pigeon"}, "field_shape", "channel"),
        ({"nature": "rage"}, "field_shape", "nature"),
        ({"urgent": "oui"}, "field_shape", "urgent"),
        ({"description": 12}, "field_shape", "description"),
        ({"answers": ["gros"]}, "field_shape", "answers"),
        ({"answers": {"dim": True}}, "field_shape", "answers.dim"),
        ({"answers": {"dim": [None]}}, "field_shape", "answers.dim"),
        ({"answers": {"dim": [["gros"]]}}, "field_shape", "answers.dim"),
        ({"answers": {"dim": "gros", "couleur": "bleu"}}, "unknown_field", "answers.couleur"),
        ({"answer": {"dim": "gros"}}, "unknown_field", "answer"),
        ({"interaction_id": "x"}, "unknown_field", "interaction_id"),
        ({"requester": {"nom": "Roy"}}, "unknown_field", "requester.nom"),
        ({"requester": "Roy"}, "field_shape", "requester"),
        ({"requester": {"capacity": "king"}}, "field_shape", "requester.capacity"),
        ({"attachments": ["photo.jpg"]}, "attachments_not_taken", "attachments"),
        ({"attachments": "photo.jpg"}, "field_shape", "attachments"),
        ({"category": "RIEN"}, "unknown_category", "category"),
    ],
)
def test_a_field_that_is_misspelt_or_of_another_shape_is_named(
    desk: Desk, file: Path, changes: dict[str, Any], code: str, field: str
) -> None:
    assert refusal(desk, file, POTHOLE | changes) == (code, field)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "capture_not_json"),
        (b"{", "capture_not_json"),
        (b"[]", "capture_not_json"),
        (b"null", "capture_not_json"),
        (b'"phone"', "capture_not_json"),
        (b"{} {}", "capture_not_json"),
        (b"[" * 100_000, "capture_not_json"),
        (b'{"channel": ' * 900 + b"1" + b"}" * 900, "field_missing"),
        (b'{"answers": ' + b"9" * 5000 + b"}", "capture_not_json"),
        (b'{"channel": "\\ud800", "category": "NDP"}', "capture_not_json"),
        (b'{"channel": "phone", "category": "NDP", "channel": "counter"}', "field_twice"),
        (b'{"channel": "phone", "category": "NDP", "answers": {"dim": "petit", "dim": "gros"}}', "field_twice"),
        (b"\xff\xfe{\x00}\x00", "file_unreadable"),
        (b"\x89PNG\r\n", "file_unreadable"),
        (b" " * (MAX_BYTES + 1), "capture_too_large"),
    ],
)
def test_what_is_no_capture_is_refused_whole(desk: Desk, file: Path, content: bytes, code: str) -> None:
    assert refusal(desk, file, content)[0] == code


def test_a_file_that_is_not_there_or_is_a_folder_is_unreadable_by_its_bare_name(desk: Desk, tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "rien.json", tmp_path / "x" / "rien.json"):
        with pytest.raises(InvalidInput) as unreadable:
            read_capture(str(path), desk)
        assert (unreadable.value.code, unreadable.value.values["file"]) == ("file_unreadable", path.name)


def test_a_byte_order_mark_and_numbers_as_answers_are_taken(desk: Desk, file: Path) -> None:
    rental = {"channel": "counter", "category": "SALLE", "location": {"text": "hotel de ville"}, "answers": {"nb": 40}}
    draft = read_capture(written(file, b"\xef\xbb\xbf" + json.dumps(rental).encode()), desk)
    assert draft.answers == {"nb": "40"}
    listed = read_capture(written(file, rental | {"answers": {"nb": [40, 1.5]}}), desk)
    assert listed.answers == {"nb": ("40", "1.5")}


@FUZZ
@given(capture=CAPTURES)
@example(capture=POTHOLE)
@example(capture=POTHOLE | {"answers": {"dim": [1]}, "location": [], "requester": {}})
def test_whatever_the_document_says_a_draft_or_a_sentence_comes_of_it(desk: Desk, file: Path, capture: dict[str, Any]) -> None:
    content = json.dumps(capture).encode()
    try:
        draft = read_capture(written(file, content), desk)
    except (InvalidInput, NotFound) as error:
        assert not str(Words(Language.FR).error(error)).startswith("Une erreur inattendue")
    else:
        assert draft.category == capture["category"]
    assert shift.outbox_items(desk) == ()


@FUZZ
@given(content=st.binary(max_size=60) | st.text(alphabet='{}[]":,phoneNDPcategory\\u0d8', max_size=60).map(str.encode))
def test_whatever_the_bytes_are_a_sentence_comes_of_them(desk: Desk, file: Path, content: bytes) -> None:
    with pytest.raises(InvalidInput):
        read_capture(written(file, content), desk)


@pytest.mark.parametrize(
    "content", [b"{", json.dumps(POTHOLE | {"answers": {}}).encode(), json.dumps(POTHOLE | {"x": 1}).encode()]
)
def test_a_refused_capture_saves_nothing_and_takes_no_number(ctl: Ctl, content: bytes) -> None:
    done = ctl("--json", "capture", "-", stdin=content)
    assert (done.status, done.out) == (1, "")
    assert done.err.count("\n") == 1
    assert ctl.json("outbox", "list") == {"items": []}
    saved = ctl.json("capture", "-", stdin=json.dumps(POTHOLE).encode())
    assert "-0001-" in saved["provisional_number"]


def test_a_capture_from_a_file_or_from_standard_input_is_the_same(ctl: Ctl, file: Path) -> None:
    by_file = ctl("capture", written(file, POTHOLE))
    by_stdin = ctl("capture", "-", stdin=file.read_bytes())
    assert (by_file.status, by_file.err) == (by_stdin.status, by_stdin.err) == (0, "")
    number, sentence, why, routed = by_file.out.splitlines()
    assert by_stdin.out.splitlines()[1:] == [sentence, why, routed]
    assert number != by_stdin.out.splitlines()[0]
    assert sentence.startswith("Votre demande devrait être traitée d’ici le ")
    assert why.endswith(".")
    assert routed.startswith("Ira à Voirie")


def test_control_characters_in_a_name_never_reach_the_terminal(ctl: Ctl) -> None:
    done = ctl("capture", "-", stdin=b'{"channel": "phone", "category": "NDP", "x\\u001b[31m\\n\\u009b": 1}')
    assert done.status == 1
    assert "Le champ «\u00a0x [31m  \u00a0» n’est pas connu; rien n’a été enregistré." in done.err
