"""The truth about strings: against closed forms, against enumeration, and against itself for random grammars."""

from collections import Counter
from collections.abc import Sequence
from functools import cache
from itertools import pairwise, product
from math import log

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from seqlab.data.grammar import BUILT_IN, Grammar, read
from seqlab.data.grammar.sampler import Sampler
from seqlab.data.vocabulary import Level
from seqlab.errors import Fault

LEVELS: tuple[Level, ...] = ("character", "word")
ALL = [(name, level) for name in BUILT_IN for level in LEVELS]


def likelihood(grammar: Grammar, tokens: Sequence[str]) -> float:
    """Probability of a string by the sum over all its derivations, straight from the rules as they were written."""
    rules, cut = grammar.rules.by_name, grammar.cut

    least = dict.fromkeys(rules, 99)  # tokens; no way is followed that is too short for it, or it would not end
    for _ in rules:
        least |= {name: min(sum(len(cut(part.text)) if part.terminal else least[part.text]
                                for part in alternative.parts) for alternative in rule.alternatives)
                  for name, rule in rules.items()}

    @cache
    def symbol(name: str, first: int, last: int) -> float:
        return sum(float(alternative.probability) * parts(
            tuple((part.text, part.terminal) for part in alternative.parts), first, last)
            for alternative in rules[name].alternatives)

    @cache
    def parts(rest: tuple[tuple[str, bool], ...], first: int, last: int) -> float:
        if not rest:
            return float(first == last)
        text, terminal = rest[0]
        after = sum(len(cut(text)) if terminal else least[text] for text, terminal in rest[1:])
        if terminal:
            own = cut(text)
            here = tuple(tokens[first:first + len(own)]) == own and first + len(own) <= last
            return parts(rest[1:], first + len(own), last) if here else 0.0
        return sum(parts(rest[1:], middle, last) * symbol(text, first, middle)
                   for middle in range(first + least[text], last - after + 1))

    return symbol(grammar.rules.start.name, 0, len(tokens))


def probability(grammar: Grammar, tokens: Sequence[str]) -> float:
    walk = grammar.walk(tokens)
    return float(np.exp(-walk.surprise.sum())) if walk.valid else 0.0


@pytest.mark.parametrize(("name", "level"), ALL)
def test_what_comes_next_sums_to_one(name: str, level: Level) -> None:
    grammar = read(BUILT_IN[name], level)
    for tokens in grammar.draw(np.random.default_rng(0), 200):
        walk = grammar.walk(tokens)
        assert walk.valid
        np.testing.assert_allclose(walk.expected.sum(1), 1, atol=1e-12)


@pytest.mark.parametrize("times", [0, 1, 2, 9, 40])
def test_ndfa_goes_on_three_times_of_four(times: int) -> None:
    grammar = read(BUILT_IN["ndfa"])
    walk = grammar.walk(tuple("s" + "uvw!" * times + "s"))
    begin, go = walk.expected[1], {token: place for place, token in enumerate(grammar.tokens)}
    assert begin[[go["s"], go["a"], go["u"], go["k"]]] == pytest.approx([0.25] * 4, abs=1e-15)
    for place in range(5, 4 * times + 2, 4):
        assert walk.expected[place, [go["u"], go["s"], go["a"]]] == pytest.approx([0.75, 0.25, 0], abs=1e-15)
        assert walk.expected[place + 1 if place < 4 * times else 2, go["v"]] == 1
    assert walk.surprise.sum() == pytest.approx(-log(0.25 * (0.75 ** times / 3 if times else 1)))


def test_brackets_open_seven_times_of_sixteen() -> None:
    grammar, text = read(BUILT_IN["brackets"]), "((()())(()))"
    for place, row in enumerate(grammar.walk(tuple(text)).expected):
        depth = text[:place].count("(") - text[:place].count(")")
        expected = (1, 0, 0) if not place else (7 / 16, 9 / 16, 0) if depth else (0, 0, 1)
        assert row == pytest.approx(expected, abs=1e-15)


