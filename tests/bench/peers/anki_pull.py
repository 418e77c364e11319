"""``python anki_pull.py URL FOLDER NOTES``, by the interpreter that has Anki: a collection pulls what another one added."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

USER = PASSWORD = "bench"


def main(url: str, folder: Path, notes: Path) -> None:
    """Say how long the second collection's normal sync took."""
    from anki.collection import Collection  # type: ignore[import-not-found,unused-ignore]

    first, second = (Collection(str(folder / f"{name}.anki2")) for name in ("first", "second"))
    keys = [each.sync_login(USER, PASSWORD, url) for each in (first, second)]
    _whole(first, keys[0], upload=True)
    _whole(second, keys[1], upload=False)
    _add(first, notes.read_text(encoding="utf-8").splitlines())
    _normal(first, keys[0])
    begun = time.perf_counter()
    _normal(second, keys[1])
    seconds = time.perf_counter() - begun
    sys.stdout.write(json.dumps({"seconds": seconds, "notes": second.note_count()}) + "\n")
    for each in (first, second):
        each.close()


def _whole(collection: Any, auth: Any, *, upload: bool) -> None:
    """Both begin the same: from then on a sync is a normal one."""
    said = collection.sync_collection(auth, sync_media=False)
    collection.close_for_full_sync()
    collection.full_upload_or_download(auth=auth, server_usn=said.server_media_usn, upload=upload)
    collection.reopen(after_full_sync=True)


def _normal(collection: Any, auth: Any) -> None:
    said = collection.sync_collection(auth, sync_media=False)
    if said.required not in (said.NO_CHANGES, said.NORMAL_SYNC):
        raise RuntimeError(f"not a normal sync: {said.required}")


def _add(collection: Any, bodies: list[str]) -> None:
    from anki.collection import AddNoteRequest

    kind, deck = collection.models.by_name("Basic"), collection.decks.id("Default")
    asked = []
    for rank, body in enumerate(bodies):
        note = collection.new_note(kind)
        note.fields = [str(rank), body]
        asked.append(AddNoteRequest(note, deck))
    collection.add_notes(asked)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
