"""The documents' gate reads command lines as a shell does, and finds the parts of a page."""

from __future__ import annotations

import pytest

from tests.tooling.documents import blocks, commands_of, refusal, section


@pytest.mark.parametrize(
    "line",
    [
        "ls -l && cat x",
        "echo secret | guichetctl enrol --server https://ville.example --user a --password-stdin",
        "GUICHET_DATA=/srv/g /opt/guichet/bin/guichet-central serve --port 8311 &",
        "guichetctl --json requests --near 46.03,-72.98,800 > list.json",
        "python3 dev.py check --only types",
        "guichetctl search 'a | b; c'  # whatever",
    ],
)
def test_a_right_line_passes(line: str) -> None:
    assert refusal(line) == ""


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("echo secret | guichetctl enrol --server https://ville.example", "--user"),
        ("ls; guichetctl dance", "dance"),
        ("guichetctl status && GUICHET_DATA=x /opt/guichet/bin/guichet-central serve --prot 1", "--prot"),
        ("guichetctl search < words > found", "text"),
        ("python3 dev.py chekc", "chekc"),
    ],
)
def test_a_wrong_command_is_named_wherever_it_stands_in_a_line(line: str, said: str) -> None:
    assert said in refusal(line)


def test_a_section_ends_with_the_next_heading_of_its_rank() -> None:
    page = "# A\none\n## B\ntwo\n### C\nthree\n## D\nfour\n"
    assert section(page, "B") == "\ntwo\n### C\nthree\n"
    assert section(page, "D") == "\nfour\n"
    assert "four" in section(page, "A")
    with pytest.raises(KeyError):
        section(page, "E")


def test_blocks_are_found_by_their_language_with_what_they_are_called() -> None:
    page = '```json Hello\n{"a": 1}\n```\n\n```console\n$ ls \\\n  -l\nfile\n```\n\n```\nplain\n```\n'
    assert list(blocks(page, "json")) == [("Hello", '{"a": 1}\n')]
    assert list(blocks(page, "")) == [("", "plain\n")]
    assert list(commands_of(page)) == ["ls    -l"]