def test_general_brackets_stand_side_by_side() -> None:
    grammar = read(BUILT_IN["dyck"])
    assert probability(grammar, "()()") == pytest.approx(3 / 8 / 2 * 5 / 8 / 2)
    assert grammar.walk(tuple("(()())")).expected[-1] == pytest.approx([3 / 8, 0, 5 / 8], abs=1e-15)


def test_toy_english_adds_both_ways_to_attach_an_adverb() -> None:
    grammar = read(BUILT_IN["toy-english"], "word")
    simple = 1 / 6 / 2 / 2 / 7 / 6  # S → NP VP, no adjective, its article, noun and verb
    assert probability(grammar, ["a", "cat", "ran"]) == pytest.approx(simple)
    both = 2 * (1 / 6 / 3) * (1 / 6 / 2 / 2 / 7 / 6 / 2) * simple
    assert probability(grammar, ["a", "cat", "ran", "while", "a", "dog", "ran", "quickly"]) == pytest.approx(both)
    nested = ["the", "man", "walks", "(", "but", "a", "nice", "dog", "ran", "quickly", ")", "briefly"]
    assert probability(grammar, nested) == pytest.approx(likelihood(grammar, nested))


@pytest.mark.parametrize(("name", "level", "alphabet", "longest"), [
    ("ndfa", "word", ("s", "abc!", "uvw!"), 6), ("brackets", "character", "()", 10), ("dyck", "character", "()", 8),
    ("toy-english", "word", ("a", "cat", "ran", "on", "quickly"), 4),
])
def test_short_strings_are_as_probable_as_enumeration_says(name: str, level: Level, alphabet: Sequence[str],
                                                          longest: int) -> None:
    grammar, rows_checked = read(BUILT_IN[name], level), 0
    for length in range(longest + 1):
        for tokens in product(alphabet, repeat=length):
            true = likelihood(grammar, tokens)
            assert probability(grammar, tokens) == pytest.approx(true, rel=1e-12), tokens
            assert grammar.valid(tokens) == (true > 0)
            rows_checked += true > 0
    assert rows_checked > 1


@pytest.mark.parametrize(("name", "text", "left"), [
    ("ndfa", "sabc!s", None), ("ndfa", "ss", None), ("ndfa", "sabc!uvw!s", 5), ("ndfa", "sabc", 4), ("ndfa", "", 0),
    ("ndfa", "ssx", 2), ("ndfa", "xss", 0), ("brackets", "()()", 2), ("brackets", "(()", 3), ("dyck", "()()", None),
    ("dyck", "())(", 2), ("toy-english", "a cat ran", None), ("toy-english", "a cat  ran", 6),
    ("toy-english", "a quickly", 7), ("toy-english", "a cat ran ", 10), ("toy-english", "a Cat ran", 2),
])
def test_where_a_string_leaves_the_language(name: str, text: str, left: int | None) -> None:
    grammar = read(BUILT_IN[name])
    walk = grammar.walk(tuple(text))
    assert (walk.left, walk.valid, grammar.left_at(tuple(text))) == (left, left is None, left)
    assert len(walk.expected) == len(text) + 1
    if left is not None:
        assert walk.expected[:left + 1].sum(1) == pytest.approx(1)
        assert not walk.expected[left + 1:].any()
        assert walk.surprise[left] == np.inf
        assert np.isnan(walk.surprise[left + 1:]).all()


def test_the_validator_agrees_with_brute_force_on_spoilt_strings() -> None:
    rng = np.random.default_rng(1)
    for name in ("brackets", "dyck", "ndfa"):
        grammar = read(BUILT_IN[name])
        for tokens in grammar.draw(rng, 60, 24):
            spoilt = list(tokens)
            spoilt[rng.integers(len(spoilt))] = grammar.tokens[rng.integers(len(grammar.tokens))]
            assert grammar.valid(spoilt) == (likelihood(grammar, spoilt) > 0), spoilt


