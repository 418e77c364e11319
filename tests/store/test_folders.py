"""Where a profile's files are: the names that other programs and papers rely on."""

from __future__ import annotations

from pathlib import Path

from guichet_sync.store.folders import ProfileFolder


def test_every_file_has_its_name(tmp_path: Path) -> None:
    folder = ProfileFolder(tmp_path / "profile")
    person = folder.person("0123")
    paths = (folder.public, person.people, person.work, folder.keys, folder.settings, folder.exchange_lock, folder.log)
    names = "public.db people/0123/people.db people/0123/work.db keys.db settings.toml exchange.lock log".split()
    assert [path.relative_to(folder.path).as_posix() for path in paths] == names


def test_only_a_folder_with_work_in_it_is_a_person(tmp_path: Path) -> None:
    folder = ProfileFolder(tmp_path)
    one, other = folder.new_person(), folder.new_person()
    assert one != other
    folder.person(one).work.touch()
    assert folder.persons() == (one,)
