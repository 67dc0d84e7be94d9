"""A drawn text reaches the browser and a file with every number that chose it."""

import io
import struct

import numpy as np
import pytest

from seqlab.data.vocabulary import Vocabulary
from seqlab.figures.film import header_of
from seqlab.figures.studio import SampledText, sampled_npz, studio
from seqlab.reference.sampling import Choice, draw, shape, uniforms

ALPHABET = Vocabulary.of_sentences("abc ")


def sampled(choice: Choice = Choice(temperature=0.7, top_k=3), count: int = 20) -> SampledText:  # noqa: B008
    logits = np.random.default_rng(2).normal(size=(count, len(ALPHABET))).astype(np.float32)
    draws = uniforms(5, count)
    return SampledText("ab", ALPHABET, choice, 5, draw(shape(logits, choice, ALPHABET.masked).p, draws), logits, draws)


def arrays(packed: bytes) -> dict[str, np.ndarray]:
    body = 4 + struct.unpack_from("<I", packed)[0]
    kinds = {"ids": "<u2", "logits": "<f4", "draws": "<f8"}
    return {part["name"]: np.frombuffer(packed, kinds[part["name"]], part["length"], body + part["offset"])
            for part in header_of(packed)["arrays"]}


def test_every_number_comes_back_exactly() -> None:
    text = sampled()
    values = arrays(studio(text, {}, channel="sampling"))
    np.testing.assert_array_equal(values["ids"], text.ids)
    np.testing.assert_array_equal(values["draws"], text.draws)  # float64: a draw beside an edge stays on its side
    np.testing.assert_array_equal(values["logits"].reshape(text.logits.shape), text.logits)


def test_the_header_says_what_the_browser_needs_to_draw_again() -> None:
    header = header_of(studio(sampled(), {0.2: np.array([0, 1]), 1.5: np.array([2, 5])}, channel="sampling"))
    assert header["choice"] == {"temperature": 0.7, "alpha": 1.0, "top_k": 3, "top_p": 1.0, "divide": False}
    assert header["symbols"] == list("abc ⊢⏎∅")
    assert (header["masked"], header["end"], header["prompt"]) == ([4, 6], 5, "ab")
    assert header["column"] == [{"temperature": 0.2, "text": ["a", "b"]}, {"temperature": 1.5, "text": ["c", "⏎"]}]


def test_another_choice_is_another_picture_and_the_same_one_is_the_same() -> None:
    def packed(choice: Choice) -> str:
        return str(header_of(studio(sampled(choice), {}, channel="sampling"))["id"])
    assert packed(Choice(0.7)) == packed(Choice(0.7))
    assert len({packed(Choice(0.7)), packed(Choice(0.8)), packed(Choice(alpha=2.0)), packed(Choice(top_p=0.5))}) == 4


def test_numbers_that_do_not_fit_are_refused() -> None:
    text = sampled()
    other = SampledText(text.prompt, Vocabulary.of_text("ab"), text.choice, 5, text.ids, text.logits, text.draws)
    with pytest.raises(ValueError, match="20 symbols of 3"):
        studio(other, {}, channel="sampling")


def test_the_text_is_the_prompt_and_what_came_after_it_without_the_end() -> None:
    ids = np.array([2, 3, 0, ALPHABET.end])
    text = SampledText("ab", ALPHABET, Choice(), 5, ids, np.zeros((4, 7), np.float32), np.zeros(4))
    assert text.text == "abc a"


def test_the_file_draws_the_same_text_again() -> None:
    text = sampled()
    with np.load(io.BytesIO(sampled_npz(text))) as file:
        again = Choice(float(file["temperature"]), float(file["alpha"]), int(file["top_k"]), float(file["top_p"]))
        np.testing.assert_array_equal(uniforms(int(file["seed"]), len(file["draws"])), file["draws"])
        p = shape(file["logits"], again, ALPHABET.masked).p
        np.testing.assert_array_equal(draw(p, file["draws"]), file["ids"])
        assert "".join(file["alphabet"]) == ALPHABET.symbols
