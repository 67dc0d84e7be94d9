"""Quantities along a string, such as its bracket depth after each token, that a hidden state may encode."""

import re
from collections.abc import Callable, Sequence

import numpy as np
from jaxtyping import Float

from seqlab.data.grammar.grammar import Grammar

Quantities = dict[str, Float[np.ndarray, " time"]]

MOST_SYMBOLS = 12  # of a person's grammar that are followed
DEPTH, PARENTHESES, POSITION = "bracket depth", "open parentheses", "tokens so far"
_OPEN, _CLOSE = "([{<", ")]}>"
_WORDS = {"Noun": "a noun comes next", "VP": "a verb comes next", "Adj": "an adjective comes next",
          "Det": "an article comes next", "Adv": "an adverb comes next", "Prep": "a preposition comes next",
          "Con": "a conjunction comes next"}


def quantities(grammar: Grammar, tokens: Sequence[str]) -> Quantities:
    """The quantities of a grammar along a string; NaN where one has no meaning, and once it has left the language."""
    values_by_name = _OF.get(grammar.name, _of_any)(grammar, tokens)
    left = grammar.left_at(tokens)
    for values in values_by_name.values():
        values[len(tokens) if left is None else left:] = np.nan
    return values_by_name


def _of_ndfa(grammar: Grammar, tokens: Sequence[str]) -> Quantities:
    """Which word, where in it and how often it has been written; all at characters."""
    text = "".join(tokens)
    if grammar.level == "word":
        return {**_words_of_ndfa(tokens), **_position(tokens)}
    place = np.array([0 if sign == "s" else (at - 1) % 4 + 1 for at, sign in enumerate(text)], float)
    return {**_branches(text, len(tokens)), "place in the word": _inside(text, place),
            "repeats so far": _inside(text, _running(tokens, "!"))}


def _words_of_ndfa(tokens: Sequence[str]) -> Quantities:
    repeats = np.cumsum([token != "s" for token in tokens]).astype(float)
    return {**_branches("".join(tokens), len(tokens)), "repeats so far": _inside(tokens, repeats)}


def _branches(text: str, time: int) -> Quantities:
    return {f"the word is {word}": _inside_any(np.full(time, float(text[1:2] == word[0])))
            for word in ("abc!", "uvw!", "klm!")}


def _inside_any(values: Float[np.ndarray, " time"]) -> Float[np.ndarray, " time"]:
    values[:1] = 0  # before a word is begun it is none of them
    return values


def _inside(tokens: Sequence[str], values: Float[np.ndarray, " time"]) -> Float[np.ndarray, " time"]:
    """Leave out the last s, after which nothing counts any more."""
    if len(tokens) > 1 and tokens[-1] == "s":
        values[-1] = np.nan
    return values


def _of_brackets(grammar: Grammar, tokens: Sequence[str]) -> Quantities:
    depth = _depth(tokens)
    return {DEPTH: depth, "deepest so far": np.maximum.accumulate(depth) if len(depth) else depth, **_position(tokens)}


def _of_english(grammar: Grammar, tokens: Sequence[str]) -> Quantities:
    if grammar.level == "word":
        joins = np.cumsum([token in ("while", "but") for token in tokens])
        counts = {"words so far": np.arange(1.0, len(tokens) + 1)}
    else:
        joins = np.zeros(len(tokens))
        for join in re.finditer(r"\b(?:while|but) ", "".join(tokens)):
            joins[join.end() - 1:] += 1
        counts = {"words so far": 1 + _running(tokens, " "), "letters into the word": _since(tokens, " "),
                  "the word ends here": _next(grammar, tokens, " ")}
    return {PARENTHESES: _depth(tokens), "clauses begun": 1.0 + joins} | counts | _symbols(grammar, tokens, _WORDS)


def _of_any(grammar: Grammar, tokens: Sequence[str]) -> Quantities:
    values_by_name = _position(tokens)
    if any(token in _OPEN for token in grammar.tokens):
        values_by_name |= {DEPTH: _depth(tokens)}
    names = [rule.name for rule in grammar.rules.reached][:MOST_SYMBOLS]
    return values_by_name | _symbols(grammar, tokens, {name: f"{name} reads the next" for name in names})


def _symbols(grammar: Grammar, tokens: Sequence[str], names: dict[str, str]) -> Quantities:
    """Probability that each symbol reads the next token, and that the string ends."""
    expected = grammar.expects(tokens)
    probabilities = {}
    for symbol, label in names.items():
        values = np.full(len(tokens), np.nan)
        values[:len(expected)] = [each.get(symbol, 0.0) for each in expected]
        probabilities[label] = values
    walk = grammar.walk(tokens)
    return probabilities | {"the end comes next": walk.expected[1:, -1].copy()}


def _next(grammar: Grammar, tokens: Sequence[str], sign: str) -> Float[np.ndarray, " time"]:
    """Probability that a sign or the end follows."""
    row = grammar.walk(tokens).expected[1:]
    return np.asarray(row[:, grammar.tokens.index(sign)] + row[:, -1])


def _depth(tokens: Sequence[str]) -> Float[np.ndarray, " time"]:
    return np.cumsum([(token in _OPEN) - (token in _CLOSE) for token in tokens]).astype(float)


def _position(tokens: Sequence[str]) -> Quantities:
    return {POSITION: np.arange(1.0, len(tokens) + 1)}


def _running(tokens: Sequence[str], sign: str) -> Float[np.ndarray, " time"]:
    return np.cumsum([token == sign for token in tokens]).astype(float)


def _since(tokens: Sequence[str], sign: str) -> Float[np.ndarray, " time"]:
    """Tokens since the last sign, 0 on it."""
    at = np.arange(1, len(tokens) + 1)
    last = np.where([token == sign for token in tokens], at, 0)
    return (at - np.maximum.accumulate(last)).astype(float) if len(tokens) else np.zeros(0)


_OF: dict[str, Callable[[Grammar, Sequence[str]], Quantities]] = {
    "ndfa": _of_ndfa, "brackets": _of_brackets, "dyck": _of_brackets, "toy-english": _of_english}
