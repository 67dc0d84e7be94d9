"""What a person gives a network to read: a text, its symbols, or ids; nothing is replaced or left out in silence."""

from collections.abc import Sequence

import numpy as np
from jaxtyping import Int

from seqlab.data.vocabulary import UNKNOWN
from seqlab.errors import Fault
from seqlab.training.run import Run

Given = str | Sequence[str] | Sequence[int] | np.ndarray
MOST_NAMED = 8


def ids_of(run: Run, given: Given) -> Int[np.ndarray, "batch time"]:
    """Write an input as ids: of a text cut as the run's task cuts it, of listed symbols, or ids of one or two axes.

    A text follows the mark that begins one, where the task has such a mark. Raises Fault for what the network does not
    know, for an empty input, and for one that is longer than its learned positions reach.
    """
    if isinstance(given, str):
        ids = _of_text(run, given)[None]
    elif not isinstance(given, np.ndarray) and len(given) and all(isinstance(part, str) for part in given):
        ids = _places(run, [str(part) for part in given])[None]
    else:
        ids = _of_numbers(run, given)
    if not ids.size:
        raise Fault("There is nothing to read; give at least one symbol.")
    reach = run.config.network.reach
    if reach is not None and ids.shape[1] > reach:
        raise Fault(f"This network has learned {reach} positions, and the input has {ids.shape[1]:,}; give "
                    "a shorter one.")
    return ids


def condition_of(run: Run, condition: int | None) -> Int[np.ndarray, " batch"] | None:
    """Check what a network is given beside its symbols, such as a delay; raises Fault."""
    count = run.sizes.conditions
    if count and condition is None:
        raise Fault(f"This network is given a condition as an input; add condition=, a number from 0 to {count - 1}.")
    if condition is None:
        return None
    if not count:
        raise Fault("This network is given no condition as an input; leave condition= out.")
    if not 0 <= condition < count:
        raise Fault(f"The condition must be a number from 0 to {count - 1}, not {condition}.")
    return np.array([condition])


def text_of(run: Run, ids: Sequence[int] | np.ndarray) -> str:
    """Write ids as a text, symbols of several characters with a space between them."""
    symbols = [run.symbols[place] for place in np.asarray(ids).ravel().tolist()]
    if run.alphabet is not None:
        return run.alphabet.joined(symbols)
    return ("" if all(len(symbol) == 1 for symbol in symbols) else " ").join(symbols)


def _of_text(run: Run, text: str) -> Int[np.ndarray, " time"]:
    alphabet = run.alphabet
    if alphabet is None:
        single = all(len(symbol) == 1 for symbol in run.symbols)
        return _places(run, list(text) if single else text.split())
    unknown = [symbol for symbol in alphabet.unknown_symbols(text) if symbol != UNKNOWN or alphabet.unknown is None]
    if unknown:
        mark = "" if alphabet.unknown is None else f", or write {UNKNOWN} where it shall read its mark for the unknown"
        raise Fault(f"This network does not know {_listed(unknown)}; leave that out{mark}.")
    ids = np.asarray(alphabet.encode(text))
    return ids if alphabet.begin is None or not len(ids) else np.append(alphabet.begin, ids)


def _places(run: Run, symbols: Sequence[str]) -> Int[np.ndarray, " time"]:
    places = {symbol: place for place, symbol in enumerate(run.symbols)}
    unknown = list(dict.fromkeys(symbol for symbol in symbols if symbol not in places))
    if unknown:
        raise Fault(f"This network does not know {_listed(unknown)}; it knows {_listed(list(run.symbols))}.")
    return np.array([places[symbol] for symbol in symbols], np.int64)


def _of_numbers(run: Run, given: Sequence[int] | Sequence[str] | np.ndarray) -> Int[np.ndarray, "batch time"]:
    try:
        ids = np.asarray(given)
    except (ValueError, TypeError, RuntimeError):
        raise Fault("The input must be a text, a list of symbols, or ids of shape time, or batch and time.") from None
    if ids.ndim not in (1, 2) or (ids.size and ids.dtype.kind not in "iu"):
        raise Fault(f"Ids must be whole numbers of shape time, or batch and time; these have the shape {ids.shape} and "
                    f"the type {ids.dtype}.")
    outside = ids[(ids < 0) | (ids >= run.sizes.symbols)]
    if outside.size:
        raise Fault(f"Ids must be from 0 to {run.sizes.symbols - 1}, not {outside.flat[0]}.")
    return np.atleast_2d(ids).astype(np.int64)


def _listed(symbols: Sequence[str]) -> str:
    return " ".join(map(repr, symbols[:MOST_NAMED])) + (" …" if len(symbols) > MOST_NAMED else "")
