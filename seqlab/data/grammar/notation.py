"""Parser of the notation of grammars: ``S -> NP VP [0.5] | S Adv``, a rule a line.

A terminal stands in quotes, a name without. An alternative may end in its probability, as a decimal or a fraction in
square brackets; those without one share what is left evenly. ``""`` or ``ε`` is the empty string, ``#`` begins a
comment, a line that begins with ``|`` goes on with the rule above. A line that says ``spaced`` puts a space between
every two terminals where strings are made of characters.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from seqlab.data.grammar.rules import Alternative, Part, ProductionRule, Rules, TextPosition
from seqlab.data.vocabulary import MARKS
from seqlab.errors import Fault

MOST_TEXT = 20_000  # characters
MOST_ALTERNATIVES = 1_000
MOST_PARTS = 100  # of an alternative
LONGEST_TERMINAL = 200
SPACED = "spaced"

_SIGNS = re.compile(r"""(?P<space>\s+)|(?P<comment>\#.*)|(?P<arrow>->|→|::=)|(?P<bar>\|)|(?P<empty>ε)
    |(?P<terminal>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|“[^”]*”|‘[^’]*’)
    |(?P<probability>\[[^\]]*\])|(?P<name>[^\W\d]\w*(?:-\w+)*)""", re.VERBOSE)
_NUMBER = re.compile(r"\s*(?:\d{1,9}\s*/\s*\d{1,9}|\d{0,9}\.?\d{1,18}|\d{1,9}\.)\s*")
_TOLERANCE = Fraction(1, 10**6)  # of a sum of probabilities, for they may be rounded
_LEAST = Fraction(1, 10**9)


@dataclass(frozen=True)
class _Sign:
    kind: str
    text: str
    position: TextPosition


def read(text: str) -> Rules:
    """Read a grammar; raises Fault with line and column where the text cannot be understood."""
    if len(text) > MOST_TEXT:
        raise Fault(f"The grammar has {len(text):,} characters; the most is {MOST_TEXT:,}.")
    spaced, heads, bodies = False, list[_Sign](), list[list[_Sign]]()
    for number, line in enumerate(text.splitlines(), 1):
        signs = list(_signs(line, number))
        if not signs:
            continue
        if len(signs) == 1 and signs[0].text == SPACED:
            spaced = True
        elif signs[0].kind == "bar" and bodies:
            bodies[-1] += signs
        else:
            heads.append(_head(signs, line))
            bodies.append(signs[2:])
    if not heads:
        raise Fault('Line 1, column 1: the grammar has no rule. Write one such as S -> "a" S "b" | "".')
    _require_once(heads)
    rules = tuple(_rule(head, body) for head, body in zip(heads, bodies, strict=True))
    if sum(len(rule.alternatives) for rule in rules) > MOST_ALTERNATIVES:
        raise Fault(f"The grammar has more than {MOST_ALTERNATIVES:,} alternatives, which is too large for this page.")
    return Rules(rules, spaced)


def _signs(line: str, number: int) -> Iterator[_Sign]:
    at = 0
    while at < len(line):
        position, match = TextPosition(number, at + 1), _SIGNS.match(line, at)
        if match is None:
            raise position.fault(_unexpected(line[at]))
        if match.lastgroup not in ("space", "comment"):
            yield _Sign(str(match.lastgroup), match.group(), position)
        at = match.end()


def _unexpected(sign: str) -> str:
    if sign in "\"'“‘":
        return "this quotation mark is never closed."
    if sign == "[":
        return "this square bracket is never closed. Write a probability as [0.5] or [1/2]."
    if sign in "()*+?":
        return f'{sign} is not part of this notation. In quotes, "{sign}", it is a terminal.'
    shown = sign if sign.isprintable() else f"the sign U+{ord(sign):04X}"
    return f"{shown} cannot stand here. Terminals stand in quotes, names begin with a letter."


def _head(signs: list[_Sign], line: str) -> _Sign:
    first, second = signs[0], signs[1] if len(signs) > 1 else None
    if first.kind != "name":
        raise first.position.fault("a rule begins with the name of its symbol, as in S -> NP VP.")
    if second is None or second.kind != "arrow":
        position = TextPosition(first.position.line, len(line.rstrip()) + 1) if second is None else second.position
        raise position.fault(f"after {first.text} an arrow -> is missing.")
    return first


def _require_once(heads: list[_Sign]) -> None:
    seen: dict[str, TextPosition] = {}
    for head in heads:
        if head.text in seen:
            raise head.position.fault(f"{head.text} has a rule already, in line {seen[head.text].line}. Put all "
                                      "alternatives into one rule, with | between them.")
        seen[head.text] = head.position


def _rule(head: _Sign, body: list[_Sign]) -> ProductionRule:
    """Cut a body at its bars, and share out the probability that was not given."""
    end = TextPosition(body[-1].position.line, body[-1].position.column + len(body[-1].text)) if body else TextPosition(
        head.position.line, head.position.column + len(head.text) + 3)
    groups: list[list[_Sign]] = [[]]
    for sign in body:
        if sign.kind == "bar":
            if not groups[-1]:
                raise sign.position.fault('nothing stands before this |. Write "" for the empty string.')
            groups.append([])
        elif sign.kind == "arrow":
            raise sign.position.fault("a second arrow in one rule. Begin each rule on a line of its own.")
        else:
            groups[-1].append(sign)
    if not groups[-1]:
        raise end.fault('an alternative is missing here. Write "" for the empty string.')
    given = [_probability(group) for group in groups]
    return ProductionRule(head.text, tuple(
        Alternative(_parts(group), share, group[0].position)
        for group, share in zip(groups, _shares(head, given), strict=True)), head.position)


def _probability(group: list[_Sign]) -> Fraction | None:
    """Take the probability off the end of an alternative."""
    for sign in group[:-1]:
        if sign.kind == "probability":
            raise sign.position.fault("a probability stands at the end of its alternative. Before the next one goes a "
                                      "|.")
    if group[-1].kind != "probability":
        return None
    sign = group.pop()
    inside = sign.text[1:-1]
    if not _NUMBER.fullmatch(inside):
        raise sign.position.fault(f"{sign.text[:40]} is no probability. Write one as [0.5] or [1/2].")
    above, _, below = inside.partition("/")
    if below and not int(below):
        raise sign.position.fault(f"{sign.text} divides by 0.")
    value = Fraction(int(above), int(below)) if below else Fraction(above.strip())
    if not _LEAST <= value <= 1:
        raise sign.position.fault(f"the probability {inside.strip()} is not above 0 and at most 1. Leave an "
                                  "alternative out that is never used.")
    if not group:
        raise sign.position.fault('nothing stands before this probability. Write "" for the empty string.')
    return value


def _shares(head: _Sign, given: list[Fraction | None]) -> list[Fraction]:
    known = sum((share for share in given if share is not None), Fraction(0))
    open_ = given.count(None)
    if open_ and known >= 1:
        raise head.position.fault(f"the probabilities of {head.text} that are given sum to {_fraction(known)}, which "
                                  f"leaves nothing for the other {open_}.")
    if not open_ and abs(known - 1) > _TOLERANCE:
        raise head.position.fault(f"the probabilities of {head.text} sum to {_fraction(known)}, not to 1.")
    rest = (1 - known) / open_ if open_ else Fraction(0)
    total = known if not open_ else Fraction(1)
    return [(rest if share is None else share) / total for share in given]


def _fraction(value: Fraction) -> str:
    return str(value) if value.denominator < 1000 and value.denominator not in (10, 100) else f"{float(value):.6g}"


def _parts(group: list[_Sign]) -> tuple[Part, ...]:
    if len(group) > MOST_PARTS:
        raise group[MOST_PARTS].position.fault(f"an alternative has at most {MOST_PARTS} parts.")
    parts = [Part(_text(sign), sign.kind != "name", sign.position) for sign in group]
    return tuple(part for part in parts if part.text)


def _text(sign: _Sign) -> str:
    """What a sign stands for: a name, or the inside of quotes."""
    if sign.kind == "name":
        return sign.text
    if sign.kind == "empty":
        return ""
    inside = sign.text[1:-1]
    if sign.text[0] in "\"'":
        inside = re.sub(r"\\(.)", r"\1", inside)
    if len(inside) > LONGEST_TERMINAL:
        raise sign.position.fault(f"a terminal has at most {LONGEST_TERMINAL} characters.")
    for character in inside:
        if character in MARKS:
            raise sign.position.fault(f"{character} is a sign that seqlab needs itself; choose another.")
        if not character.isprintable():
            raise sign.position.fault(f"a terminal cannot hold the invisible sign U+{ord(character):04X}.")
    return inside
