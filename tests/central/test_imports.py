from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from guichet_sync.central import schema
from guichet_sync.central.database import open_engine, reading
from guichet_sync.central.importers.articles import read_articles
from guichet_sync.central.importers.run import Options, import_file
from guichet_sync.domain.article import Article
from tests.central.conftest import Run
from tests.central.files import fiche, has_fiche, record, write_file
from tests.helpers.central import copied_city

Document = Callable[..., Any]


def test_a_fiche_is_cleaned_of_all_but_its_structure(city_url: str, document: Document, tmp_path: Path) -> None:
    body = '<p onclick="x()">Un <script>alert(1)</script><a href="http://x">lien</a><img src=x></p><ul><li>point</li></ul>'
    path = write_file(tmp_path, "fiches.jsonl", [fiche("X-1", fr={"title": "Titre", "body": body}, en={"title": "Title"}), ""])
    assert document(city_url, "import", "articles", path) == {"imported": 1, "skipped": 0, "problems": []}
    kept = record(city_url, ("kb", "article"), "X-1", Article)
    assert kept.fr.body == "<p>Un lien</p><ul><li>point</li></ul>"
    assert kept.terms_fr is not None
    assert kept.terms_en is not None
    assert "titr" in kept.terms_fr.title


def test_public_articles_are_known_by_their_shape_or_by_the_format_asked_for(
    city_url: str, document: Document, tmp_path: Path
) -> None:
    rows = [{"id": "part/F1", "fid": "F1", "title": "Impôt", "body": "Un\n\n<b>deux</b>", "desc": None}]
    path = write_file(tmp_path, "public.jsonl.gz", [*rows, {"fid": "F2", "title": "Deux", "body": "…"}])
    for options in ([], ["--format", "service-public"]):
        assert document(city_url, "import", "articles", path, *options)["imported"] == 2
    kept = record(city_url, ("kb", "article"), "part/F1", Article)
    assert kept.fr.body == "<p>Un</p><p>&lt;b&gt;deux&lt;/b&gt;</p>"


def test_a_file_with_bad_lines_is_refused_whole_and_each_is_named(
    city_url: str, run: Run, document: Document, tmp_path: Path
) -> None:
    lines = [
        fiche("X-1"),
        "{",
        fiche("X-1"),
        fiche("X-2", service="ZZZ"),
        {"code": "X-3"},
        "[]",
        fiche(""),
        '{"code": "X\\u0000", "fr": {"title": "x"}}',
        '{"code": "X\\ud800", "fr": {"title": "x"}}',
        fiche("X-4", fr={"title": "x", "duration": 3}),
        '{"code": NaN}',
    ]
    path = write_file(tmp_path, "fiches.jsonl", lines)
    before = document(city_url, "verify")
    status, out, err = run(city_url, "--json", "import", "articles", path)
    assert (status, out) == (1, "")
    named = [line for line in err.splitlines() if line.startswith("ligne ")]
    assert [int(line.split()[1].rstrip("\u00a0:")) for line in named] == list(range(2, 12))
    assert "lignes à corriger : 10." in err
    assert "(X-1)" in named[1]
    assert "(ZZZ)" in named[2]
    assert document(city_url, "verify") == before
    report = document(city_url, "import", "articles", path, "--skip-bad")
    assert (report["imported"], report["skipped"]) == (1, 10)
    assert report["problems"][1] == {"line": 3, "code": "duplicate_code", "value": "X-1"}
    codes = {problem["code"] for problem in report["problems"]}
    assert codes == {"malformed_line", "duplicate_code", "unknown_service", "malformed_article"}


def test_a_thousand_bad_lines_are_counted_and_the_first_hundred_named(city_url: str, run: Run, tmp_path: Path) -> None:
    path = write_file(tmp_path, "fiches.jsonl", [*(fiche(f"X-{rank}") for rank in range(1_500)), *["{"] * 1_000])
    status, _out, err = run(city_url, "import", "articles", path)
    assert status == 1
    assert "lignes à corriger: 1000." in err.replace("\u00a0", "").replace("\u202f", "")
    assert err.count("ligne 1") + err.count("ligne 2") == 100


def test_what_is_printed_of_a_bad_line_commands_no_terminal(city_url: str, run: Run, tmp_path: Path) -> None:
    path = write_file(tmp_path, "fiches.jsonl", [fiche("X", service="\x1b]0;pwned\x07")])
    assert "\x1b" not in run(city_url, "import", "articles", path)[2]


def test_progress_tells_a_rate(city_url: str, run: Run, tmp_path: Path) -> None:
    path = write_file(tmp_path, "fiches.jsonl", [fiche(f"X-{rank}") for rank in range(1_200)])
    status, out, err = run(city_url, "import", "articles", path)
    assert (status, out) == (0, "1\u00a0200 éléments importés.\n")
    assert "articles\u00a0: 1000 (" in err
    assert err.count("/s)") == 2


def test_the_same_file_again_changes_nothing_and_an_amended_one_its_own_lines(
    city_url: str, document: Document, tmp_path: Path
) -> None:
    fiches = [fiche(f"X-{rank}") for rank in range(5)]
    path = write_file(tmp_path, "fiches.jsonl", fiches)
    document(city_url, "import", "articles", path)
    before = document(city_url, "verify")["counts"]
    document(city_url, "import", "articles", path)
    assert document(city_url, "verify")["counts"] == before
    write_file(tmp_path, "fiches.jsonl", [*fiches[:4], fiche("X-4", fr={"title": "Autre"})])
    document(city_url, "import", "articles", path)
    after = document(city_url, "verify")
    assert after["counts"] == before | {"changes": before["changes"] + 1}
    assert after["findings"] == []


def test_two_imports_at_once_follow_each_other(city_url: str, tmp_path: Path) -> None:
    path = Path(write_file(tmp_path, "fiches.jsonl", [fiche(f"X-{rank}") for rank in range(300)]))
    engine = open_engine(city_url)
    with ThreadPoolExecutor(2) as administrators:
        list(administrators.map(lambda _: import_file(engine, read_articles, path, Options(), lambda _n: None), range(2)))
    with reading(engine) as connection:
        told = select(func.count()).select_from(schema.feed).where(schema.feed.c.id.like("X-%"))
        assert connection.execute(told).scalar_one() == 300
    engine.dispose()


@pytest.mark.skipif(os.name == "nt", reason="POSIX signals and named pipes")
def test_ctrl_c_ends_an_import_and_nothing_of_it_is_kept(city: Path, tmp_path: Path) -> None:
    url = copied_city(city, tmp_path / "central")
    pipe = tmp_path / "fiches.jsonl"
    os.mkfifo(pipe)
    command = [sys.executable, "-m", "guichet_sync.central.cli", "--database", url, "--data", str(tmp_path)]
    with (
        subprocess.Popen(
            [*command, "import", "articles", str(pipe)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        ) as process,
        pipe.open("w") as fiches,
    ):
        fiches.writelines(json.dumps(fiche(f"X-{rank}")) + "\n" for rank in range(1_500))
        fiches.flush()
        assert process.stderr is not None
        seen = ""
        while "1000 (" not in seen:
            seen += process.stderr.read(1)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate()
    assert (process.returncode, out) == (1, "")
    assert "Annulé\u00a0: rien n’a été gardé." in err
    assert "Traceback" not in err
    assert not has_fiche(url, "X-1")
    assert has_fiche(url, "COL-001")
