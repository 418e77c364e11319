"""Provisional numbers: read aloud, written on paper, typed again by somebody else."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guichet_sync.domain.errors import InvalidInput
from guichet_sync.domain.ids import LETTERS, ProvisionalNumber, check_letter, enrolment_code, enrolment_rank

codes = st.integers(0, 99 * 23 * 3).map(enrolment_code)
numbers = st.builds(ProvisionalNumber, codes, st.integers(1, 999_999))


@given(numbers)
def test_a_number_is_read_back_as_it_was_given(number: ProvisionalNumber) -> None:
    assert ProvisionalNumber.parse(str(number)) == number


@given(numbers)
def test_a_number_is_understood_as_people_type_it(number: ProvisionalNumber) -> None:
    assert ProvisionalNumber.parse(f"  {str(number).lower().replace('-', ' ')} ") == number


def test_a_number_has_the_form_that_agents_know() -> None:
    assert str(ProvisionalNumber("C07", 142)) == "C07-0142-" + check_letter("C07", 142)
    assert len(str(ProvisionalNumber("C07", 12345))) == len("C07-12345-V")


@given(numbers, st.data())
def test_every_single_wrong_character_is_caught(number: ProvisionalNumber, data: st.DataObject) -> None:
    text = str(number)
    place = data.draw(st.sampled_from([i for i, character in enumerate(text) if character != "-"]))
    wrong = data.draw(st.sampled_from([c for c in LETTERS + "0123456789" if c != text[place]]))
    with pytest.raises(InvalidInput):
        ProvisionalNumber.parse(text[:place] + wrong + text[place + 1 :])


def _neighbours(text: str) -> list[tuple[int, int]]:
    """Pairs of places whose characters follow each other when dashes are not counted."""
    places = [i for i, character in enumerate(text) if character != "-"]
    return [(a, b) for a, b in itertools.pairwise(places) if text[a] != text[b]]


def test_every_swap_of_neighbours_is_caught() -> None:
    for sequence in range(1, 10_000):
        text = str(ProvisionalNumber("C07", sequence))
        for a, b in _neighbours(text):
            swapped = list(text)
            swapped[a], swapped[b] = text[b], text[a]
            with pytest.raises(InvalidInput):
                ProvisionalNumber.parse("".join(swapped))


@pytest.mark.parametrize("text", ["", "C07", "C07-142-V", "I07-0142-V", "26-000123", "C07-0142-VV", "٠٧"])
def test_what_is_not_a_number_is_said_to_have_the_wrong_form(text: str) -> None:
    with pytest.raises(InvalidInput, match="number_form"):
        ProvisionalNumber.parse(text)


def test_codes_of_enrolments_never_repeat() -> None:
    ranks = range(99 * 23 * 4)
    assert len({enrolment_code(rank) for rank in ranks}) == len(ranks)
    assert [enrolment_code(rank) for rank in (0, 98, 99, 99 * 23)] == ["A01", "A99", "B01", "A101"]


def test_a_code_tells_its_rank_and_no_other_text_does() -> None:
    assert all(enrolment_rank(enrolment_code(rank)) == rank for rank in range(99 * 23 * 4))
    assert [enrolment_rank(code) for code in ("A00", "A100", "A001", "C٠٧")] == [-1] * 4


def test_there_is_no_code_before_the_first() -> None:
    with pytest.raises(ValueError, match="-1"):
        enrolment_code(-1)
