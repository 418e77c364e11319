"""What two mirrors compare: the same records give the same sums, whoever wrote them and in whatever order."""

from __future__ import annotations

import json
import random
from collections import Counter
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from guichet_sync.protocol import codec
from guichet_sync.protocol.checksum import BUCKETS, bucket_of, record_digest

_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
_BODIES = st.dictionaries(st.text(max_size=10), _VALUES, max_size=5)


def _shuffled(value: Any, chance: random.Random) -> Any:
    """The same JSON value with its keys in another order, at every depth."""
    if isinstance(value, dict):
        items = [(key, _shuffled(each, chance)) for key, each in value.items()]
        chance.shuffle(items)
        return dict(items)
    return [_shuffled(each, chance) for each in value] if isinstance(value, list) else value


@given(_BODIES, st.randoms(use_true_random=False))
def test_a_body_has_one_canonical_form_whoever_wrote_it(body: dict[str, Any], chance: random.Random) -> None:
    canonical = codec.canonical(body)
    assert codec.canonical(_shuffled(body, chance)) == canonical
    assert codec.canonical(codec.decode(canonical, dict)) == canonical
    assert codec.canonical(json.loads(json.dumps(body))) == canonical


@given(_BODIES, st.text(max_size=40))
def test_a_digest_fits_and_tells_kind_id_and_body_apart(body: dict[str, Any], record: str) -> None:
    canonical = codec.canonical(body)
    digest = record_digest("request", record, canonical)
    assert 0 <= digest < 2**40
    others = [("requester", record, canonical), ("request", record + "1", canonical), ("request", record, canonical + b" ")]
    assert digest not in [record_digest(*other) for other in others]


def test_sums_of_the_largest_city_fit_the_integers_of_both_engines() -> None:
    assert (2**40 - 1) * 20_000_000 // BUCKETS * 2 < 2**63


def test_buckets_share_the_records_evenly() -> None:
    shares = Counter(bucket_of("location", f"A{each:05d}") for each in range(51_200))
    assert set(shares) == set(range(BUCKETS))
    assert 100 < min(shares.values()) <= max(shares.values()) < 300
