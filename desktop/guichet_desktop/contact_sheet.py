"""``index.html`` beside pictures: the pictures of each group side by side, each under its title."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Picture:
    """A file beside the page, and what stands over it."""

    file: str
    title: str


@dataclass(frozen=True, slots=True)
class Group:
    """Pictures that are looked at together."""

    name: str
    pictures: tuple[Picture, ...]


def write(folder: Path, title: str, groups: Sequence[Group]) -> None:
    """Write the page into the folder of the pictures."""
    links = "".join(f'<a href="#{escape(group.name)}">{escape(group.name)}</a> ' for group in groups)
    page = _HTML.format(title=escape(title), links=links, groups="".join(map(_section, groups)))
    (folder / "index.html").write_text(page, encoding="utf-8")


def _section(group: Group) -> str:
    name = escape(group.name)
    return f'<h2 id="{name}">{name}</h2><div class="side">{"".join(map(_figure, group.pictures))}</div>'


def _figure(picture: Picture) -> str:
    file, title = escape(picture.file), escape(picture.title)
    return (
        f'<figure><figcaption>{title}</figcaption><a href="{file}"><img src="{file}" alt="{title}" loading="lazy"></a></figure>'
    )


_HTML = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title><style>
body {{ font: 14px sans-serif; margin: 20px; background: #eef2f6; color: #1b2a41; }}
.side {{ display: flex; gap: 16px; overflow-x: auto; align-items: flex-start; }}
figure {{ margin: 0; flex: none; }} img {{ width: 640px; border: 1px solid #d3dbe5; }}
</style></head><body><h1>{title}</h1><p>{links}</p>{groups}</body></html>
"""
