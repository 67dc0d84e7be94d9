"""What lets people into a class: the address that they open, its links, its codes."""

import os
from dataclasses import dataclass
from urllib.parse import quote

from seqlab.classroom.secrets import ClassKeys

ADDRESS = "SEQLAB_ADDRESS"  # the address that people of a class open


@dataclass(frozen=True)
class Invitation:
    """The address of a class, without a slash at its end, others that lead to the same server, and its secrets."""

    address: str
    keys: ClassKeys
    others: tuple[str, ...] = ()

    @property
    def joining(self) -> str:
        """The link in the QR code: it fills in the code of the class."""
        return f"{self.address}/join?code={quote(self.keys.code)}"

    @property
    def teaching(self) -> str:
        """The teacher's link."""
        return f"{self.address}/teach?key={quote(self.keys.teacher)}"

    @property
    def poster(self) -> str:
        """The page with address, code and QR code, large; the teacher alone may open it."""
        return f"{self.address}/invite"


def invitation(keys: ClassKeys, opened: str) -> Invitation:
    """The invitation of the class of this server; ``opened`` is the address in the teacher's browser.

    It counts where ``seqlab class`` has not said which address people open.
    """
    return Invitation(os.environ.get(ADDRESS) or opened.rstrip("/"), keys)
