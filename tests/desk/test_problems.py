from __future__ import annotations

import pytest

from guichet_desktop.desk.answers import tidied
from guichet_desktop.desk.checks import MAX_DESCRIPTION, MAX_TEXT, problems
from guichet_desktop.desk.drafts import Draft
from guichet_sync.domain.category import Answer, Category, Choice, Datatype, Identity, PlaceKind, Question
from guichet_sync.domain.location import Whereabouts
from guichet_sync.domain.request import Requester
from guichet_sync.domain.words import Bilingual, Language
from guichet_sync.wording import Words

YES_NO = (Choice("oui", Bilingual("Oui", "Yes")), Choice("non", Bilingual("Non", "No")))
UNEXPECTED = "Une erreur inattendue"


def asking(datatype: Datatype, *, required: bool = False) -> Category:
    values = YES_NO if datatype in (Datatype.SINGLE, Datatype.MULTI) else ()
    return Category("X", "ENV", Bilingual("X"), questions=(Question("q", Bilingual("Q"), datatype, required, values),))


def wrong_with(answer: Answer, datatype: Datatype, *, required: bool = False) -> str:
    category = asking(datatype, required=required)
    found = problems(tidied(Draft("1", category="X", answers={"q": answer}), category), category)
    assert all(each.field == "answers.q" for each in found)
    return found[0].code if found else ""


@pytest.mark.parametrize(
    ("datatype", "answer", "code"),
    [
        (Datatype.STRING, "bleu", ""),
        (Datatype.STRING, ("bleu",), "answer_single"),
        (Datatype.TEXT, "x" * MAX_DESCRIPTION, ""),
        (Datatype.TEXT, "x" * (MAX_DESCRIPTION + 1), "too_long"),
        (Datatype.NUMBER, "12", ""),
        (Datatype.NUMBER, "-1,5", ""),
        (Datatype.NUMBER, "12.25", ""),
        (Datatype.NUMBER, "douze", "answer_number"),
        (Datatype.NUMBER, "1e5", "answer_number"),
        (Datatype.NUMBER, "nan", "answer_number"),
        (Datatype.NUMBER, "٣", "answer_number"),
        (Datatype.NUMBER, "1\n2", "answer_number"),
        (Datatype.NUMBER, ("12",), "answer_number"),
        (Datatype.DATETIME, "2026-11-24", ""),
        (Datatype.DATETIME, " 2026-11-24T13:58 ", ""),
        (Datatype.DATETIME, "hier", "answer_date"),
        (Datatype.DATETIME, "2026-02-30", "answer_date"),
        (Datatype.DATETIME, ("2026-11-24",), "answer_date"),
        (Datatype.SINGLE, "Oui", ""),
        (Datatype.SINGLE, ("oui",), ""),
        (Datatype.SINGLE, "peut-être", "answer_not_listed"),
        (Datatype.SINGLE, ("oui", "non"), "answer_single"),
        (Datatype.MULTI, "oui", ""),
        (Datatype.MULTI, ("YES", "non", "Oui"), ""),
        (Datatype.MULTI, ("oui", "peut-être"), "answer_not_listed"),
        (Datatype.MULTI, ("x" * 6000, "y" * 6000), "too_long"),
    ],
)
def test_an_answer_is_of_the_kind_its_question_asks_for(datatype: Datatype, answer: Answer, code: str) -> None:
    assert wrong_with(answer, datatype) == code


@pytest.mark.parametrize("datatype", Datatype)
@pytest.mark.parametrize("blank", ["", "  \t\n", (), ("", " ")])
def test_a_blank_answer_is_none(datatype: Datatype, blank: Answer) -> None:
    assert wrong_with(blank, datatype) == ""
    assert wrong_with(blank, datatype, required=True) == "answer_needed"


def test_several_choices_are_stored_as_keys_in_their_order_each_once() -> None:
    category = asking(Datatype.MULTI)
    for given, stored in ((("No", "oui", " NON "), ("non", "oui")), ("Yes", ("oui",))):
        assert tidied(Draft("1", answers={"q": given}), category).answers == {"q": stored}


def test_all_that_is_wrong_is_said_in_the_order_of_the_form() -> None:
    category = Category(
        "X",
        "ENV",
        Bilingual("X"),
        places=(PlaceKind.ADDRESS,),
        questions=(Question("a", Bilingual("A"), Datatype.NUMBER), Question("b", Bilingual("B"), Datatype.TEXT, required=True)),
        identity=Identity.REQUIRED,
        retired=True,
    )
    draft = Draft(
        "1",
        answers={"a": "x"},
        description="x" * (MAX_DESCRIPTION + 1),
        requester=Requester(name="x" * (MAX_TEXT + 1)),
    )
    found = [(each.field, each.code) for each in problems(draft, category)]
    assert found == [
        ("category", "category_retired"),
        ("location", "location_needed"),
        ("answers.a", "answer_number"),
        ("answers.b", "answer_needed"),
        ("description", "description_too_long"),
        ("requester", "requester_needed"),
        ("requester.name", "too_long"),
    ]
    said = [str(Words(Language.FR).error(each.as_error())) for each in problems(draft, category)]
    assert not any(sentence.startswith(UNEXPECTED) for sentence in said)
    assert "Ce texte dépasse la longueur permise (requester.name). Raccourcissez-le." in said


def test_a_place_is_a_known_one_a_point_or_words_and_not_too_many() -> None:
    category = Category("X", "ENV", Bilingual("X"), places=(PlaceKind.ADDRESS,))
    for where, codes in (
        (Whereabouts(id="A00001"), []),
        (Whereabouts(lat=46.0, lon=-73.0), []),
        (Whereabouts(label="Près du pont"), []),
        (Whereabouts(lat=46.0), ["location_needed"]),
        (Whereabouts(label="x" * (MAX_TEXT + 1)), ["too_long"]),
    ):
        assert [each.code for each in problems(Draft("1", where=where), category)] == codes


def test_a_category_without_a_place_asks_for_none() -> None:
    assert problems(Draft("1"), Category("X", "ENV", Bilingual("X"))) == ()
