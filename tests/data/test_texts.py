"""From a person's text to ids, and from many texts to a batch."""

import numpy as np
import pytest

from seqlab.data.texts import Texts, cut, read
from seqlab.data.tokens import Part, Tokens, ascii_words, divided, most_frequent, words_of
from seqlab.data.vocabulary import UNKNOWN, Vocabulary
from seqlab.errors import Fault

ROWS = [("The plot was good, the plot!", 1), ("Dull.<br /><br />Dull", 0), ("1999 !!", 0), ("café Ünder don't", 1)]
KNOWN = Vocabulary.of_tokens(("the", "plot", "good"), "word")


def test_words_are_letters_in_lower_case() -> None:
    assert words_of(ROWS[0][0]) == ["the", "plot", "was", "good", "the", "plot"]
    assert words_of(ROWS[1][0]) == ["dull", "dull"], "a tag is no word"
    assert words_of(ROWS[3][0]) == ["café", "ünder", "don", "t"]
    assert words_of("a < b and c > d") == ["a", "b", "and", "c", "d"] or words_of("a < b and c > d") == ["a", "d"]
    assert words_of("Фильм 很好") == ["фильм", "很好"]


def test_the_published_reader_keeps_a_to_z_and_the_names_of_tags() -> None:
    assert ascii_words(ROWS[1][0]) == ["dull", "br", "br", "dull"]
    assert ascii_words(ROWS[3][0]) == ["caf", "nder", "don", "t"]
    assert ascii_words("Фильм 很好, 10/10") == []
    assert Tokens.of(ROWS, "ascii").words == ("br", "caf", "don", "dull", "good", "nder", "plot", "t", "the", "was")


def some(*rows: int) -> Part:
    return Part(Tokens.of(ROWS), np.array(rows), "train")


def test_words_are_counted_and_encoded() -> None:
    tokens = Tokens.of(ROWS)
    assert tokens.lengths.tolist() == [6, 2, 0, 4]
    assert tokens.labels.tolist() == [1, 0, 0, 1]
    assert [tokens.words[place] for place in tokens.ids[:6]] == words_of(ROWS[0][0])
    assert most_frequent(some(0, 1, 2)) == ["dull", "plot", "the", "good", "was"]
    assert most_frequent(some(1)) == ["dull"]
    assert most_frequent(some(0), some(1), some(1)) == ["dull", "plot", "the", "good", "was"]
    assert tokens.encoded(KNOWN)[:6].tolist() == [4, 5, 3, 6, 4, 5]


@pytest.mark.parametrize(("keep", "ids"), [("start", [0, 1, 2, 3, 4]), ("end", [5, 6, 7, 8, 9]),
                                           ("both", [0, 1, 7, 8, 9])])
def test_a_long_text_is_cut(keep: str, ids: list[int]) -> None:
    assert cut(np.arange(10), 5, keep).tolist() == ids
    assert cut(np.arange(5), 5, keep).tolist() == [0, 1, 2, 3, 4]
    assert cut(np.arange(10), None, keep).tolist() == list(range(10))


def test_texts_are_laid_beside_each_other() -> None:
    texts = Texts.of(some(0, 1, 2), KNOWN, 4)
    ids, lengths = texts.padded(np.array([1, 0, 2]))
    assert lengths.tolist() == [2, 4, 1], "a text without words is read as one that nobody knows"
    assert ids.tolist() == [[3, 3, 0, 0], [4, 5, 3, 6], [3, 0, 0, 0]]
    assert texts.labels.tolist() == [1, 0, 0]
    assert Texts.of(some(0, 1, 2), KNOWN, 4, swapped=True).labels.tolist() == [0, 1, 1]


def test_each_label_is_divided_by_itself() -> None:
    labels = np.array([0] * 50 + [1] * 10)
    first, rest = divided(labels, np.arange(60), 0.8)
    assert sorted([*first, *rest]) == list(range(60))
    assert labels[first].sum() == 8
    assert labels[rest].sum() == 2
    assert divided(labels, np.arange(60), 0.8)[0].tolist() == first.tolist()


def test_a_persons_review_is_read() -> None:
    review = read("The PLOT <script>alert(1)</script> was: good", KNOWN, 5)
    assert review.words == ("the", "plot", "alert", "was", "good")
    assert review.ids.tolist() == [4, 5, 3, 3, 6]
    assert review.total == 5
    assert read("The <br> café", KNOWN, 5, ascii_words).words == ("the", "br", "caf")
    assert dict(review.unknown_words) == {"alert": 1, "was": 1}


def test_a_very_long_review_is_cut_and_said() -> None:
    review = read("good plot " * 25_000, KNOWN, 300)
    assert (len(review.words), review.total, review.unknown_words) == (300, 50_000, {})
    assert read("x" * 3_000_000, KNOWN, 300).total == 1


def test_another_script_is_read_as_unknown_words() -> None:
    review = read("Этот фильм хорош", KNOWN, 300)
    assert review.ids.tolist() == [3, 3, 3]
    assert len(review.unknown_words) == 3
    assert KNOWN.decode(review.ids) == " ".join([UNKNOWN] * 3)


@pytest.mark.parametrize("text", ["", "   ", "!?! 12", "<b></b>"])
def test_a_review_of_no_words_is_refused(text: str) -> None:
    with pytest.raises(Fault, match="no word in this review"):
        read(text, KNOWN, 300)
