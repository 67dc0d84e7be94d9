"""Settings out of a lesson's file, and where in the file something is wrong with them."""

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from seqlab.lessons.lesson import LessonFault
from seqlab.lessons.settings_text import Path, SettingsFault, parse
from seqlab.lessons.words import WordsFault, check_words
from seqlab.training.config import explain

Model = TypeVar("Model", bound=BaseModel)
MOST_NAMED = 8  # settings that a sentence lists


@dataclass(frozen=True)
class Written:
    """Settings as a file has them: its name, the line at which they begin, their values, and the line of each."""

    file: str
    first: int
    values: Mapping[str, Any] = field(default_factory=dict)
    lines: Mapping[Path, int] = field(default_factory=dict)

    @classmethod
    def read(cls, file: str, first: int, text: str) -> "Written":
        """Read settings from YAML; raises LessonFault."""
        try:
            return cls(file, first, *parse(text))
        except SettingsFault as fault:
            raise LessonFault(file, first + fault.line, str(fault)) from None
        except RecursionError:
            raise LessonFault(file, first, "These settings are nested too deep.") from None

    def line(self, *path: str | int) -> int:
        """The line of a setting in the file; of one that is not there, that of what it would stand in."""
        return self.first + next((self.lines[path[:end]] for end in range(len(path), -1, -1)
                                  if path[:end] in self.lines), 0)

    def fault(self, sentence: str, *path: str | int) -> LessonFault:
        """What is wrong with a setting."""
        return LessonFault(self.file, self.line(*path), sentence)

    def inside(self, *path: str) -> "Written":
        """The settings under a setting; raises LessonFault where there are none."""
        values: Any = self.values
        for part in path:
            values = values[part]
        if not isinstance(values, Mapping | None):
            raise self.fault(f"The settings of {path[-1]} stand under it, as name: value.", *path)
        lines = {place[len(path):]: line for place, line in self.lines.items() if place[:len(path)] == path}
        return Written(self.file, self.first, values or {}, lines)

    def made(self, model: type[Model]) -> Model:
        """Make a model of these settings; raises LessonFault at the line of the first that is wrong."""
        try:
            return model.model_validate(dict(self.values))
        except ValidationError as error:
            wrong = error.errors()[0]
            raise self.fault(_said(error, model), *wrong["loc"]) from None


def _said(error: ValidationError, model: type[BaseModel]) -> str:
    wrong = error.errors()[0]
    name = str(wrong["loc"][-1]) if wrong["loc"] else ""
    if wrong["type"] == "extra_forbidden":
        return f"There is no setting {name!r:.40}{near(name, model.model_fields)}."
    if wrong["type"] == "string_type" and isinstance(wrong.get("input"), dict):
        return 'A text with a colon in it stands in quotation marks: "What is z: open or closed?".'
    return f"The setting {name}: is missing." if wrong["type"] == "missing" else explain(error)


def near(word: str, known: Iterable[str]) -> str:
    """Say what a misspelt word may have meant, or all that there is where that is little."""
    names = list(known)
    match = difflib.get_close_matches(word, names, 1)
    if match:
        return f"; perhaps {match[0]} was meant"
    return f"; there are {', '.join(names)}" if len(names) <= MOST_NAMED else ""


def require_words(file: str, first: int, text: str) -> None:
    """Refuse words that may not stand in a lesson; raises LessonFault at their line."""
    try:
        check_words(text)
    except WordsFault as fault:
        raise LessonFault(file, first + fault.line, str(fault)) from None