def test_drawn_strings_follow_the_truth() -> None:
    for name, level in ALL:
        grammar = read(BUILT_IN[name], level)
        counts = Counter(grammar.draw(np.random.default_rng(2), 40_000))
        for tokens, count in counts.most_common(6):
            p = probability(grammar, tokens)
            assert abs(count / 40_000 - p) < 5 * (p * (1 - p) / 40_000) ** 0.5


@pytest.mark.parametrize("name", ["toy-english", "dyck"])
def test_what_comes_next_is_what_draws_count(name: str) -> None:
    grammar = read(BUILT_IN[name], "word" if name == "toy-english" else "character")
    strings = grammar.draw(np.random.default_rng(3), 60_000)
    for tokens in strings[:4]:
        prefix = tokens[:4]
        after = [string[len(prefix):len(prefix) + 1] or ("",) for string in strings if string[:len(prefix)] == prefix]
        counts = Counter(token for (token,) in after)
        row = grammar.walk(prefix).expected[-1]
        for place, token in enumerate((*grammar.tokens, "")):
            spread = 5 * (row[place] * (1 - row[place]) / len(after)) ** 0.5 + 1e-12
            assert abs(counts[token] / len(after) - row[place]) <= spread


def test_strings_of_thousands_of_tokens_are_worked_out() -> None:
    grammar = read(BUILT_IN["brackets"])
    walk = grammar.walk(("(",) * 1000 + (")",) * 1000)
    assert walk.valid
    np.testing.assert_allclose(walk.expected.sum(1), 1, atol=1e-12)
    assert walk.surprise.sum() == pytest.approx(999 * log(16 / 7) + 1000 * log(16 / 9), rel=1e-12)
    with pytest.raises(Fault, match="3,000"):
        grammar.walk(("(",) * 3001)


def test_a_reading_that_was_almost_impossible_is_not_forgotten() -> None:
    """Floating point would have lost the second way long before its letter comes: 0.001 to the 400th."""
    grammar = read('S -> A | B\nA -> "a" A [0.99] | "x"\nB -> "a" B [0.001] | "y"')
    walk = grammar.walk(("a",) * 400 + ("y",))
    assert walk.valid
    assert walk.surprise.sum() == pytest.approx(-(log(0.5) + 400 * log(0.001) + log(0.999)))
    assert grammar.valid(("a",) * 400 + ("y",))


def test_the_entropy_floor_is_what_a_perfect_model_loses() -> None:
    ndfa = read(BUILT_IN["ndfa"])
    assert ndfa.floor([tuple("ss")]) == pytest.approx(log(4) / 3)
    assert ndfa.floor([tuple("ss"), tuple("sabc!s")]) == pytest.approx((log(4) + log(4) + log(4 / 3 * 3) - log(1)
                                                                       + log(1)) / 10, abs=0.2)
    assert ndfa.floor([tuple("sx")]) == np.inf
    with pytest.raises(Fault, match="no strings"):
        ndfa.floor([])


def test_entropy_and_surprise_agree_on_the_average() -> None:
    grammar = read(BUILT_IN["toy-english"])
    walks = [grammar.walk(tokens) for tokens in grammar.draw(np.random.default_rng(4), 3000)]
    entropy, surprise = (np.mean([getattr(walk, name).sum() for walk in walks]) for name in ("entropy", "surprise"))
    assert entropy == pytest.approx(surprise, rel=0.02)


@st.composite
def grammars(draw: st.DrawFn) -> str:
    """Small grammars of three symbols and two letters, with empty alternatives, left recursion and all."""
    lines = []
    for name in "SAB"[:draw(st.integers(1, 3))]:
        bodies = draw(st.lists(st.lists(st.sampled_from(['"a"', '"b"', '"ab"', "S", "A", "B", '""']), min_size=1,
                                        max_size=3), min_size=1, max_size=4))
        shares = draw(st.lists(st.integers(1, 9), min_size=len(bodies), max_size=len(bodies)))
        lines.append(f"{name} -> " + " | ".join(f"{' '.join(body)} [{share}/{sum(shares)}]" for body, share in
                                                zip(bodies, shares, strict=True)))
    return "\n".join(lines)


