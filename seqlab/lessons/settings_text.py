"""YAML from outside, with the line of each setting: no aliases, no repeated names, plain values alone."""

from collections.abc import Hashable
from typing import Any

import yaml

from seqlab.errors import Fault

Path = tuple[str | int, ...]
DEEPEST = 12


class SettingsFault(Fault):
    """What is wrong with a setting, and at which line of its text, from 0 on."""

    def __init__(self, line: int, sentence: str) -> None:
        super().__init__(sentence)
        self.line = line


class _Loader(yaml.SafeLoader):
    """The safe loader without aliases, of which a few lines could make gigabytes."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            event = self.peek_event()  # type: ignore[no-untyped-call]
            raise SettingsFault(event.start_mark.line, "Names with * repeat a part of the file; write it out instead.")
        return super().compose_node(parent, index)


def parse(text: str) -> tuple[dict[str, Any], dict[Path, int]]:
    """Read settings; gives them and the line of each, by its path. Raises SettingsFault."""
    try:
        loader = _Loader(text)
    except yaml.YAMLError:
        raise SettingsFault(0, "A character stands here that no text has; write these lines anew.") from None
    try:
        node = loader.get_single_node()
        if node is None:
            return {}, {}
        if not isinstance(node, yaml.MappingNode):
            raise SettingsFault(0, "Write settings as name: value, one a line.")
        lines = dict[Path, int]()
        _note(node, (), lines)
        return dict(loader.construct_document(node)), lines
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise SettingsFault(mark.line if mark else 0, _sentence(error)) from None
    except (yaml.YAMLError, ValueError):  # a date that cannot be
        raise SettingsFault(0, "These settings cannot be read; put texts into quotation marks.") from None
    finally:
        loader.dispose()


def _note(node: yaml.Node, path: Path, lines: dict[Path, int]) -> None:
    """Write down the line of every setting; raises SettingsFault for one that stands there twice or too deep."""
    lines[path] = node.start_mark.line
    if len(path) > DEEPEST:
        raise SettingsFault(node.start_mark.line, "These settings are nested too deep.")
    if isinstance(node, yaml.MappingNode):
        seen = set[Hashable]()
        for key, value in node.value:
            if key.value in seen:
                raise SettingsFault(key.start_mark.line, f"{str(key.value)!r:.40} stands here twice; keep one.")
            seen.add(str(key.value))
            _note(value, (*path, str(key.value)), lines)
            lines[(*path, str(key.value))] = key.start_mark.line
    elif isinstance(node, yaml.SequenceNode):
        for place, value in enumerate(node.value):
            _note(value, (*path, place), lines)


def _sentence(error: yaml.MarkedYAMLError) -> str:
    problem = error.problem or "it is not written as YAML"
    if "mapping values are not allowed" in problem:
        return "A text with a colon in it stands in quotation marks: ask: \"What is z: open or closed?\"."
    if "\\t" in problem:
        return "Indent with spaces, not with a tab."
    return f"This is not YAML: {problem}. Look at quotation marks, brackets and indentation."
