"""The message about a function: the place of the first difference, both values, the largest |Δ|, and wrong shapes."""

import ast
import io
import re
from operator import attrgetter

import numpy as np
import pytest

from seqlab.checking.check import CheckResult, summarise
from seqlab.checking.exercise import ZERO, CodingExercise, flat
from seqlab.checking.exercises import EXERCISES
from seqlab.checking.export import call, case_npz
from seqlab.checking.sandbox import Execution, Returned
from tests.checking.here import check_here

RNN = EXERCISES["rnn"]
TIMED = [exercise for exercise in EXERCISES.values() if "t" in exercise.outputs[0].axes]


def summarised(exercise: CodingExercise, results: dict[int, np.ndarray], **changes: object) -> CheckResult:
    returned = {case: Returned([array], ["float64"]) for case, array in results.items()}
    return summarise(exercise, "code", Execution(results=returned, **changes))


def right(exercise: CodingExercise = RNN) -> dict[int, np.ndarray]:
    return {case: answer[0] for case, answer in enumerate(exercise.answers())}


def test_the_first_difference_is_the_earliest_in_time_of_the_first_case() -> None:
    results = right()
    for case, place in ((1, (0, 3, 2)), (1, (1, 2, 3)), (2, (0, 0, 0))):
        results[case] = results[case].copy()
        results[case][place] += 0.25 * (case + 1)
    result = summarised(RNN, results)
    where = result.difference
    assert where is not None
    assert (where.case, where.index, where.cell) == (1, (1, 2, 3), (2, 3))
    assert where.yours[2, 3] - where.reference[2, 3] == pytest.approx(0.5)
    assert re.fullmatch(r"It first differs at t = 2, unit 3: yours \S+, reference \S+; largest \|Δ\| 0.75\.",
                        result.message)
    assert result.largest == pytest.approx(0.75)


def test_agreement_says_how_close_and_over_how_much() -> None:
    result = summarised(RNN, right())
    assert result.agrees
    assert result.numbers == sum(states.size for states, _ in RNN.answers())
    assert result.message == f"It agrees: largest |Δ| 0.0e+00 over {result.numbers} numbers in 5 cases."


@pytest.mark.parametrize(("turn", "title"), [
    (lambda out: out.swapaxes(0, 1), "time before batch"), (lambda out: out[:, -1], "last state only"),
    (lambda out: np.concatenate((out[:, :1], out), axis=1), "one state too many"),
    (lambda out: out.swapaxes(1, 2), "time last"),
])
def test_a_wrong_shape_is_explained(turn, title: str) -> None:
    result = summarised(RNN, {case: turn(out) for case, out in right().items()})
    assert "returned the shape" in result.message
    assert result.hint is not None
    assert result.hint.title == title


def test_a_check_that_was_stopped_does_not_agree() -> None:
    finished = {case: out for case, out in right().items() if case < 2}
    result = summarised(RNN, finished, stopped="It took too long.")
    assert (result.agrees, result.message) == (False, "It took too long.")
    assert not summarised(RNN, right(), stopped="It ended the process itself.").agrees
    assert not summarised(RNN, {}).agrees


def test_matrices_that_do_not_fit_get_a_word_of_advice() -> None:
    error = {"error": "ValueError", "text": "matmul: Input operand 1 has a mismatch, with gufunc signature "
             "(n?,k),(k,m?) (size 2)", "line": 3, "memory": False, "refused": False, "wrong": False, "syntax": False}
    result = summarised(RNN, {}, errors={0: error})
    assert result.message == ("Line 3, with B 1, T 3, D 2, H 4: ValueError: matmul: Input operand 1 has a mismatch "
                              "(size 2).")
    assert result.hint is not None
    assert result.hint.title == "shapes that do not fit"


@pytest.mark.parametrize("exercise", EXERCISES.values(), ids=EXERCISES)
def test_cases_are_the_same_each_time(exercise: CodingExercise) -> None:
    for one, other in zip(exercise.answers(), exercise.answers(), strict=True):
        assert all(np.array_equal(*pair) for pair in zip(one, other, strict=True))
    assert len(exercise.sizes) == 5


@pytest.mark.parametrize("exercise", TIMED, ids=attrgetter("key"))
def test_cases_tell_axes_apart(exercise: CodingExercise) -> None:
    for answer in exercise.answers():
        B, T, H = answer[0].shape
        assert B not in {T, H} or B == 1
        assert T != H


