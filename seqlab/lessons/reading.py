"""A lesson from its file: front matter in YAML, then one ``## Title`` for each step with its settings and its words."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from seqlab.files import slug
from seqlab.lessons.check import Check, check_kinds
from seqlab.lessons.file_format import Front, StepSettings, opened
from seqlab.lessons.lesson import VERSION, Lesson, LessonFault, Origin, Question, Step
from seqlab.lessons.words import blocks
from seqlab.lessons.written import Written, near, require_words

MOST_BYTES, MOST_STEPS = 64 * 1024, 40  # of a file, of a lesson
MOST_TITLE, MOST_WORDS = 80, 2500  # characters of a step's title and of its words
FENCE = "step"
_NAME = re.compile(r"(?:(?P<number>\d{1,2})-)?(?P<name>[a-z][a-z0-9-]{0,59})")
_FRONT = re.compile(r"---[ \t]*\n(?P<yaml>.*?)^---[ \t]*$\n?", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True)
class _Part:
    """The text of a step: the file, the title, the line of the title from 1 on, and the lines under it."""

    file: str
    title: str
    line: int
    body: str

    def fault(self, sentence: str, below: int = 0) -> LessonFault:
        """What is wrong, so many lines below the title."""
        return LessonFault(self.file, self.line + below, sentence)


def read(text: str | bytes, name: str, origin: Origin = "uploaded") -> Lesson:
    """Read a lesson; ``name`` is that of its file. Raises LessonFault with the line and what to do."""
    text = _decoded(text, name).replace("\r\n", "\n").replace("\r", "\n")
    stem = name.removesuffix(".md")
    match = _NAME.fullmatch(stem)
    if match is None:
        raise LessonFault(name[:80], 1, "The name of the file is the lesson's address, in small letters, digits and "
                                        f"hyphens; name it {slug(stem).lstrip('0123456789-') or 'my-lesson'}.md.")
    head = _FRONT.match(text)
    if head is None:
        raise LessonFault(name, 1, "The file begins with ---, settings such as title: and minutes:, and --- again.")
    front = _front(name, head["yaml"])
    steps = tuple(map(_step, _parts(name, text[head.end():], head.group().count("\n") + 1)))
    return Lesson(match["name"], front.title, int(match["number"] or 0), front.minutes, front.summary, front.makes,
                  front.teacher.strip(), steps, front.format, origin, text)


def _decoded(text: str | bytes, name: str) -> str:
    size = len(text if isinstance(text, bytes) else text.encode(errors="replace"))
    if size > MOST_BYTES:
        raise LessonFault(name, 1, f"A lesson has at most {MOST_BYTES // 1024} KB, and this has more; make two of it.")
    try:
        return text.decode("utf-8-sig") if isinstance(text, bytes) else text.removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        line = error.object[:error.start].count(b"\n") + 1
        raise LessonFault(name, line, "This is not text in UTF-8; save the file as UTF-8.") from None


def _front(name: str, text: str) -> Front:
    written = Written.read(name, 2, text)
    version = written.values.get("format")
    if isinstance(version, int) and version > VERSION:
        raise written.fault(f"This lesson is written for a newer seqlab (format {version}; this one reads {VERSION}); "
                            "update seqlab to open it.", "format")
    front = written.made(Front)
    require_words(name, written.line("teacher") + 1, front.teacher)
    return front


def _parts(name: str, text: str, first: int) -> list[_Part]:
    """Cut the text at its headings of the second order; raises LessonFault for text before, and for too many."""
    lines = text.split("\n")
    heads = [token.map[0] for token in blocks(text) if token.tag == "h2" and token.map and not token.level
             and lines[token.map[0]].lstrip().startswith("##")]
    before = next((place for place, line in enumerate(lines[:heads[0] if heads else None]) if line.strip()), None)
    if before is not None:
        raise LessonFault(name, first + before, "Words stand under a step; begin one with a line such as ## Look.")
    if not 1 <= len(heads) <= MOST_STEPS:
        raise LessonFault(name, first, f"A lesson has 1 to {MOST_STEPS} steps, each under a line that begins with ##; "
                                       f"this has {len(heads)}.")
    return [_Part(name, lines[start].strip("# \t"), first + start, "\n".join(lines[start + 1:end]))
            for start, end in zip(heads, [*heads[1:], len(lines)], strict=True)]


def _step(part: _Part) -> Step:
    if not 1 <= len(part.title) <= MOST_TITLE:
        raise part.fault(f"The title of a step has 1 to {MOST_TITLE} characters.")
    fences = [(token.map, token.content) for token in blocks(part.body)
              if token.type == "fence" and token.info.strip() == FENCE and token.map]
    if len(fences) > 1:
        raise part.fault("A step has one block of settings; put this into the first one, or begin a new step.",
                         1 + fences[1][0][0])
    lines, written = part.body.split("\n"), Written(part.file, part.line)
    for (start, end), content in fences:
        written = Written.read(part.file, part.line + start + 2, content)
        lines[start:end] = [""] * (end - start)
    return _made(part, written, "\n".join(lines))


def _made(part: _Part, written: Written, words: str) -> Step:
    require_words(part.file, part.line + 1, words)
    if not words.strip():
        raise part.fault("This step has no words; write what to do under its settings.")
    if len(words) > MOST_WORDS:
        raise part.fault(f"The words of a step have at most {MOST_WORDS:,} characters, and these have {len(words):,}; "
                         "make two steps of it.")
    settings = written.made(StepSettings)
    page, address = opened(settings.open)
    question = Question(settings.kind, settings.ask, settings.choices) if settings.ask else None
    return Step(part.title, words.strip(), page, address, settings.look, question,
                _check(written, settings, question), settings.hints, part.line,
                {name: written.line(name) for name in written.values})


def _check(written: Written, settings: StepSettings, question: Question | None) -> Check | None:
    if settings.check is None:
        if question is not None:
            raise written.fault("A question needs a check that knows what is right; docs/lessons.md lists them.", "ask")
        return None
    given = {settings.check: None} if isinstance(settings.check, str) else settings.check
    if len(given) != 1:
        raise written.fault("A step has one check: its name, and under it its settings.", "check")
    (name,) = given
    kind = check_kinds().get(name)
    if kind is None:
        raise written.fault(f"There is no check {name!r:.40}{near(name, check_kinds())}; docs/lessons.md lists them.",
                            "check", name)
    if kind.answers and (question is None or question.kind not in kind.answers):
        raise written.fault(f"The check {name} judges an answer: ask for one with ask: and "
                            f"{_ways(kind.answers)}.", "check")
    if question is not None and not kind.answers:
        raise written.fault(f"The check {name} looks at what is done and takes no answer; leave ask: out, and say in "
                            "the words what to do.", "check")
    inside = written.inside("check", name) if isinstance(settings.check, Mapping) else Written(
        written.file, written.line("check"))
    return Check(kind, inside.made(kind.settings))


def _ways(answers: tuple[str, ...]) -> str:
    """How the kinds of answers are written."""
    return " or ".join("a list of choices:" if answer == "choice" else f"answer: {answer}" for answer in answers)
