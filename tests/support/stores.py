"""A bucket on this machine."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.clusters import free_port
from tests.support.waiting import wait_for


class Bucket:
    """A server that speaks S3, as a process of its own; ``environment`` is what those need who speak to it."""

    def __init__(self, process: "subprocess.Popen[bytes]", port: int) -> None:
        self._process = process
        self.address = f"s3://lab-{port}/runs"
        self.environment = {"AWS_ACCESS_KEY_ID": "nobody", "AWS_SECRET_ACCESS_KEY": "nothing",
                            "AWS_DEFAULT_REGION": "us-east-1", "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
                            "AWS_MAX_ATTEMPTS": "1", "AWS_EC2_METADATA_DISABLED": "true"}

    def take_away(self) -> None:
        """Let it answer nobody."""
        self._process.send_signal(signal.SIGSTOP)

    def give_back(self) -> None:
        """Let it answer again."""
        self._process.send_signal(signal.SIGCONT)


@contextmanager
def bucket(folder: Path) -> Iterator[Bucket]:
    """An empty bucket, whose server ends with the block."""
    port, log = free_port(), folder / "bucket.log"
    with log.open("wb") as out:
        process = subprocess.Popen([sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
                                   stdout=out, stderr=out, stdin=subprocess.DEVNULL, env=os.environ)
    try:
        wait_for(lambda: b"Running on" in log.read_bytes())
        yield Bucket(process, port)
    finally:
        process.send_signal(signal.SIGCONT)
        process.kill()
        process.wait()
