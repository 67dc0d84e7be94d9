"""The secrets of a class: its join code, the teacher's secret and the key that signs cookies, in one private file."""

import hmac
import os
import secrets
import time
from functools import lru_cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from seqlab.classroom.limits import Limits
from seqlab.errors import Fault
from seqlab.files import refusal, write_aside

FILE = "class.json"
VARIABLE = "SEQLAB_CLASS"  # the folder of the class, where there is one
LETTERS = "ACDEFGHJKLMNPQRTUVWXY"  # none that is taken for another letter or a digit
CODE_LETTERS = 6


class ClassKeys(BaseModel):
    """What lets people into a class; ``created`` is a unix time.

    ``code`` is what pupils type (six letters, or a password of the teacher's), ``teacher`` the secret of the teacher's
    link, ``signing`` the key of cookies and return codes.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    code: str = Field(min_length=4, max_length=100)
    teacher: str = Field(min_length=20, max_length=200)
    signing: str = Field(min_length=32, max_length=200)
    created: float = Field(ge=0, allow_inf_nan=False)
    limits: Limits = Limits()

    def __repr__(self) -> str:
        return f"ClassKeys({self.name!r})"  # no secret reaches a log

    __str__ = __repr__

    @property
    def name(self) -> str:
        """A public name of the class, which says nothing of its secrets: it stands in cookies."""
        return self.sign("name")[:8]

    @property
    def cookie(self) -> str:
        """Name of the cookie: servers on other ports of one machine have other ones."""
        return f"seqlab-{self.name}"

    def sign(self, text: str) -> str:
        """Sign a text: 64 hexadecimal digits that only this class can make."""
        return hmac.digest(self.signing.encode(), text.encode(), "sha256").hex()


def make(folder: Path, *, code: str = "", limits: Limits | None = None) -> ClassKeys:
    """Make the secrets of a new class in a folder that nobody else can read; raises Fault.

    ``code`` is a password in place of a code of six letters. A class that is there already gets new secrets, so that
    every cookie of the old one ends.
    """
    keys = ClassKeys(code=password(code) if code else fresh_code(CODE_LETTERS), teacher=secrets.token_urlsafe(24),
                     signing=secrets.token_hex(32), created=time.time(), limits=limits or Limits())
    write(folder, keys)
    return keys


def password(text: str) -> str:
    """Take a code of the teacher's own choice; raises Fault where it is too short or too long."""
    words = " ".join(text.split())
    if not 4 <= len(words) <= 100 or not words.isprintable():
        raise Fault("The password of a class needs 4 to 100 characters; choose another one.")
    return words


def write(folder: Path, keys: ClassKeys) -> None:
    """Write secrets down, so that only the owner of the server can read them; raises Fault."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        folder.chmod(0o700)
        write_aside(folder / FILE, keys.model_dump_json(indent=1).encode(), mode=0o600)
    except OSError as error:
        raise Fault(f"The class cannot be written: {refusal(error)}.") from None


def read(folder: Path) -> ClassKeys:
    """Read the secrets of a class; raises Fault where there are none."""
    file = folder / FILE
    try:
        return _read(file, file.stat().st_mtime_ns)
    except OSError:
        raise Fault("The class has no secrets any more; the teacher has to start it again.") from None


def folder() -> Path | None:
    """The folder of the class of this server; None where the server has no class."""
    named = os.environ.get(VARIABLE)
    return Path(named).expanduser().absolute() if named else None


def same(given: str, secret: str) -> bool:
    """Whether two secrets are the same, found in a time that does not depend on where they differ."""
    return hmac.compare_digest(given.encode(errors="replace"), secret.encode())


def same_code(given: str, code: str) -> bool:
    """Whether a code is the right one, however it was typed: small letters, spaces and hyphens do not matter."""
    return same(plain(given), plain(code))


def plain(code: str) -> str:
    """A code as it is compared."""
    return "".join(code[:400].split()).replace("-", "").casefold()


def fresh_code(letters: int) -> str:
    """Make a code of letters that nobody confuses."""
    return "".join(secrets.choice(LETTERS) for _ in range(letters))


@lru_cache(maxsize=8)
def _read(file: Path, stamp: int) -> ClassKeys:
    try:
        return ClassKeys.model_validate_json(file.read_bytes())
    except ValidationError:
        raise Fault("The file of the class cannot be read; the teacher has to start the class again.") from None
