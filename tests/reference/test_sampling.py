"""Drawing: from logits to probabilities, to ids, and a whole text with what was read kept."""

from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from seqlab.errors import Fault
from seqlab.reference.activations import softmax
from seqlab.reference.core import Core, Stream, cores
from seqlab.reference.network import network
from seqlab.reference.sampling import Choice, draw, entropy, sample, shape, surprise, uniforms
from seqlab.reference.window import windows
from seqlab.training.config import NetworkConfig

SYMBOLS, REACH = 9, 8
LOGITS = arrays.arrays(np.float64, (3, SYMBOLS), elements=st.floats(-30, 30))
FACTORS = st.floats(0.01, 100)
CHOICES = st.builds(Choice, temperature=st.one_of(st.just(0.0), st.floats(0.01, 2)), alpha=st.floats(0, 100),
                    top_k=st.integers(0, 12), top_p=st.floats(0.001, 1))
ROWS = (Choice(0.0), Choice(0.01), Choice(0.7), Choice(), Choice(2.0), Choice(alpha=100.0), Choice(top_k=2),
        Choice(top_p=0.5), Choice(1.5, divide_probabilities=True))


def made(name: str, dtype: str = "float64", *, scale: float = 0.3, **sizes: object) -> tuple[Core, dict]:
    """A random network."""
    random, core = np.random.default_rng(3), cores()[name]
    config = NetworkConfig(**{"model": name, "hidden": 12, "layers": 2, "heads": 3, "context": 64} | sizes)
    weights = {f"core.{key}": random.normal(0, scale, part) for key, part in core.shapes(5, config).items()}
    weights |= {"encoder.symbol.weight": random.normal(size=(SYMBOLS, 5)),
                "decoder.weight": random.normal(size=(SYMBOLS, 12)), "decoder.bias": random.normal(size=SYMBOLS)}
    return core, {key: part.astype(dtype) for key, part in weights.items()}


FORMS = [pytest.param(name, positions, id=f"{name}-{positions}") for name, core in cores().items()
         if core.sees != "all"  # nothing can be drawn from one that sees what follows
         for positions in (("sinusoidal", "learned") if core.heads else ("sinusoidal",))]


@given(LOGITS, FACTORS)
def test_alpha_is_one_over_the_temperature(logits: np.ndarray, alpha: float) -> None:
    """A person who sets α to 1/T must see the very same numbers, not similar ones."""
    one, other = shape(logits, Choice(alpha=1 / alpha)), shape(logits, Choice(temperature=alpha))
    for part in ("scaled", "filtered", "p", "cumulative"):
        np.testing.assert_array_equal(getattr(one, part), getattr(other, part))


@given(LOGITS, st.floats(0.1, 5))
def test_it_is_a_power_of_the_probabilities(logits: np.ndarray, alpha: float) -> None:
    power = softmax(logits) ** alpha
    np.testing.assert_allclose(shape(logits, Choice(alpha=alpha)).p, power / power.sum(-1, keepdims=True), atol=1e-12)


@given(LOGITS, FACTORS)
def test_dividing_probabilities_changes_nothing(logits: np.ndarray, temperature: float) -> None:
    faulty = shape(logits, Choice(temperature, divide_probabilities=True))
    np.testing.assert_allclose(faulty.p, softmax(logits), rtol=1e-12, atol=0)
    np.testing.assert_array_equal(faulty.scaled, logits)


@given(LOGITS)
def test_the_colder_the_nearer_to_the_likeliest(logits: np.ndarray) -> None:
    cold = shape(logits, Choice(0.0)).p
    np.testing.assert_array_equal(cold.argmax(-1), logits.argmax(-1))
    np.testing.assert_array_equal(np.sort(cold, -1)[:, ::-1][:, :2], [[1.0, 0.0]] * 3)
    nearly = shape(logits, Choice(0.001)).p
    gap = np.diff(np.sort(logits, -1)[:, -2:])[:, 0]
    clear = gap > 0.1  # e^(-0.1/0.001) is nothing
    np.testing.assert_allclose(nearly[clear], cold[clear], atol=1e-12)


