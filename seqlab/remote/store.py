"""The other side: files at an address, through fsspec, whatever kind of address that is."""

import hashlib
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from fsspec.core import url_to_fs
from fsspec.spec import AbstractFileSystem

from seqlab.errors import Fault
from seqlab.remote.layout import TRASH, is_unit, rank

PATIENCE = 10.0  # seconds after which an address that has not answered counts as away
SMALL = 2**20
TRIES = 5  # at a folder in which others delete files too


class Unreachable(OSError):
    """The address does not answer, or refuses."""


class Entry(NamedTuple):
    """A file at the address: a word that changes whenever it is written, and its size in bytes."""

    token: str
    size: int


class Store:
    """Files by their names under an address; each is seen whole or not at all. All methods raise Unreachable.

    ``me`` is this process among all that speak to the address.

    Where the file system has a move of its own, a file is written aside and moved; where it has none, as that of a
    bucket, what is written appears at once.
    """

    def __init__(self, address: str) -> None:
        self.shown, self.me = shown(address), secrets.token_hex(4)
        try:
            self._files, root = url_to_fs(address, use_listings_cache=False, skip_instance_cache=True)
        except ImportError as error:
            raise Fault(f"SEQLAB_RUNS is {self.shown}, and what speaks to it is not installed here: "
                        f"{str(error).strip().rstrip('.')}.") from None
        except Exception:
            raise Fault(f"SEQLAB_RUNS is {self.shown}, which is no address that can be used; docs/deployment.md says "
                        "which can.") from None
        self._root = root.rstrip("/")
        self._moves = type(self._files).mv is not AbstractFileSystem.mv
        self._asked: dict[int, float] = {}

    @property
    def silent(self) -> bool:
        """Whether a question has waited for an answer for too long."""
        return any(time.monotonic() - began > PATIENCE for began in list(self._asked.values()))

    def top(self) -> tuple[set[str], dict[str, Entry]]:
        """Names of the folders, as ``layout.units`` has them, and the files beside them."""
        folders, files = self._inside("")
        trash = self._inside(TRASH)[0] if TRASH in folders else set()
        return {name for name in folders if is_unit(name)} | {f"{TRASH}/{name}" for name in trash}, files

    def _inside(self, name: str) -> tuple[set[str], dict[str, Entry]]:
        folders, files = set[str](), dict[str, Entry]()
        with self._asking(), suppress(FileNotFoundError):
            for about in self._files.ls(self._path(name), detail=True):
                called = about["name"].rstrip("/").rpartition("/")[2]
                if about["type"] == "directory":
                    folders.add(called)
                else:
                    files[called] = _entry(about)
        return folders, files

    def listing(self, unit: str) -> dict[str, Entry]:
        """Every file of a folder by its name inside; none where there is no folder."""
        place = self._path(unit)
        with self._asking():
            try:
                found = self._files.find(place, detail=True)
            except FileNotFoundError:
                return {}
            strip = len(self._files._strip_protocol(place)) + 1
            return {path[strip:]: _entry(about) for path, about in found.items()
                    if path[strip:] and about.get("type") == "file"}

    def read(self, name: str) -> bytes | None:
        """Read a file; None where there is none."""
        with self._asking():
            try:
                return bytes(self._files.cat_file(self._path(name)))
            except FileNotFoundError:
                return None

    def modified(self, name: str) -> float | None:
        """When a file was written, in unix time, by the clock there; None where that is not told."""
        with suppress(Exception):
            return float(self._files.modified(self._path(name)).timestamp())
        return None

    def write(self, name: str, content: bytes) -> None:
        """Write a file."""
        path = self._path(name)
        folder, _, last = path.rpartition("/")
        place = f"{folder}/.{last}.{threading.get_ident()}.aside" if self._moves else path
        with self._asking(len(content) <= SMALL):
            try:
                self._files.pipe_file(place, content)
            except FileNotFoundError:
                self._files.makedirs(folder, exist_ok=True)
                self._files.pipe_file(place, content)
            if self._moves:
                self._files.mv(place, path)

    def remove(self, name: str, *, folder: bool = False) -> None:
        """Delete a file, or a folder with all that is in it; one that is gone already is no matter."""
        with self._asking():
            for _ in range(TRIES):
                try:
                    self._files.rm(self._path(name), recursive=folder)
                    return
                except FileNotFoundError:  # of a folder it may be a file that another has just deleted
                    if not folder or not self._files.exists(self._path(name)):
                        return

    def move(self, before: str, after: str) -> None:
        """Give a folder another name; one that stands there goes."""
        self.remove(after, folder=True)
        if self._moves:
            with self._asking(), suppress(FileNotFoundError):
                self._files.makedirs(self._path(after).rpartition("/")[0], exist_ok=True)
                self._files.mv(self._path(before), self._path(after), recursive=True)
            return
        for name in sorted(self.listing(before), key=rank):
            with self._asking(), suppress(FileNotFoundError):
                self._files.cp_file(self._path(f"{before}/{name}"), self._path(f"{after}/{name}"))
        self.remove(before, folder=True)

    def _path(self, name: str) -> str:
        return f"{self._root}/{name}" if name else self._root

    @contextmanager
    def _asking(self, counts: bool = True) -> Iterator[None]:
        me = threading.get_ident()
        if counts:
            self._asked[me] = time.monotonic()
        try:
            yield
        except Exception as error:  # of a kind that each file system chooses
            raise Unreachable(f"{type(error).__name__}: {error}") from error
        finally:
            self._asked.pop(me, None)


def _entry(about: dict[str, Any]) -> Entry:
    told = sorted((key, repr(value)) for key, value in about.items() if key != "name")
    return Entry(hashlib.sha256(repr(told).encode()).hexdigest()[:16], int(about.get("size") or 0))


def shown(address: str) -> str:
    """An address as a person may see it, without a password."""
    chain, _, last = address.rpartition("::")
    parts = urlsplit(last)
    return f"{chain}{'::' if chain else ''}{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"
