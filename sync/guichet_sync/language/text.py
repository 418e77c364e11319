"""HTML of a fiche as plain text."""

from __future__ import annotations

from html.parser import HTMLParser

_BLOCKS = frozenset({"p", "li", "tr", "td", "th", "h2", "h3", "h4", "br", "ul", "ol", "table"})


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []

    def handle_data(self, data: str) -> None:
        self.parts.append(data)

    def handle_starttag(self, tag: str, _attrs: list[tuple[str, str | None]]) -> None:
        if tag in _BLOCKS:
            self.parts.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in _BLOCKS:
            self.parts.append(" ")


def plain_text(html: str) -> str:
    """The words of ``html``, blocks separated by one space."""
    if "<" not in html and "&" not in html:
        return " ".join(html.split())
    reader = _Text()
    reader.feed(html)
    reader.close()
    return " ".join("".join(reader.parts).split())