@given(LOGITS, CHOICES, st.sets(st.integers(0, SYMBOLS - 1), max_size=SYMBOLS - 1))
def test_what_comes_out_are_probabilities(logits: np.ndarray, choice: Choice, masked: set[int]) -> None:
    found = shape(logits, choice, masked)
    np.testing.assert_allclose(found.p.sum(-1), 1, rtol=1e-12)
    np.testing.assert_allclose(found.cumulative[:, -1], 1, rtol=1e-12)
    assert (found.p >= 0).all()
    assert not found.p[:, list(masked)].any()
    np.testing.assert_array_equal(found.p[np.isneginf(found.filtered)], 0)
    finite = ~np.isneginf(found.filtered)
    np.testing.assert_array_equal(found.filtered[finite], found.scaled[finite])
    if choice.top_k:
        assert (finite.sum(-1) <= choice.top_k).all()
    assert finite.any(-1).all()


@given(arrays.arrays(np.float64, SYMBOLS, elements=st.floats(-6, 6)), st.floats(0.001, 0.999))
def test_top_p_keeps_the_fewest_that_reach_it(logits: np.ndarray, top_p: float) -> None:
    before, kept = softmax(logits), shape(logits, Choice(top_p=top_p)).p > 0
    mass = np.sort(before[kept])
    assert mass.sum() >= top_p - 1e-9
    assert mass[1:].sum() < top_p + 1e-9, "one less would have done"
    assert before[kept].min() >= before[~kept].max(initial=0) - 1e-15, "a likelier one was left out"


def logits_of(*p: float) -> np.ndarray:
    return np.log(np.array(p))


@pytest.mark.parametrize(("choice", "kept"), [
    (Choice(top_p=0.5), [1]), (Choice(top_p=0.51), [1, 2]), (Choice(top_p=0.75), [1, 2]),
    (Choice(top_p=0.76), [0, 1, 2]), (Choice(top_p=1e-9), [1]), (Choice(top_p=1.0), [0, 1, 2, 3]),
    (Choice(top_k=1), [1]), (Choice(top_k=3), [0, 1, 2]), (Choice(top_k=4), [0, 1, 2, 3]),
    (Choice(top_k=99), [0, 1, 2, 3]), (Choice(top_k=2, top_p=0.9), [1, 2]), (Choice(top_k=2, top_p=0.6), [1]),
    (Choice(0.0, top_k=3), [1]), (Choice(alpha=0.0, top_k=2), [1, 2])])
def test_which_symbols_are_kept(choice: Choice, kept: list[int]) -> None:
    found = shape(logits_of(0.125, 0.5, 0.25, 0.125), choice)
    assert np.flatnonzero(found.p).tolist() == kept


def test_equal_ones_are_ranked_by_id() -> None:
    alike = np.zeros(5)
    assert np.flatnonzero(shape(alike, Choice(top_k=2)).p).tolist() == [0, 1]
    assert np.flatnonzero(shape(alike, Choice(top_p=0.6)).p).tolist() == [0, 1, 2]
    assert np.flatnonzero(shape(alike, Choice(0.0)).p).tolist() == [0]
    assert np.flatnonzero(shape(alike, Choice(0.0), masked=(0, 2)).p).tolist() == [1]


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("choice", [Choice(0.01), Choice(alpha=100.0), Choice(0.001, 1000.0), Choice(0.0), Choice(2.0)],
                         ids=str)
def test_nothing_overflows(choice: Choice, dtype: str) -> None:
    """A ReLU network just before it diverges has logits of 1e30 and more; the page must still draw."""
    for size in (1.0, 1e4, 1e30):
        found = shape(np.array([[3, -1, 2.5], [-3, -3, -9]], dtype) * np.dtype(dtype).type(size), choice)
        assert found.p.dtype == np.float64
        assert np.isfinite(found.p).all()
        np.testing.assert_allclose(found.p.sum(-1), 1)
        assert found.p[0].argmax() == 0
        assert found.p[1, 0] == found.p[1, 1] or choice.temperature == 0


