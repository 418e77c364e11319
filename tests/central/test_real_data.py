from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.central.files import all_requests

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
ARTICLES = DATA / "articles" / "service_public_fr.jsonl.gz"
REQUESTS = DATA / "montreal-311-plateau" / "requests.csv.gz"
_IMPORT_AND_WEIGH = """
import re, sys
from guichet_sync.central.cli import main
status = main(sys.argv[1:])
print(re.search(r"VmHWM:\\s+(\\d+) kB", open("/proc/self/status").read())[1])
sys.exit(status)
"""
"""What it weighed at its heaviest, in KiB. Not by getrusage: that counts what its parent weighed when it was started."""
Document = Callable[..., Any]
pytestmark = [
    pytest.mark.full,
    pytest.mark.skipif(sys.platform != "linux", reason="what a program weighs is asked of Linux"),
    pytest.mark.skipif(not (ARTICLES.is_file() and REQUESTS.is_file()), reason="the real articles and requests are not here"),
]


def test_every_real_article_is_taken_and_the_same_again_changes_nothing(city_url: str, document: Document) -> None:
    assert document(city_url, "import", "articles", str(ARTICLES)) == {"imported": 7_591, "skipped": 0, "problems": []}
    before = document(city_url, "verify")
    assert before["findings"] == []
    document(city_url, "import", "articles", str(ARTICLES))
    assert document(city_url, "verify") == before


def test_seventy_five_thousand_real_requests_are_taken_within_three_hundred_megabytes(
    city_url: str, document: Document, tmp_path: Path
) -> None:
    command = [sys.executable, "-c", _IMPORT_AND_WEIGH, "--database", city_url, "--data", str(tmp_path)]
    done = subprocess.run([*command, "import", "requests", str(REQUESTS), "--limit", "75000"], check=True, capture_output=True)
    assert int(done.stdout.split()[-1]) / 1024 < 300
    assert document(city_url, "verify")["findings"] == []
    requests = all_requests(city_url)
    assert len(requests) == 75_042
    assert len({request.number for request in requests}) == 75_042


def test_no_category_of_the_open_data_is_without_a_place(city_url: str, document: Document) -> None:
    report = document(city_url, "import", "requests", str(REQUESTS))
    assert report == {"imported": 135_782, "skipped": 0, "problems": []}