def test_the_initial_state_is_zero_once_and_not_after() -> None:
    states = [case[-2] for case in RNN.cases()]
    assert all(state.shape[0] == 1 for state in states)
    zero = states.pop(ZERO)
    assert not zero.any()
    assert zero.shape[1] > 1
    assert all(state.all() for state in states)


@pytest.mark.parametrize("exercise", EXERCISES.values(), ids=EXERCISES)
def test_the_example_is_code_that_gives_what_it_says(exercise: CodingExercise) -> None:
    text = call(exercise)
    space: dict = {"np": np}
    exec(exercise.correct, space)
    head, _, rest = text.partition("\n")
    exec(f"{head}\nanswer = {rest}", space)
    shown = [line.removeprefix("# ") for line in text.splitlines() if line.startswith("# ")]
    assert shown
    for part, line in zip(flat(space["answer"]), shown if not exercise.observed else (), strict=False):
        assert np.abs(part - ast.literal_eval(line)).max() <= 5e-5
    assert max(map(len, text.splitlines())) <= 62  # what the column shows without scrolling


@pytest.mark.parametrize("exercise", EXERCISES.values(), ids=EXERCISES)
def test_a_template_is_a_function_of_that_name_and_runs_up_to_the_persons_line(exercise: CodingExercise) -> None:
    tree = ast.parse(exercise.template)
    functions = {node.name: [argument.arg for argument in node.args.args] for node in tree.body
                 if isinstance(node, ast.FunctionDef)}
    assert functions[exercise.function] == [name for name, _, _ in exercise.arguments]
    assert "✎" in exercise.template


def test_a_case_can_be_taken_away() -> None:
    for key, names in (("rnn", {"wt_h", "bias"}), ("gru", {"r_W_i", "n_b_h"}), ("mha", {"Wq_0", "Wv_2", "Wo"})):
        exercise = EXERCISES[key]
        with np.load(io.BytesIO(case_npz(exercise, 1, (np.zeros(3),)))) as packed:
            assert names <= set(packed)
            assert np.array_equal(packed["reference"], exercise.answers()[1][0])
            assert packed["yours"].shape == (3,)


STATES = RNN.correct.partition("return")[0]


@pytest.mark.parametrize(("returned", "agrees", "said"), [
    ("states, h", True, "It agrees"), ("states, h[None]", True, "It agrees"), ("states", True, "It agrees"),
    ("[states, h]", True, "It agrees"), ("(states,)", True, "It agrees"),
    ("states, 17", False, r"returned 17 as final state; expected \[1, 1, 4\], which is \[1, B, H\]"),
    ("states, None", False, r"returned None as final state; expected an array of numbers, \[1, B, H\]"),
    ("states, 'h'", False, r"something of type <U1 as final state"),
    ("states, init_state", False, "It first differs in final state at unit 0"),
    ("states, h, h", False, "returned 3 things; expected states and final state"),
    ("[[1.0], [1.0, 2.0]]", False, r"lists of different lengths; expected an array of numbers, \[B, T, H\]"),
])
def test_what_stands_beside_the_states_is_checked_too(returned: str, agrees: bool, said: str) -> None:
    result = check_here(RNN, f"{STATES}states = np.stack(states, axis=1)\n    return {returned}\n")
    assert result.agrees == agrees, result.message
    assert re.search(said, result.message), result.message


@pytest.mark.parametrize(("code", "said"), [
    (RNN.correct, "It agrees: largest"),
    (RNN.correct.replace("axis=1)", "axis=1).astype('f4')"), "It agrees in float32, by single precision's tolerance"),
    (RNN.correct.replace("bias)", "bias.astype('f4'))"), "It agrees to single precision, as if float32 took part"),
])
def test_an_agreement_says_its_precision(code: str, said: str) -> None:
    result = check_here(RNN, code)
    assert result.agrees
    assert result.message.startswith(said)


def test_the_way_in_which_the_state_was_handed_over_is_said() -> None:
    result = check_here(RNN, RNN.correct.replace("init_state[0]", "init_state").replace(
        "    states = []", "    B, H = h.shape\n    states = []"))
    assert result.agrees
    assert result.message.endswith("It was given init_state as [B, H].")
    assert "was given" not in check_here(RNN, RNN.correct).message


def test_a_float32_program_is_not_forgiven_a_fault() -> None:
    code = RNN.correct.replace("h = np.tanh(", "h = 1.001 * np.tanh(").replace("h[None]", "h").replace(
        "np.stack(states, axis=1)", "np.float32(np.stack(states, axis=1))")
    assert not check_here(RNN, code).agrees
