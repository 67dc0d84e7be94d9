"""The files of one folder, one by one: read from the address, written to it, and known as both sides have them."""

import hashlib
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from seqlab.files import append_line, write_aside
from seqlab.remote import layout
from seqlab.remote.known import Both, Known
from seqlab.remote.layout import JOURNAL, STATUS, Local
from seqlab.remote.store import Entry, Store

WRITTEN = "="  # what stands before a token that is not known yet, for the file was written from here
UNSURE = "-"  # the stamp of a file that may have changed while it was compared


class Exchange:
    """Moves files of a folder by their names and notes what both sides have then; methods raise Unreachable."""

    def __init__(self, unit: str, folder: Path, store: Store, known: Known) -> None:
        self.unit, self.folder, self.known, self._store = unit, folder, known, store

    def at(self, name: str) -> str:
        """The name of a file among all at the address."""
        return f"{self.unit}/{name}" if self.unit else name

    def drop(self, name: str) -> None:
        """Delete a file here."""
        (self.folder / name).unlink(missing_ok=True)

    def remove(self, name: str) -> None:
        """Delete a file there."""
        self._store.remove(self.at(name))

    def recognise(self, there: Mapping[str, Entry], mine: Mapping[str, Local]) -> None:
        """Take note of the words that files have there that were written from here; ``mine`` where it is held here.

        What another may have written over is read again, unless it is about to be written again.
        """
        files = self.known.files
        for name, both in list(files.items()):
            if both.token.startswith(WRITTEN) and name in there:
                sure = layout.is_large(name) or (name in mine and name != JOURNAL and (
                    name != STATUS or mine[name].stamp != both.stamp))
                content = None if sure else self._store.read(self.at(name))
                if sure or (content is not None and both.token == _written(content)):
                    files[name] = both._replace(token=there[name].token)

    def pull(self, name: str, entry: Entry, *, asked: bool = False) -> None:
        """Have a file here as it is there; a large one only where it is ``asked`` for, or was here before."""
        file = self.folder / name
        if layout.is_large(name) and not asked and not file.exists():
            self.known.files[name] = Both(entry.token, "", entry.size)
            return
        content = self._store.read(self.at(name))
        if content is None or not self.folder.is_dir():  # it was moved meanwhile
            return
        before = file.read_bytes() if file.exists() else None
        file.parent.mkdir(parents=True, exist_ok=True)
        if before is not None and name.endswith(".jsonl") and content.startswith(before):
            with open(file, "ab") as lines:  # whoever reads it reads on
                lines.write(content[len(before):])
        elif content != before:
            write_aside(file, content, 0o600)
        self.known.files[name] = Both(entry.token, self._stamp(name, len(content)), len(content))

    def push(self, name: str, here: Local) -> None:
        """Have a file there as it is here."""
        try:
            content = here.content if here.content is not None else (self.folder / name).read_bytes()
        except FileNotFoundError:
            return
        content = layout.whole(name, content)
        self._store.write(self.at(name), content)
        self.known.files[name] = Both(_written(content), here.stamp, len(content))

    def merge(self, name: str, entry: Entry, *, held: bool) -> None:
        """Have the lines of both sides on both, there in the order that they have where the run is ``held``.

        Here lines are only ever added: somebody has read up to one of them, or adds one at this moment.
        """
        theirs, ours = self._store.read(self.at(name)) or b"", (self.folder / name).read_bytes()
        if new := _lacking(ours, theirs):
            append_line(self.folder / name, new.decode().rstrip("\n"))
        both, token = ours + new, entry.token
        if _lacking(theirs, ours) or (held and both != theirs):
            self._store.write(self.at(name), both)
            token = _written(both)
        self.known.files[name] = Both(token, self._stamp(name, len(both)), len(both))

    def _stamp(self, name: str, size: int) -> str:
        with suppress(FileNotFoundError):
            local = layout.look(self.folder, name)
            return local.stamp if local and (self.folder / name).stat().st_size == size else UNSURE
        return UNSURE


def _lacking(ours: bytes, theirs: bytes) -> bytes:
    """The lines of theirs that ours has not, or not as often."""
    mine, lines = Counter(ours.splitlines()), []
    for line in theirs.splitlines():
        mine[line] -= 1
        lines += [line + b"\n"] * (mine[line] < 0)
    return b"".join(lines)


def _written(content: bytes) -> str:
    return WRITTEN + hashlib.sha256(content).hexdigest()[:16]
