"""Alphabets: the symbols of a network in the order of their ids, from whatever a person has."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from seqlab.errors import Fault
from seqlab.files import parse_json, refusal
from seqlab.numerals import counted

MOST_BYTES = 64 * 2**20  # of a text that an alphabet is taken from
NUMBERS = "numbers"  # the symbols have no names
_LISTS = ("chars", "itos", "vocab", "vocabulary", "symbols", "alphabet", "idx_to_token", "id2char", "i2c", "idx2char",
          "int2char", "ix_to_char", "index_to_char", "words")
_TABLES = ("stoi", "token_to_idx", "char2id", "c2i", "char2idx", "char2int", "char_to_ix", "char_to_index", "word2idx",
           "vocab", "vocabulary")


def symbols_from(given: str | bytes, count: int) -> tuple[str, ...]:
    """Read an alphabet of ``count`` symbols; () for numbers. Raises Fault where there are more or fewer.

    It may be a JSON list, a table (``stoi`` or ``itos``) in JSON, or an object that holds one of these; the characters
    themselves in the order of their ids; or a text, whose different characters are taken in sorted order, and where
    one is lacking the unknown (``<unk>``) before them.
    """
    text = _text(given)
    if text.strip() == NUMBERS or not text:
        return ()
    listed = _json(text)
    if listed is not None:
        return _counted(listed, count, "the list")
    once = tuple(dict.fromkeys(text))
    if len(once) == len(text) == count:
        return once
    stripped = text.strip("\r\n")
    for different in (sorted(set(text)), sorted(set(stripped)), ["<unk>", *sorted(set(stripped))]):
        if len(different) == count:
            return tuple(different)
    return _counted(sorted(set(text)), count, "the text")


def read_file(path: Path) -> str:
    """Read a file that an alphabet is taken from; raises Fault for one that is not there, too large or no text."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise Fault(f"The file {path.name!r:.80} has more than {MOST_BYTES // 2**20} MB; take the alphabet from a "
                        "smaller one.")
        return _text(path.read_bytes())
    except OSError as error:
        raise Fault(f"The file {path.name!r:.80} cannot be read: {refusal(error)}.") from None


def in_facts(facts: Mapping[str, Any], count: int) -> tuple[tuple[str, ...], str]:
    """Find an alphabet of ``count`` symbols among what stands beside the tensors of a file, and say where."""
    for path, value in _walk(facts):
        name = path.rpartition(".")[2]
        if name in _LISTS or name in _TABLES:
            symbols = _symbols(value)
            if symbols is not None and len(symbols) == count == len(set(symbols)):
                return tuple(symbols), f"the file has {path}"
    return (), ""


def _walk(facts: Mapping[str, Any], before: str = "", depth: int = 3) -> Sequence[tuple[str, Any]]:
    pairs = [(f"{before}{key}", value) for key, value in facts.items()]
    inner = [pair for path, value in pairs if isinstance(value, Mapping) and depth
             for pair in _walk(value, f"{path}.", depth - 1)]
    return [*pairs, *inner]


def _text(given: str | bytes) -> str:
    if isinstance(given, str):
        return given
    try:
        return given.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Fault("The alphabet is not UTF-8; save it as UTF-8 and try again.") from None


def _json(text: str) -> list[str] | None:
    """The symbols of a list or a table in JSON; None where the text is none."""
    if text.lstrip()[:1] not in ("[", "{"):
        return None
    try:
        value = parse_json(text.encode(errors="replace"))
    except ValueError:
        return None
    if isinstance(value, dict):
        inner = [part for path, part in _walk(value) if path.rpartition(".")[2] in (*_LISTS, *_TABLES)]
        value = next((part for part in inner if _symbols(part) is not None), value)
    symbols = _symbols(value)
    if symbols is None and isinstance(value, dict):
        raise Fault("The table of symbols must give each symbol a number from 0 on, without a gap.")
    return symbols


def _symbols(value: object) -> list[str] | None:
    """Symbols in the order of their ids: of a text, a list of texts, or a table one way or the other."""
    if isinstance(value, str):
        return list(value)
    if isinstance(value, list | tuple):
        return list(value) if all(isinstance(symbol, str) for symbol in value) else None
    if isinstance(value, Mapping):
        by_id = {_number(key): symbol for key, symbol in value.items()}
        if all(isinstance(symbol, int) and not isinstance(symbol, bool) for symbol in value.values()):
            by_id = {place: str(symbol) for symbol, place in value.items()}
        if value and set(by_id) == set(range(len(value))) and all(isinstance(name, str) for name in by_id.values()):
            return [by_id[place] for place in range(len(value))]
    return None


def _number(key: object) -> int:
    return key if isinstance(key, int) else int(key) if isinstance(key, str) and key.isdecimal() else -1


def _counted(symbols: Sequence[str], count: int, what: str) -> tuple[str, ...]:
    if len(symbols) != count:
        raise Fault(f"The network reads {counted(count, 'different symbol')}, and {what} has {len(symbols):,}; give "
                    "all of its symbols in the order of their numbers, or leave them numbers.")
    twice = next((symbol for place, symbol in enumerate(symbols) if symbol in symbols[:place]), None)
    if twice is not None:
        raise Fault(f"The symbol {twice!r:.40} stands twice in {what}; each must be another one.")
    return tuple(symbols)


def as_answer(symbols: Sequence[str]) -> str:
    """Write symbols as an answer to what they are."""
    return json.dumps(list(symbols), ensure_ascii=False)


def written(vocabulary: object) -> str:
    """Write a program's vocabulary as an answer: a text, a list, a table, or an object with one; raises Fault."""
    for name in ("idx_to_token", "itos", "stoi"):
        vocabulary = getattr(vocabulary, name, vocabulary)
    if isinstance(vocabulary, str):
        return vocabulary
    try:
        listed = vocabulary if isinstance(vocabulary, Mapping) else list(vocabulary)  # type: ignore[call-overload]
        return json.dumps(listed)
    except (TypeError, ValueError):
        raise Fault("The vocabulary must be its characters, a list of symbols, or a table from symbols to "
                    "numbers.") from None
