"""The cookie of a person: who they are, in which class and role, signed; it holds no secret."""

import base64
import binascii
import json
import time

from seqlab.classroom.person import TEACHER, Person
from seqlab.classroom.roster import Roster
from seqlab.classroom.secrets import ClassKeys, same
from seqlab.files import parse_json

DAYS = 200  # after which a cookie is old
LONGEST = 400  # characters


def make(keys: ClassKeys, person: Person, now: float | None = None) -> str:
    """Write the cookie of a person of a class."""
    content = json.dumps({"class": keys.name, "id": person.id, "role": person.role,
                          "made": int(time.time() if now is None else now)}, separators=(",", ":"))
    body = base64.urlsafe_b64encode(content.encode()).decode().rstrip("=")
    return f"{body}.{keys.sign(f'cookie {body}')}"


def read(keys: ClassKeys, roster: Roster, token: str) -> Person | None:
    """Read who a cookie belongs to; None for one that is forged, cut, old, of another class, or of nobody here."""
    body, _, signature = token.partition(".")
    if len(token) > LONGEST or not same(signature, keys.sign(f"cookie {body}")):
        return None
    content = _content(body)
    made = content.get("made")
    old = not isinstance(made, int) or time.time() - made > DAYS * 24 * 3600
    if old or content.get("class") != keys.name:
        return None
    if content.get("role") == TEACHER.role:
        return TEACHER
    person = roster.get(str(content.get("id")))
    return person if person and person.role == content.get("role") else None


def _content(body: str) -> dict[str, object]:
    try:
        content = parse_json(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    except (ValueError, binascii.Error):
        return {}
    return content if isinstance(content, dict) else {}
