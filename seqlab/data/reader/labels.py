"""The labels of a table: written in any case, as words or as numbers, and how many texts each has."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from seqlab.errors import Fault

MOST_LABELS = 20
FEWEST = 8  # different texts of a label
LONGEST_LABEL = 40
LISTED = 4
_WHOLE = re.compile(r"([+-]?\d+)\.0*")
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?")


def folded(label: str) -> str:
    """Make labels equal that differ in case or surrounding space alone, and ``1`` and ``1.0``."""
    text = " ".join(label.split()).casefold()
    whole = _WHOLE.fullmatch(text)
    return whole[1] if whole else text


@dataclass
class LabelCounts:
    """The labels that a table has: how each is written, how often, and hashes of its different texts."""

    written: dict[str, Counter[str]] = field(default_factory=dict)
    different: dict[str, set[int]] = field(default_factory=dict)

    def add(self, label: str, text: str) -> None:
        """Count a text with its label."""
        key = folded(label)
        if key not in self.written:
            self.written[key], self.different[key] = Counter(), set()
        self.written[key][label] += 1
        self.different[key].add(hash(text))

    @property
    def enough(self) -> list[str]:
        """Labels with enough different texts, folded: numbers by their size, words by the alphabet."""
        keys = [key for key, texts in self.different.items() if len(texts) >= FEWEST]
        numbers = all(_NUMBER.fullmatch(key) for key in self.written)
        return sorted(keys, key=lambda key: (float(key) if numbers else 0.0, key))

    def name(self, key: str) -> str:
        """Write a label as the table mostly does; the number without an empty fraction."""
        most: str = self.written[key].most_common(1)[0][0]
        return key if _NUMBER.fullmatch(key) else most

    def names(self) -> Mapping[str, str]:
        """Names of the labels that can be learned, by what they are folded to; raises Fault."""
        keys = self.enough
        listed = ", ".join(f"{key!r:.{LONGEST_LABEL}}" for key in list(self.written)[:LISTED])
        listed += " …" if len(self.written) > LISTED else ""
        if not self.written:
            raise Fault("The table has no texts with a label; take one with a text and a label in each row.")
        if len(self.written) == 1:
            raise Fault(f"All texts have the same label, {listed}, so there is nothing to tell apart; take texts of "
                        "two kinds or more, or another column.")
        if len(keys) < 2:
            raise Fault(f"The labels {listed} have too few texts for training and validation; take at least {FEWEST} "
                        "different texts of each of two labels, or another column.")
        if len(keys) > MOST_LABELS:
            raise Fault(f"The table has {len(keys)} labels: {listed}. Take a column with at most {MOST_LABELS}.")
        if max(map(len, keys)) > LONGEST_LABEL:
            raise Fault(f"The labels are longer than {LONGEST_LABEL} characters; take short names, such as negative "
                        "and positive, or another column.")
        return {key: self.name(key) for key in keys}
