"""Files from elsewhere, from a real server on this machine: whole, once, checked; and every way to fail."""

import hashlib
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import pytest

from seqlab.data import corpora, download
from seqlab.errors import Fault

BOOK = b"It was a dark and stormy night. " * 20_000
SHA1 = f"sha1:{hashlib.sha1(BOOK).hexdigest()}"


class Handler(BaseHTTPRequestHandler):
    """Gives the book at /book, half of it at /half, and nothing anywhere else."""

    asked: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        self.asked.append(self.path)
        if self.path not in ("/book", "/half"):
            self.send_error(404)
            return
        self.send_response(200)
        self.send_header("Content-Length", str(len(BOOK)))
        self.end_headers()
        self.wfile.write(BOOK if self.path == "/book" else BOOK[:len(BOOK) // 2])

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[str]:
    Handler.asked.clear()
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http_server:
        threading.Thread(target=http_server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{http_server.server_address[1]}"
        http_server.shutdown()


@pytest.fixture(autouse=True)
def cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A cache folder of its own, and no file laid ready."""
    monkeypatch.setenv("SEQLAB_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("SEQLAB_DATA", raising=False)
    return tmp_path / "cache"


def left(cache: Path) -> list[str]:
    return [file.name for file in cache.rglob("*") if file.is_file()]


def test_a_file_is_fetched_once_and_the_progress_reaches_its_end(server: str, cache: Path) -> None:
    progress: list[tuple[int, int]] = []
    path = download.fetch(f"{server}/book", "book.txt", SHA1, "The book", lambda *now: progress.append(now))
    assert path.read_bytes() == BOOK
    assert progress[-1] == (len(BOOK), len(BOOK))
    assert all(0 < done <= total for done, total in progress)
    assert len(progress) > 3, "a bar that jumps from nothing to all shows no progress"
    assert [done for done, _ in progress] == sorted(done for done, _ in progress)
    assert download.fetch(f"{server}/book", "book.txt", SHA1, "The book") == path
    assert Handler.asked == ["/book"]
    assert download.at_hand("book.txt", SHA1)


@pytest.mark.parametrize("checksum", [SHA1, None])
def test_a_download_that_breaks_off_half_way_leaves_nothing(server: str, cache: Path, checksum: str | None) -> None:
    with pytest.raises(Fault, match=r"The book could not be downloaded: .*broke off.*Python topics"):
        download.fetch(f"{server}/half", "book.txt", checksum, "The book")
    assert not left(cache)
    assert not download.at_hand("book.txt", checksum)


def test_a_wrong_checksum_is_refused_and_the_file_is_thrown_away(server: str, cache: Path) -> None:
    with pytest.raises(Fault, match="The book came with a wrong checksum, so it was thrown away"):
        download.fetch(f"{server}/book", "book.txt", "sha1:" + 40 * "0", "The book")
    assert not left(cache)


def test_a_kept_file_that_was_damaged_is_not_at_hand_and_is_fetched_again(server: str, cache: Path) -> None:
    path = download.fetch(f"{server}/book", "book.txt", SHA1, "The book")
    path.write_bytes(BOOK[:100])
    assert not download.at_hand("book.txt", SHA1)
    assert download.fetch(f"{server}/book", "book.txt", SHA1, "The book").read_bytes() == BOOK


def test_a_missing_file_is_refused(server: str, cache: Path) -> None:
    with pytest.raises(Fault, match=r"not where it should be \(the server answered 404\)"):
        download.fetch(f"{server}/elsewhere", "book.txt", None, "The book")
    assert not left(cache)


def test_without_a_connection_the_message_says_what_to_do(cache: Path) -> None:
    with socket.socket() as free:  # a port that nobody listens at
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(Fault) as error:
        download.fetch(f"http://127.0.0.1:{port}/book", "book.txt", None, "The book")
    assert str(error.value) == ("The book could not be downloaded: there is no connection, or it broke off. Add the "
                                "file yourself, or take the Python topics, which need no network.")


def test_a_folder_that_cannot_be_written_is_no_lack_of_connection(server: str, monkeypatch, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    monkeypatch.setenv("SEQLAB_CACHE", str(tmp_path / "file"))
    with pytest.raises(Fault, match="cannot be kept"):
        download.fetch(f"{server}/book", "book.txt", None, "The book")


def test_a_file_laid_ready_needs_no_network_if_it_is_the_right_one(monkeypatch, tmp_path: Path, cache: Path) -> None:
    (tmp_path / "my_book.txt").write_bytes(BOOK)
    monkeypatch.setenv("SEQLAB_DATA", str(tmp_path))
    assert download.fetch("http://127.0.0.1:9/", "book.txt", SHA1, "The book").read_bytes() == BOOK
    with pytest.raises(Fault):
        download.fetch("http://127.0.0.1:9/", "book.txt", "sha1:" + 40 * "0", "The book")


def test_a_gutenberg_book_comes_by_its_number_without_its_licence(server: str, monkeypatch) -> None:
    monkeypatch.setattr(corpora, "GUTENBERG", f"{server}/book?{{0}}")
    monkeypatch.setattr(Handler, "do_GET", _licensed)
    assert not corpora.at_hand("gutenberg-77")
    book = corpora.corpus("gutenberg-77")
    assert (book.title, book.text.strip()) == ("Gutenberg book 77", "The story.")
    assert corpora.at_hand("gutenberg-77")


def _licensed(self: Handler) -> None:
    body = (b"Title: X\r\n*** START OF THE PROJECT GUTENBERG EBOOK X ***\r\nThe story.\r\n"
            b"*** END OF THE PROJECT GUTENBERG EBOOK X ***\r\nLicence")
    self.send_response(200)
    self.send_header("Content-Length", str(len(body)))
    self.end_headers()
    self.wfile.write(body)
