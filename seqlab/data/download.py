"""Downloads in a cache folder: each file is fetched once, checked, and written whole or not at all."""

import logging
from collections.abc import Callable
from pathlib import Path

import pooch
import requests

from seqlab import paths
from seqlab.errors import Fault
from seqlab.files import refusal

Progress = Callable[[int, int], None]

SECONDS = 30
INSTEAD = "Add the file yourself, or take the Python topics, which need no network."

# Pooch logs where it writes; pages and the terminal show their own progress.
pooch.get_logger().setLevel(logging.ERROR)


def fetch(url: str, name: str, checksum: str | None, title: str, progress: Progress | None = None,
          instead: str = INSTEAD) -> Path:
    """Return a file from the folder ``SEQLAB_DATA`` names, else from the cache, or download it first.

    ``checksum`` is ``sha1:…``, ``sha256:…`` or ``md5:…`` (None: unknown); ``progress`` is called with the bytes so far
    and those expected; ``instead`` ends the error for a person without a connection. Raises Fault when the file cannot
    be downloaded or has another checksum; nothing is left behind then.
    """
    laid = _laid_ready(name, checksum)
    if laid:
        return laid
    try:
        bar = _Bar(progress) if progress else False
        downloader = pooch.HTTPDownloader(progressbar=bar, timeout=SECONDS)
        return Path(pooch.retrieve(url, checksum, name, paths.cache(), downloader=downloader))
    except ValueError:
        raise Fault(f"{title} came with a wrong checksum, so it was thrown away; try again later, or add the file "
                    "yourself.") from None
    except requests.HTTPError as error:
        status = error.response.status_code if error.response is not None else "an error"
        raise Fault(f"{title} is not where it should be (the server answered {status}); add the file "
                    "yourself.") from None
    except requests.RequestException:
        raise Fault(f"{title} could not be downloaded: there is no connection, or it broke off. "
                    f"{instead}") from None
    except OSError as error:
        raise Fault(f"{title} cannot be kept: {refusal(error)}.") from None


def laid_ready(name: str, checksum: str | None = None) -> Path | None:
    """Find a file that a person put into the folder ``SEQLAB_DATA`` names, or into the cache."""
    cached = paths.cache() / name
    return _laid_ready(name, checksum) or (cached if cached.is_file() and _is(cached, checksum) else None)


def at_hand(name: str, checksum: str | None) -> bool:
    """Whether ``fetch`` would find a file without any network."""
    return laid_ready(name, checksum) is not None


def _laid_ready(name: str, checksum: str | None) -> Path | None:
    """Find a file that somebody put where ``SEQLAB_DATA`` says, under this name or one that ends in it."""
    data = paths.data()
    for path in sorted(data.glob(f"*{name}")) if data else ():
        if _is(path, checksum):
            return path
    return None


def _is(path: Path, checksum: str | None) -> bool:
    kind, _, digest = (checksum or "").partition(":")
    return not kind or pooch.file_hash(str(path), alg=kind) == digest


class _Bar:
    """What pooch expects of a progress bar."""

    def __init__(self, progress: Progress) -> None:
        self._progress, self._done = progress, 0
        self.total = 0

    def update(self, amount: int) -> None:
        """Count the bytes of a chunk."""
        self._done += amount
        self._progress(self._done, self.total)

    def reset(self) -> None:
        """Begin again, as pooch does before its last update."""
        self._done = 0

    def close(self) -> None:
        """Pooch has finished."""
