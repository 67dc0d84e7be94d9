"""Configs whose settings say what they are: the string below a field is its sentence, wherever the field is shown."""

from typing import Any

from pydantic import BaseModel, ConfigDict


class Described(BaseModel):
    """A config, immutable and without unknown fields, each of which is described by the string below it."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    @classmethod
    def __pydantic_init_subclass__(cls, **options: Any) -> None:
        """Write each description as one line, for a terminal wraps it as it likes."""
        super().__pydantic_init_subclass__(**options)
        for field in cls.model_fields.values():
            field.description = " ".join((field.description or "").split()) or None
