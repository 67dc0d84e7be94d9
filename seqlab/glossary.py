"""Words of the field that are neither a symbol nor a setting, each in one sentence: measures, acts, what we prove."""

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Term:
    """A word, what it means in a sentence, and what else people call it."""

    name: str
    meaning: str
    also: tuple[str, ...] = ()


TERMS: dict[str, Term] = {
    term.name: term
    for term in (
        Term("loss", "How surprised the network is by what is right: minus the logarithm of the probability that it "
             "gave it, in nats; smaller is better.", ("cross-entropy", "negative log-likelihood", "nll")),
        Term("nats", "Unit of surprise by the natural logarithm; one nat is 1.44 bits.",
             ("bits", "bits per character")),
        Term("perplexity", "e to the loss: among how many symbols, all equally likely, the network might as well "
             "choose.", ("ppl",)),
        Term("accuracy", "Share of the answers that count in which the most probable symbol is the right one.",
             ("right", "score")),
        Term("chance", "Accuracy that guessing would have.", ("guessing", "baseline")),
        Term("gradient", "For each weight, how much the loss would grow if that weight grew a little.",
             ("derivative", "backpropagation", "backprop", "bptt")),
        Term("gradient norm", "Length of the gradient of all weights together, before it is clipped.", ("grad norm",)),
        Term("vanishing gradient", "Going back in time a gradient is multiplied at every step, and by less than 1 it "
             "soon is nothing: what was long ago cannot be learned.", ("exploding gradient",)),
        Term("update", "One step of the optimiser: all weights move a little, by the gradient of one batch.",
             ("training step", "optimiser step", "iteration")),
        Term("epoch", "One pass over all that there is to learn from."),
        Term("time", "A position in a sequence, counted from 0.", ("time step", "t", "position")),
        Term("validation", "Data that nothing is learned from, on which the network is measured.",
             ("held-out", "fresh data", "evaluation", "test set", "overfitting")),
        Term("temperature", "T divides the logits before the softmax: below 1 the likely becomes likelier, above 1 "
             "all become more alike; 0 always takes the most probable.", ("t", "cold", "hot", "greedy")),
        Term("α", "Factor on the logits, 1/T: the same knob as the temperature, turned the other way.",
             ("alpha", "inverse temperature")),
        Term("top-k", "Only the k most probable symbols may be drawn.", ("top k",)),
        Term("top-p", "Only the most probable symbols may be drawn that together reach the probability p.",
             ("top p", "nucleus")),
        Term("softmax", "Makes numbers into probabilities: e to each, divided by the sum of all."),
        Term("sigmoid", "σ squeezes a number between 0 and 1; a gate is one.", ("σ", "logistic")),
        Term("tanh", "Squeezes a number between −1 and 1; a candidate state is one.", ("activation",)),
        Term("gate", "A number between 0 and 1 for each unit that is multiplied with something: at 0 nothing passes, "
             "at 1 all of it.", ("gates", "gru gates", "lstm gates")),
        Term("unit", "One number of a hidden state, with its own gates and weights.", ("neuron", "cell")),
        Term("weights", "The numbers that training changes; all that a network knows is in them.", ("parameters",)),
        Term("token", "What a network reads at one time: a character, a word or a piece of one.", ("symbol",)),
        Term("padding", "What fills shorter sequences of a batch up to the longest; it should count nowhere.",
             ("pad", "mask", "masking")),
        Term("attention", "Each position asks all others, and mixes their answers by how well they fit.",
             ("self-attention", "query key value", "qkv")),
        Term("causal mask", "Hides from each position what comes after it, which it is to predict.", ("causal",)),
        Term("residual stream", "What a transformer's blocks read and each adds to.", ("skip connection",)),
        Term("difference", "The largest distance between a number that is drawn, computed in NumPy, and the same one "
             "computed by torch; the badge shows it.", ("badge", "agreement", "proved", "proof", "deviation")),
        Term("float32", "Numbers with some seven digits, in which networks are trained; what differs by less than "
             "their last bits is equal.", ("float64", "rounding", "precision")),
        Term("snapshot", "The weights as they were after some update, kept with the run.", ("checkpoint",)),
        Term("run", "One training of one network: its settings, curves and snapshots, in one folder."),
        Term("recipe", "Settings that work, to start from."),
        Term("sweep", "Some settings, several values each, and a network for every combination.", ("grid search",)),
        Term("delay", "How many letters later the echo of a letter comes.", ("lag", "echo")),
        Term("delay line", "Weights at the start that pass each symbol from unit to unit, so that it is held.",
             ("shift register",)),
        Term("trail", "How far a state depends on one symbol that was read, at every time after.", ("remembers",)),
        Term("surprise", "Minus the logarithm of the probability of what came: 0 is certain.", ("information",)),
        Term("entropy", "The surprise that is to be expected: how unsure the network is.", ("uncertainty",)),
        Term("automaton", "A machine with a few states and arrows between them: what a network that knows a grammar "
             "behaves like.", ("finite state machine", "dfa", "fsa", "l*")),
        Term("fixed point", "A state that stays where it is while the same symbol is read.", ("attractor", "rest")),
        Term("intervention", "Setting something inside by hand, to see what follows from it.",
             ("ablation", "clamp", "patch", "switch off")),
        Term("probe", "A rule that tells what a unit follows, scored on text it was not fitted on.", ("selectivity",)),
        Term("one-hot", "A vector with a 1 in a symbol's own place and 0 elsewhere.", ("onehot",)),
        Term("speed", "Tokens that the training reads in a second.", ("tokens per second", "throughput")),
    )
}
_BEHIND = re.compile(r"(?:\s+[\d.,]+)?(?:\s*[(,:].*)?$", re.DOTALL)


def bare(label: str) -> str:
    """Leave of a label what it speaks of: ``Loss (nats per letter)``, ``loss, nats`` and ``Loss`` are all ``loss``.

    The browser does the same in ``ui/widgets/frame/words.js``.
    """
    return _BEHIND.sub("", label.strip(), count=1).strip().lower()