def test_one_symbol_is_enough() -> None:
    for choice in ROWS:
        assert shape(np.array([[-7.0]]), choice).p == 1


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_a_network_that_has_diverged_is_told(bad: float) -> None:
    with pytest.raises(Fault, match="diverged"):
        shape(np.array([0.0, bad]), Choice())


def test_a_logit_of_minus_infinity_is_a_mask() -> None:
    for choice in (*ROWS, Choice(alpha=0.0)):
        assert shape(np.array([0.0, -np.inf, 1.0]), choice).p[1] == 0


@pytest.mark.parametrize(("logits", "masked"), [([0.0, 1.0], (0, 1)), ([-np.inf, -np.inf], ()), ([-np.inf, 1.0], (1,))])
def test_nothing_left_to_draw_is_refused(logits: list[float], masked: tuple[int, ...]) -> None:
    with pytest.raises(Fault, match="No symbol is left"):
        shape(np.array(logits), Choice(), masked)


@pytest.mark.parametrize(("values", "said"), [
    ({"temperature": -1.0}, "temperature"), ({"temperature": np.nan}, "temperature"), ({"temperature": np.inf}, "temp"),
    ({"temperature": 1e-9}, "temperature"), ({"alpha": -1.0}, "α"), ({"alpha": np.nan}, "α"), ({"alpha": 1e9}, "α"),
    ({"top_k": -1}, "Top-k"), ({"top_p": 0.0}, "Top-p"), ({"top_p": 1.1}, "Top-p"), ({"top_p": np.nan}, "Top-p"),
    ({"temperature": 0.0, "divide_probabilities": True}, "divided by a temperature of 0")])
def test_a_choice_that_cannot_be_is_told(values: dict, said: str) -> None:
    with pytest.raises(Fault, match=said):
        Choice(**values)


@given(arrays.arrays(np.float64, 7, elements=st.floats(0, 1)).filter(lambda p: p.sum() > 0.01),
       st.floats(0, 1, exclude_max=True))
def test_a_draw_is_the_first_id_beyond_the_number(p: np.ndarray, u: float) -> None:
    p = p / p.sum()
    found = int(draw(p, np.array(u)))
    assert p[found] > 0
    assert p[:found].sum() <= u + 1e-12
    assert u < p[:found + 1].sum() + 1e-12


def test_the_ends_of_the_numbers() -> None:
    p = np.array([[0.0, 0.25, 0.0, 0.75, 0.0]] * 4)
    assert draw(p, np.array([0.0, 0.25, np.nextafter(0.25, 0), np.nextafter(1, 0)])).tolist() == [1, 3, 1, 3]
    short = np.array([0.1] * 10 + [0.0], np.float32) * np.float32(0.9999)  # rounding: the sum is below u
    assert draw(short, np.array(0.99999)) == 9


@pytest.mark.parametrize("u", [-0.1, 1.0, np.nan])
def test_a_number_that_is_no_draw_is_refused(u: float) -> None:
    with pytest.raises(ValueError, match=r"\[0, 1\)"):
        draw(np.array([0.5, 0.5]), np.array(u))


@pytest.mark.parametrize("choice", ROWS, ids=str)
def test_many_draws_come_as_often_as_they_should(choice: Choice) -> None:
    logits, count = np.random.default_rng(0).normal(0, 1.5, SYMBOLS), 40_000
    p = shape(logits, choice, masked=(4,)).p
    ids = draw(np.broadcast_to(p, (count, SYMBOLS)), uniforms(1, count))
    found = np.bincount(ids, minlength=SYMBOLS) / count
    assert not found[p == 0].any()
    assert (np.abs(found - p) <= 5 * np.sqrt(p * (1 - p) / count)).all()


def test_the_numbers_are_those_of_the_seed() -> None:
    np.testing.assert_array_equal(uniforms(5, 10), uniforms(5, 20)[:10])
    assert (uniforms(5, 10) != uniforms(6, 10)).all()
    assert uniforms(0, 0).shape == (0,)


