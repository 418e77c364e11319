from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QUrl
from PySide6.QtGui import QTextDocument
from pytestqt.qtbot import QtBot

from guichet_desktop.models.fiche import MAX_NESTING, parted, safe, shown
from guichet_desktop.widgets.safe_browser import SafeBrowser
from guichet_sync.domain.article import Article, ArticleText
from guichet_sync.domain.words import Bilingual, Language
from guichet_sync.wording import Words

FRENCH = Words(Language.FR)
HOSTILE = (
    '<p onclick="x()">Bonjour</p><img src="file:///etc/passwd"><img src="http://127.0.0.1:9/pixel.png">'
    '<a href="http://127.0.0.1:9/">lien</a><script>alert(1)</script><style>@import url(http://127.0.0.1:9/)</style>'
    '<iframe src="file:///etc/passwd"></iframe><object data="file:///etc/passwd"></object>'
)


@pytest.mark.parametrize("address", ["file:///etc/passwd", "http://127.0.0.1:9/x.png", "data:text/plain,x", "qrc:/x"])
def test_the_browser_loads_no_resource(qtbot: QtBot, address: str) -> None:
    browser = SafeBrowser("Texte de la fiche", 15)
    qtbot.addWidget(browser)
    for kind in QTextDocument.ResourceType:
        assert not browser.loadResource(kind.value, QUrl(address))
        assert not browser.document().resource(kind.value, QUrl(address)), "the document opens it itself"


def test_even_hostile_html_given_to_the_browser_shows_words_alone(qtbot: QtBot) -> None:
    browser = SafeBrowser("Texte de la fiche", 15)
    qtbot.addWidget(browser)
    browser.setHtml(HOSTILE)
    browser.show()
    browser.grab()
    assert "root:" not in browser.toPlainText()
    assert not browser.openLinks()
    assert not browser.openExternalLinks()


def test_a_fiche_keeps_its_structure_and_loses_what_lives() -> None:
    cleaned = safe(HOSTILE + "<ul><li>un</li></ul><table><tr><td>deux</td></tr></table>")
    assert "<li>un</li>" in cleaned
    assert "<td>deux</td>" in cleaned
    for gone in ("src", "href", "onclick", "script", "style", "iframe", "object", "127.0.0.1"):
        assert gone not in cleaned.replace("lien", "")


def test_a_fiche_too_deeply_nested_becomes_plain_words() -> None:
    deep = "<ul><li>" * (MAX_NESTING + 1) + "fond" + "</li></ul>" * (MAX_NESTING + 1)
    assert safe(deep) == "fond"


@given(st.text(alphabet="<>/abdiopruhl&;\"'= ", max_size=300))
def test_no_text_makes_a_link_an_image_or_an_attribute(body: str) -> None:
    cleaned = safe(body)
    assert "<a" not in cleaned
    assert "<img" not in cleaned
    assert "=" not in "".join(piece.split(">")[0] for piece in cleaned.split("<")[1:])


_PIECES = st.sampled_from(
    ["<p>mot</p>", "<ul><li>un</li><li>deux</li></ul>", "<h3>Titre</h3>", "texte nu ", "a<br>b", "<p>" + "x " * 900 + "</p>"]
)


@given(st.lists(_PIECES, max_size=30).map("".join))
def test_a_long_fiche_comes_in_pieces_that_lose_nothing_and_break_no_element(body: str) -> None:
    pieces = tuple(parted(body))
    assert "".join(pieces) == body
    for piece in pieces:
        assert all(piece.count(f"<{tag}>") == piece.count(f"</{tag}>") for tag in ("p", "ul", "li", "h3"))
    assert all(len(piece) < 3_000 + 2_000 for piece in pieces)


def test_the_card_says_all_parts_with_their_words_escaped() -> None:
    text = ArticleText("Titre", say="Dites.", checks=("a < b",), bring=("<b>x</b>",), duration="2 h", must_say=("Avis",))
    card = shown(Article("A", text, verified_on=date(2026, 1, 2), owner=Bilingual("Chef")), FRENCH, "Service", date(2026, 2, 1))
    assert card.meta == "Service  ·  Chef  ·  vérifiée le 2 janv. 2026  ·  A"
    assert (card.freshness, card.tone, card.say) == ("Vérifiée", "ok", "Dites.")
    body = "".join(card.body_parts)
    assert "a &lt; b" in body
    assert "&lt;b&gt;x&lt;/b&gt;" in body
    assert body.index("Avis") < body.index("a &lt; b") < body.index("2 h")
