"""The settings that a lesson's file may have: those at its head, and those of a step."""

import re
from typing import Annotated, Any, Literal
from urllib.parse import parse_qsl, urlsplit

from pydantic import BaseModel, ConfigDict, Field, model_validator

ShortText = Annotated[str, Field(min_length=1, max_length=300)]
_PAGE = re.compile(r"[a-z0-9-]{0,40}")


class Front(BaseModel):
    """The settings at the head of a lesson's file."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    format: Literal[1] = 1
    title: Annotated[str, Field(min_length=1, max_length=80)]
    minutes: Annotated[int, Field(ge=1, le=90)]
    summary: ShortText
    makes: ShortText
    teacher: Annotated[str, Field(min_length=1, max_length=6000)]


class StepSettings(BaseModel):
    """The settings of a step: what it opens and outlines, what it asks, and how the answer is judged."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    open: Annotated[str, Field(max_length=4000)] = ""
    look: Annotated[tuple[Annotated[str, Field(min_length=1, max_length=80)], ...], Field(max_length=4)] = ()
    ask: Annotated[str, Field(max_length=300)] = ""
    answer: Literal["choice", "number", "letter", "places"] | None = None
    choices: Annotated[tuple[Annotated[str, Field(min_length=1, max_length=120)], ...], Field(max_length=6)] = ()
    check: dict[str, Any] | str | None = None
    hints: Annotated[tuple[ShortText, ...], Field(max_length=5)] = ()

    @model_validator(mode="before")
    @classmethod
    def _one_look(cls, values: Any) -> Any:
        """Let a single key or hint stand without a list."""
        if isinstance(values, dict):
            return values | {key: [values[key]] for key in ("look", "hints") if isinstance(values.get(key), str)}
        return values

    @model_validator(mode="after")
    def _whole(self) -> "StepSettings":
        if (self.choices or self.answer) and not self.ask:
            raise ValueError("choices and answer belong to a question; write it after ask:")
        if self.ask and not (self.choices or self.answer):
            raise ValueError("a question says how it is answered: answer: number, letter or places, or choices:")
        if self.choices and self.answer not in (None, "choice"):
            raise ValueError(f"this question is answered by a {self.answer}, so leave choices: out")
        if self.kind == "choice" and self.ask and not 2 <= len(set(self.choices)) == len(self.choices):
            raise ValueError("a choice has 2 to 6 choices, no two alike; write them as a list after choices:")
        opened(self.open)
        return self

    @property
    def kind(self) -> Literal["choice", "number", "letter", "places"]:
        """How the question is answered."""
        return self.answer or "choice"


def opened(address: str) -> tuple[str, dict[str, str]]:
    """Take an address as copied from a browser apart: the page's name and what stands behind it.

    The server's own name is left out, and so is what belongs to a lesson. Raises ValueError.
    """
    if not address:
        return "", {}
    parts = urlsplit(address)
    page = parts.path.rstrip("/").rpartition("/")[2] or "home"
    if not _PAGE.fullmatch(page) or (not parts.scheme and not address.startswith("/")):
        raise ValueError("open: takes an address as the browser has it, such as /echo?word=hello&delay=3")
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    query.pop("lesson", None)
    return page, query