def test_entropy_and_surprise() -> None:
    p = np.array([[0.5, 0.5, 0, 0], [1, 0, 0, 0], [0.25] * 4])
    np.testing.assert_allclose(entropy(p), np.log([2, 1, 4]), atol=1e-15)
    np.testing.assert_allclose(surprise(p, np.array([1, 0, 3])), np.log([2, 1, 4]), atol=1e-15)
    assert surprise(p, np.array([2, 1, 0])).tolist()[:2] == [np.inf, np.inf]


@pytest.mark.slow
@pytest.mark.parametrize(("name", "positions"), FORMS)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_what_is_kept_gives_what_reading_again_gives(name: str, positions: str, dtype: str) -> None:
    """Also after the window of a transformer slid, which it does several times here."""
    core, weights = made(name, dtype, positions=positions)
    prompt, draws = np.array([1, 2, 3]), uniforms(0, 30)
    found = sample(core, weights, prompt, ROWS, draws, reach=REACH)
    assert found.logits.dtype == dtype
    read = np.concatenate([np.tile(prompt, (len(ROWS), 1)), found.ids[:, :-1]], axis=1)
    for place, u in enumerate(draws):
        until = len(prompt) + place
        again = network(core, read[:, until - found.seen[place]:until], weights)["logits"][:, -1]
        np.testing.assert_allclose(softmax(found.logits[:, place]), softmax(again), rtol=0, atol=1e-6)
        for row, choice in enumerate(ROWS):
            assert found.ids[row, place] == draw(shape(found.logits[row, place], choice).p, np.array(u))


@pytest.mark.parametrize(("name", "positions"), FORMS)
def test_the_logits_of_the_prompt(name: str, positions: str) -> None:
    core, weights = made(name, positions=positions)
    found = sample(core, weights, np.array([1, 2, 3, 4]), [Choice(), Choice(0.0)], uniforms(0, 3), start=(8,))
    expected = network(core, np.array([[8, 1, 2, 3, 4]]), weights)["logits"][0]
    np.testing.assert_allclose(found.prompt_logits, expected, atol=1e-12)
    np.testing.assert_array_equal(found.prompt_logits[-1], found.logits[0, 0])


@pytest.mark.parametrize("name", cores())
def test_how_many_inputs_are_seen(name: str) -> None:
    core, weights = made(name)
    seen = sample(core, weights, np.array([1, 2, 3]), [Choice()], uniforms(0, 14), reach=REACH).seen.tolist()
    windows = [3, 4, 5, 6, 7, 8, 5, 6, 7, 8, 5, 6, 7, 8]
    assert seen == ([1] * 14 if core.sees == "present" else windows if core.heads else list(range(3, 17)))


@pytest.mark.parametrize("reach", [1, 2, 3, 7, 8, None])
def test_the_windows_are_those_of_the_stream(reach: int | None) -> None:
    core, weights = made("transformer", layers=1)
    stream, seen = core.stream(weights, 2, reach), []
    for x in np.random.default_rng(0).normal(size=(20, 2, 5)):
        stream.advance(x)
        seen.append(stream.seen)
    assert [place - start + 1 for start, first, end in windows(20, reach) for place in range(first, end)] == seen
    assert max(seen) == (reach or 20)


def test_learned_positions_are_a_limit_of_their_own() -> None:
    core, weights = made("transformer", positions="learned", context=4)
    for reach in (None, 9):
        assert sample(core, weights, np.array([1]), [Choice()], uniforms(0, 9), reach=reach).seen.max() == 4
    assert sample(core, weights, np.array([1]), [Choice()], uniforms(0, 9), reach=2).seen.max() == 2