@pytest.mark.slow
@settings(max_examples=150, deadline=None, derandomize=True)
@given(grammars())
def test_any_small_grammar_is_worked_out_exactly(text: str) -> None:
    try:
        grammar = read(text)
    except Fault:
        assume(False)
        raise
    total = 0.0
    for length in range(6):
        for tokens in product(grammar.tokens, repeat=length):
            true, walk = likelihood(grammar, tokens), grammar.walk(tokens)
            total += true
            assert walk.valid == grammar.valid(tokens) == (true > 0)
            assert walk.left == grammar.left_at(tokens)
            assert probability(grammar, tokens) == pytest.approx(true, rel=1e-9)
            reached = len(tokens) + 1 if walk.left is None or walk.left == len(tokens) else walk.left + 1
            np.testing.assert_allclose(walk.expected[:reached].sum(1), 1, atol=1e-9)
    assert total <= 1 + 1e-9


@settings(max_examples=25, deadline=None, derandomize=True)
@given(grammars())
def test_drawing_from_any_small_grammar_follows_its_truth(text: str) -> None:
    try:
        grammar = read(text)
    except Fault:
        assume(False)
        raise
    counts = Counter(grammar.draw(np.random.default_rng(0), 4000))
    for tokens, count in counts.most_common(5):
        p = likelihood(grammar, tokens)
        assert abs(count / 4000 - p) <= 5 * (p * (1 - p) / 4000) ** 0.5 + 1e-9


def test_drawing_short_strings_keeps_their_proportions() -> None:
    grammar = read(BUILT_IN["brackets"])
    strings = grammar.draw(np.random.default_rng(5), 20_000, 6)
    assert max(map(len, strings)) == 6
    short = [probability(grammar, text) for text in ("()", "(())", "((()))", "(()())")]
    assert strings.count(("(", ")")) / 20_000 == pytest.approx(short[0] / sum(short), abs=0.02)
    with pytest.raises(Fault, match="shortest string of this grammar has 2"):
        grammar.draw(np.random.default_rng(0), 10, 1)
    with pytest.raises(Fault, match="Hardly"):
        read('S -> "a" [1/1000000] | "aaaa"').draw(np.random.default_rng(0), 10_000, 2)
    assert grammar.draw(np.random.default_rng(0), 0) == []


def test_drawing_is_the_same_for_the_same_seed() -> None:
    first, second, other = (read(BUILT_IN["toy-english"]).draw(np.random.default_rng(seed), 50) for seed in (7, 7, 8))
    assert first == second != other


def test_far_too_many_tokens_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("seqlab.data.grammar.sampler.MOST_TOKENS", 1000)
    with pytest.raises(Fault, match=r"Draw fewer|too long"):
        read(BUILT_IN["ndfa"]).draw(np.random.default_rng(0), 5000)
    assert isinstance(read(BUILT_IN["ndfa"])._sampler, Sampler)


def test_many_columns_are_forgotten_and_found_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("seqlab.data.grammar.earley.MOST_COLUMNS", 20)
    grammar = Grammar(BUILT_IN["dyck"])
    strings = grammar.draw(np.random.default_rng(6), 100, 30)
    assert all(grammar.walk(tokens).valid for tokens in strings)
    assert len(grammar._exact._known) <= 20
    assert probability(grammar, "(())()") == pytest.approx(likelihood(grammar, "(())()"))


def test_speed() -> None:
    """Generous limits, for other work runs beside: a sentence in a few milliseconds, a thousand checks in a second."""
    import time
    grammar = Grammar(BUILT_IN["toy-english"])
    strings = grammar.draw(np.random.default_rng(0), 1000)
    began = time.perf_counter()
    assert all(grammar.valid(tokens) for tokens in strings)
    assert time.perf_counter() - began < 30
    assert len({len(a) for a, _ in pairwise(strings)}) > 5
