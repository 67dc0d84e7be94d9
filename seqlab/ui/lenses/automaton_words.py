"""What is said of the automaton that a network learned: where it is right, where not, and what was left unsure."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool

from seqlab.data.grammar import Grammar
from seqlab.data.vocabulary import END
from seqlab.figures.truth import shown
from seqlab.reference.automata import Comparison, Word
from seqlab.training.answers import LearnedAutomaton
from seqlab.ui.shell.foreign import literal

WIDEST = 60  # tokens of a string that is quoted


@dataclass(frozen=True)
class Words:
    """Sentences about one grammar; ``threshold`` is the probability from which a token is possible."""

    grammar: Grammar
    threshold: float

    def comparison(self, answer: LearnedAutomaton) -> str:
        """Say how the network's automaton and the grammar's compare, and up to which depth it is right."""
        learned, truth = answer["automaton"], answer["truth"]
        if not learned.table[0].any():
            return (f"**This network holds nothing possible.** No token has a probability of {self.threshold:.1%} or "
                    "more at the start; take a lower bound, or train it on.")
        depth = answer["depth"]
        deep = "" if depth is None else f" It is right up to **{depth}** open bracket{'s' * (depth != 1)}."
        if answer["exact"] and learned.same(truth):
            return (f"**They are the same.** With {len(learned)} states the network holds possible exactly what the "
                    "grammar does, after every string.")
        if answer["compared"].word is None:
            return f"No string was found on which they differ.{deep}"
        if not answer["settled"]:
            return f"As far as the network was asked, no difference was found.{deep}"
        return f"**They differ.** {self.compared(answer['compared'], 'the network')}{deep}"

    def compared(self, comparison: Comparison, who: str) -> str:
        """Say after which shortest string two machines differ, and in what; nothing where they do not."""
        if comparison.word is None or comparison.first is None or comparison.second is None:
            return ""
        more = self._listed(comparison.first & ~comparison.second)
        less = self._listed(comparison.second & ~comparison.first)
        parts = [f"{who} holds {more} possible and the grammar does not" if more else "",
                 f"the grammar allows {less} and {who} does not" if less else ""]
        after = f"After {self._quoted(comparison.word)}, the shortest such string, " if comparison.word else \
            "At the start "
        return after + "; ".join(filter(None, parts)) + "."

    def string(self, comparison: Comparison) -> str:
        """Give the string to look into: the one after which they differ and, if it is one, the token they differ in."""
        if comparison.word is None or comparison.first is None or comparison.second is None:
            return ""
        differing = np.flatnonzero((comparison.first ^ comparison.second)[:-1])[:1].tolist()
        return self.grammar.joined(self._tokens([*comparison.word, *differing]))

    def unsure(self, answer: LearnedAutomaton, *, stopped: bool) -> str:
        """Say how it was learned and what is not certain."""
        counterexamples = answer["counterexamples"]
        parts = [f"{answer['asked']:,} strings were asked in {answer['seconds']:.1f} s, and {counterexamples} "
                 f"counterexample{'s' * (counterexamples != 1)} learned from."]
        if answer["fresh"]:
            parts.append(f"On {answer['fresh']:,} fresh strings, every other one with a token changed, it says at "
                         f"every place what the network says on {answer['agreed'] / answer['fresh']:.2%}.")
        parts.append(self._ending(answer, stopped))
        return "**How sure is this?** " + " ".join(parts)

    def _ending(self, answer: LearnedAutomaton, stopped: bool) -> str:
        if answer["full"]:
            return "It has as many states as are learned at most; what lies behind is unknown."
        if not answer["sure"]:
            why = "It was stopped" if stopped else "Time was up"
            return f"{why} while counterexamples still came: this is the last guess, and more time may show more."
        if answer["regions"] is None:
            return ("No further counterexample was found among drawn and wandering strings. A network that looks back "
                    "has no state that could be walked through, so this is no proof.")
        longer = f", up to {answer['longest']} tokens," if answer["cut"] else ""
        return (f"At the end {answer['regions']:,} regions of its states were walked beside it{longer} without a "
                "conflict. That is strong evidence, but no proof.")

    def _listed(self, possible: Bool[np.ndarray, " next"]) -> str:
        names = [*self.grammar.tokens, END]
        return ", ".join(f"**{literal(shown(names[place]))}**" for place in np.flatnonzero(possible).tolist())

    def _quoted(self, word: Word) -> str:
        text = self.grammar.joined(self._tokens(word[:WIDEST]))
        return f"“{literal(text)}{'…' if len(word) > WIDEST else ''}” ({len(word)} token{'s' * (len(word) != 1)})"

    def _tokens(self, word: Iterable[int]) -> tuple[str, ...]:
        return tuple(self.grammar.tokens[symbol] for symbol in word)