@pytest.mark.parametrize("name", cores())
def test_a_stream_gives_what_a_pass_gives(name: str) -> None:
    core, weights = made(name)
    x = np.random.default_rng(0).normal(size=(3, 40, 5))  # longer than the room that a cache begins with
    stream = core.stream(weights, 3)
    assert isinstance(stream, Stream)
    assert stream.seen == 0
    found = np.stack([stream.advance(part) for part in x.swapaxes(0, 1)], axis=1)
    whole = list(core.run(x, weights).values())[-1]
    if core.sees == "all":  # what it read changes with what comes after, so each answer is that of a pass so far
        for time in (1, 17, 40):
            so_far = list(core.run(x[:, :time], weights).values())[-1]
            np.testing.assert_allclose(found[:, time - 1], so_far[:, -1], atol=1e-12)
        assert np.abs(found - whole).max() > 1e-3
    else:
        np.testing.assert_allclose(found, whole, atol=1e-12)


def ends(name: str) -> Iterator[tuple]:
    core, weights = made(name)
    yield core, weights, {"end": 7, "masked": (0, 8)}
    yield core, weights | {"decoder.bias": weights["decoder.bias"] + 50 * np.eye(SYMBOLS)[7]}, {"end": 7}


@pytest.mark.parametrize("name", ["gru", "transformer"])
def test_a_row_is_over_at_the_end(name: str) -> None:
    for core, weights, options in ends(name):
        found = sample(core, weights, np.array([1]), ROWS, uniforms(4, 40), reach=REACH, **options)
        for row, length in enumerate(found.lengths):
            ids = found.ids[row].tolist()
            assert length == (ids.index(7) + 1 if 7 in ids else 40)
            assert set(ids[length:]) <= {7}
            assert not found.logits[row, length:].any()
            assert not {0, 8} & set(ids) or "masked" not in options
        assert found.seen[:found.lengths.max()].all()
    assert found.lengths.tolist() == [1] * len(ROWS)
    assert not found.seen[1:].any()


def test_a_row_does_not_depend_on_the_others() -> None:
    core, weights = made("gru")
    together = sample(core, weights, np.array([1, 2]), ROWS, uniforms(0, 30), end=7)
    for row, choice in enumerate(ROWS):
        alone = sample(core, weights, np.array([1, 2]), [choice], uniforms(0, 30), end=7)
        assert alone.ids[0].tolist() == together.ids[row].tolist()


def test_the_state_itself_can_be_the_logits() -> None:
    core, weights = made("gru", hidden=12)
    bare = {name: part for name, part in weights.items() if not name.startswith("decoder")}
    found = sample(core, bare, np.array([1]), [Choice()], uniforms(0, 5))
    assert found.logits.shape == (1, 5, 12)


def test_a_prompt_of_nothing_is_told() -> None:
    core, weights = made("gru")
    with pytest.raises(Fault, match="type at least one character"):
        sample(core, weights, np.array([], int), [Choice()], uniforms(0, 3))
    begun = sample(core, weights, np.array([], int), [Choice()], uniforms(0, 3), start=(8,))
    assert begun.ids.shape == (1, 3)
    assert begun.seen.tolist() == [1, 2, 3]


def test_no_draws_are_no_text() -> None:
    core, weights = made("gru")
    found = sample(core, weights, np.array([1]), [Choice()], uniforms(0, 0))
    assert found.ids.shape == (1, 0)
    assert found.prompt_logits.shape == (1, SYMBOLS)


@pytest.mark.parametrize("name", cores())
def test_weights_that_are_no_numbers_are_told(name: str) -> None:
    core, weights = made(name)
    weights["decoder.bias"] = np.full(SYMBOLS, np.nan)
    with pytest.raises(Fault, match="earlier step"):
        sample(core, weights, np.array([1]), [Choice()], uniforms(0, 3))


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**31), st.lists(st.integers(0, SYMBOLS - 1), min_size=1, max_size=12), CHOICES)
def test_an_unsaid_symbol_is_never_drawn(seed: int, prompt: list[int], choice: Choice) -> None:
    core, weights = made("gru")
    found = sample(core, weights, np.array(prompt), [choice], uniforms(seed, 20), masked=(0, 3, 8))
    assert not {0, 3, 8} & set(found.ids.flatten().tolist())
