from __future__ import annotations

from contextlib import closing
from pathlib import Path

from guichet_sync.store import catalogue, mirror
from tests.helpers.central import AGENT, CentralServer
from tests.helpers.posts import synced


def test_a_new_post_mirrors_the_whole_city(any_central: CentralServer, tmp_path: Path) -> None:
    with closing(synced(tmp_path / "post", any_central.url, AGENT)) as desk:
        held = catalogue.figures(desk.store)
        assert (held.articles, held.categories, held.requests, held.addresses) == (70, 50, 42, 2785)
        assert {each.space for each in mirror.cursors(desk.store)} >= {"kb", "taxonomy", "places"}
