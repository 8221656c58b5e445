"""Opening the index of a replica: one folder, one process, and built anew when it is of no use.

The folder is stamped with how texts are cut and stored; a stamp that differs, an index that cannot
be opened, or a mark that is missing or not of this feed, means it is built anew from the database.
"""

import fcntl
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TextIO

import tantivy

from services.matching.asking import Mark
from services.matching.documents import STAMP
from services.matching.index import SupplyIndex, read_mark

_LOCK = "lock"


class FolderInUse(Exception):
    """Another process writes to this folder."""


def hold(folder: Path) -> TextIO:
    """The folder's lock, held until it is closed or the process ends. Raises FolderInUse."""
    folder.mkdir(parents=True, exist_ok=True)
    lock = (folder / _LOCK).open("a")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        lock.close()
        raise FolderInUse(str(folder)) from error
    return lock


def open_index(
    folder: Path, is_of_feed: Callable[[Mark], bool], rebuild: Callable[[SupplyIndex], None]
) -> SupplyIndex:
    """The index of this stamp under `folder`, whose lock the caller holds; other stamps go.

    `rebuild` fills an empty one, beside, when there is none that is whole and has followed this
    very feed; only then it is moved to its place, so that a rebuild that was cut short is never
    taken for an index.
    """
    place = folder / STAMP
    _delete_others(folder, place)
    mark = read_mark(place)
    opened = _opened(place) if mark is not None and is_of_feed(mark) else None
    return opened or _built(folder, place, rebuild)


def _opened(place: Path) -> SupplyIndex | None:
    """None when tantivy cannot make sense of the folder, whatever its mark says."""
    try:
        return SupplyIndex(place) if tantivy.Index.exists(str(place)) else None
    except ValueError:
        return None


def _built(folder: Path, place: Path, rebuild: Callable[[SupplyIndex], None]) -> SupplyIndex:
    shutil.rmtree(place, ignore_errors=True)
    draft = SupplyIndex(folder / f"{STAMP}.draft")
    rebuild(draft)
    draft.close()
    draft.folder.replace(place)
    return SupplyIndex(place)


def _delete_others(folder: Path, place: Path) -> None:
    for other in folder.iterdir():
        if other.is_dir() and other != place:
            shutil.rmtree(other)
