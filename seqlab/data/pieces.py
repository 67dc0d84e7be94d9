"""Pieces of words by byte pair encoding, here of characters: learned from a text, and used to cut one.

A text is first cut into words, each with the space before it, marks of punctuation and white space; no piece crosses
them. Learning begins with the characters and merges the pair that is most frequent, again and again. The pieces in
their order say all: where two neighbours make a known piece they are merged, the pair whose piece was learned first
before others. Source: Sennrich et al. 2016, "Neural Machine Translation of Rare Words with Subword Units".
"""

import os
import re
from collections.abc import Sequence
from functools import lru_cache

from tokenizers import Tokenizer
from tokenizers.models import BPE
from tokenizers.trainers import BpeTrainer

os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")  # threads would not outlive the fork of a worker

FEWEST_TIMES = 2  # that a pair comes before it is merged
_APART = re.compile(r" ?\w+| ?[^\s\w]+|\s")


def learn(text: str, most: int, characters: Sequence[str], longest: int) -> tuple[str, ...]:
    """Learn at most ``most`` pieces of a text: its ``characters`` first, then what is merged, the most frequent first.

    A piece has at most ``longest`` characters.
    """
    learner = BpeTrainer(vocab_size=max(most, len(characters)), min_frequency=FEWEST_TIMES, show_progress=False,
                         initial_alphabet=list(characters), limit_alphabet=len(characters),
                         max_token_length=longest + 1)
    tokenizer = Tokenizer(BPE())
    tokenizer.train_from_iterator(_APART.findall(text), learner)
    places = tokenizer.get_vocab()
    merged = sorted((piece for piece in places if len(piece) > 1), key=places.__getitem__)
    return (*characters, *merged)


def cut(text: str, pieces: Sequence[str]) -> list[str]:
    """Cut a text into pieces; a character that is none stands alone. Joined they are the text again.

    Half of a surrogate pair, which is no character, becomes a question mark.
    """
    words = _APART.findall(text.encode("utf-8", "replace").decode())
    different = list(dict.fromkeys(words))
    encodings = _tokenizer(tuple(pieces)).encode_batch(different)
    known = {word: [word[first:last] for first, last in encoding.offsets]
             for word, encoding in zip(different, encodings, strict=True)}
    return [piece for word in words for piece in known[word]]


@lru_cache(maxsize=16)
def _tokenizer(pieces: tuple[str, ...]) -> Tokenizer:
    """What cuts a text, made from the pieces in their order alone; the mark for the unknown is a symbol of no text."""
    unknown = ""
    ranks = {unknown: 0} | {piece: rank for rank, piece in enumerate(pieces, 1)}
    return Tokenizer(BPE(ranks, merges(pieces), unk_token=unknown, fuse_unk=False))


def merges(pieces: Sequence[str]) -> list[tuple[str, str]]:
    """Which two pieces each longer one is made of, by the merges before it; raises ValueError where no two make it."""
    ranks = {piece: rank for rank, piece in enumerate(pieces)}
    return [_halves(piece, ranks) for piece in pieces if len(piece) > 1]


def _halves(piece: str, ranks: dict[str, int]) -> tuple[str, str]:
    """Merge the characters of a piece by what was learned before it, until two parts are left."""
    parts, own = list(piece), ranks[piece]
    while len(parts) > 2:
        rank, place = min((ranks.get(parts[at] + parts[at + 1], own), at) for at in range(len(parts) - 1))
        if rank >= own:
            raise ValueError(f"no two pieces before {piece!r} make it")
        parts[place:place + 2] = [parts[place] + parts[place + 1]]
    return parts[0], parts[1]

