"""What is packed for the browser is what was computed, to half a quantisation step."""

import io
import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seqlab.figures.attention import LIMIT, Targets, attention_film, frame_bytes, frames_that_fit, maps_npz
from seqlab.figures.film import film_id, header_of, restore
from seqlab.reference.attention import AttentionWeights, attention, causal

HEADS, FEATURE, TIME = 2, 3, 4
TOKENS = ["the", "<b>", "👩‍👧", "é"]


def trace(seed: int, layers: int = 2, scale: float = 1.0, time: int = TIME) -> dict[str, np.ndarray]:
    rng, width, values = np.random.default_rng(seed), HEADS * FEATURE, {}
    for layer in range(layers):
        W = [scale * rng.standard_normal((HEADS, FEATURE, width)) for _ in range(3)]
        weights = AttentionWeights(W[0], W[1], W[2], rng.standard_normal((width, width)))
        outputs = attention(rng.standard_normal((1, time, width)), weights, causal(time))
        values |= {f"{name}.{layer}": array for name, array in outputs.items()}
    logits = rng.standard_normal((1, time, 3))
    p = np.exp(logits) / np.exp(logits).sum(-1, keepdims=True)
    return values | {"logits": logits, "p": p}


def packed(traces: list, **changes) -> bytes:
    given_ = {"tokens": TOKENS, "steps": [10 * k for k in range(len(traces))], "channel": "x", "causal": True}
    return attention_film(traces, **(given_ | changes))


def part(data: bytes, name: str, layer: int | None = None) -> np.ndarray:
    """Read an array back as the browser does."""
    about = next(part for part in header_of(data)["arrays"] if (part["name"], part.get("layer")) == (name, layer))
    start = 4 + struct.unpack_from("<I", data)[0] + about["offset"]
    kind = np.dtype("<f4" if about["kind"] == "float32" else "<i2")
    assert start % 4 == 0
    values = np.frombuffer(data, kind, about["length"], start)
    return values if about["kind"] == "float32" else restore(values, *about["range"])


@pytest.mark.parametrize("scale", [0.0, 1.0, 5.0])
def test_every_number_comes_back(scale: float) -> None:
    traces = [trace(seed, scale=scale) for seed in range(3)]
    data = packed(traces)
    for layer in range(2):
        for name, step in (("scores", 0), ("attention", 1 / 131068), *((key, None) for key in
                                                                       ("query", "key", "value", "heads"))):
            true = np.stack([one[f"{name}.{layer}"][0] for one in traces])
            reach = max(6.0, np.ptp(np.append(true, [-3, 3])))
            allowed = 1e-6 * (1 + np.abs(true).max()) if name == "scores" else 1.02 * (step or reach / 131068)
            assert np.abs(part(data, name, layer).reshape(true.shape) - true).max() <= allowed


def test_weights_of_a_query_still_sum_to_one() -> None:
    weights = part(packed([trace(0)]), "attention", 1).reshape(HEADS, TIME, TIME)
    assert np.abs(weights.sum(-1) - 1).max() < TIME / 65534


def test_the_header_says_what_is_shown() -> None:
    header = header_of(packed([trace(0), trace(1)], off=((1, 0),), total=50))
    assert (header["frames"], header["time"], header["layers"], header["heads"], header["feature"]) == (2, 4, 2, 2, 3)
    assert header["tokens"] == TOKENS
    assert header["off"] == [[1, 0]]
    assert (header["steps"], header["total"]) == ([0, 10], 50)


def test_the_id_follows_the_content() -> None:
    one = packed([trace(1)])
    assert film_id(one) == film_id(packed([trace(1)]))
    assert len({film_id(one), film_id(packed([trace(2)])), film_id(packed([trace(1)], off=((0, 1),))),
                film_id(packed([trace(1)], tokens=["a", "b", "c", "d"]))}) == 4


def test_answers_before_and_after_and_the_largest_change() -> None:
    before, after = trace(0), trace(0)
    after["logits"] = after["logits"].copy()
    after["logits"][0, 2] = [9.0, 0.0, 0.0]
    after["p"] = np.exp(after["logits"]) / np.exp(after["logits"]).sum(-1, keepdims=True)
    target = "·" + "".join("abc"[k] for k in before["p"][0, 1:].argmax(-1))
    targets = Targets(target, "abc")
    data = packed([after], whole=[before], targets=targets, off=((0, 0),))
    predictions = header_of(data)["answers"]
    assert predictions["before"][0][1:] == list(target[1:])
    assert predictions["now"][0][2] == "a"
    assert predictions["accuracy_before"] == [1.0]
    true = -np.log(before["p"][0, [1, 2, 3], ["abc".index(c) for c in target[1:]]]).mean()
    assert predictions["loss_before"][0] == pytest.approx(true)
    change = part(data, "change")
    np.testing.assert_allclose(change, np.abs(after["p"] - before["p"])[0].max(-1), atol=1e-6)
    assert change.argmax() == 2


def test_nothing_judged_has_no_score_and_no_number_is_no_loss() -> None:
    lost = trace(0) | {"p": np.full((1, TIME, 3), np.nan), "logits": np.full((1, TIME, 3), np.nan)}
    assert header_of(packed([trace(0)], targets=Targets("····", "abc")))["answers"]["loss"] == [None]
    predictions = header_of(packed([lost], targets=Targets("·abc", "abc")))["answers"]
    assert (predictions["now"], predictions["loss"], predictions["accuracy"]) == ([list("????")], [None], [0.0])


def test_without_answers_the_change_is_that_of_the_output() -> None:
    before, after = trace(0), trace(0)
    after["attended.1"] = before["attended.1"] * np.array([1.0, 0.5, 1.0, 0.0])[:, None]
    np.testing.assert_allclose(part(packed([after], whole=[before]), "change"), [0, 0.5, 0, 1], atol=1e-6)


def test_no_tokens_make_an_empty_film_with_an_invitation() -> None:
    header = header_of(packed([], tokens=[], invitation="Type something."))
    assert (header["frames"], header["arrays"], header["invitation"]) == (0, [], "Type something.")


def test_lengths_must_fit() -> None:
    with pytest.raises(ValueError, match="one step is needed"):
        packed([trace(0)], steps=[1, 2])
    with pytest.raises(ValueError, match="there are 3 tokens"):
        packed([trace(0)], tokens=["a", "b", "c"])


def test_a_long_film_is_thinned_and_stays_under_the_limit() -> None:
    one = trace(0, time=68)
    data = packed([one] * 40, tokens=list("ab" * 34))
    steps = header_of(data)["steps"]
    assert LIMIT / 2 < len(data) <= LIMIT
    assert (steps[0], steps[-1]) == (0, 390)


@given(st.integers(1, 68), st.integers(1, 8), st.integers(1, 16), st.integers(1, 64))
def test_frames_that_fit_do_fit(time: int, layers: int, heads: int, feature: int) -> None:
    frames = frames_that_fit(time, layers, heads, feature)
    assert frames == 1 or frames * frame_bytes(time, layers, heads, feature) < LIMIT


def test_the_download_opens_in_numpy_without_objects() -> None:
    traces = [trace(0), trace(1)]
    with np.load(io.BytesIO(maps_npz(traces, TOKENS, [0, 10], ((1, 0),)))) as file:
        assert file["tokens"].tolist() == TOKENS
        assert file["off"].tolist() == [[1, 0]]
        np.testing.assert_array_equal(file["attention.1"], np.stack([one["attention.1"][0] for one in traces]))
        assert {"query.0", "scores.0", "heads.1", "attended.1", "p", "steps"} <= set(file.files)
