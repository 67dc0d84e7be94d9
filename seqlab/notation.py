"""Every symbol that seqlab computes or draws, named once; a core may bring some of its own.

A symbol's name in a trace is its key, and in a stack of layers the key and the layer: ``h.0``, ``z.1``.
Letters and polarity are PyTorch's: z = 1 keeps the old state. A core whose quantities are none of these has their
symbols in its own file, in a tuple ``SYMBOLS``.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from seqlab.registry import attributes

UNBOUNDED = float("inf")

Colour = Literal["diverging", "sequential"]


@dataclass(frozen=True)
class Symbol:
    """One quantity of a forward pass: its key, LaTeX, plain name, axes, bounds, colour rule and meaning.

    ``ends`` are for a gate: what a unit does where it is 0, and where it is 1.
    """

    key: str
    latex: str
    name: str
    axes: tuple[str, ...]
    bounds: tuple[float, float]
    colour: Colour
    meaning: str
    ends: tuple[str, str] = ("", "")

    @property
    def time_axis(self) -> int:
        """Which axis counts time steps; in a map of queries and keys that of the queries."""
        return self.axes.index("time" if "time" in self.axes else "query")

    @property
    def span(self) -> tuple[float, float]:
        """Fixed limits of the colour scale, so that two pictures can be compared; open ends are cut at ±3."""
        low, high = self.bounds
        return max(low, -3.0), min(high, 3.0)


_HIDDEN = ("batch", "time", "hidden")
_HEADS, _MAP = ("batch", "head", "time", "feature"), ("batch", "head", "query", "key")
_UNIT, _SIGNED, _REAL = (0.0, 1.0), (-1.0, 1.0), (-UNBOUNDED, UNBOUNDED)

SHARED: dict[str, Symbol] = {
    symbol.key: symbol
    for symbol in (
        Symbol("x", r"x_t", "input", ("batch", "time", "input"), _REAL, "diverging",
               "what the network reads at time t, as a vector"),
        Symbol("h", r"h_t", "hidden state", _HIDDEN, _SIGNED, "diverging",
               "what the layer shows to the layer above, and a recurrent one also carries to the next time"),
        Symbol("a", r"a_t", "pre-activation", _HIDDEN, _REAL, "diverging",
               "the sum that goes into the activation function"),
        Symbol("r", r"r_t", "reset gate", _HIDDEN, _UNIT, "sequential",
               "0 hides the old state from the candidate, 1 shows it",
               ("hides what it had from the candidates", "shows what it had to the candidates")),
        Symbol("z", r"z_t", "update gate", _HIDDEN, _UNIT, "sequential",
               "1 keeps the old state, 0 takes the candidate",
               ("takes its candidate", "keeps what it had")),
        Symbol("q", r"q_t", "recurrent part of the candidate", _HIDDEN, _REAL, "diverging",
               "what the old state sends to the candidate, before the reset gate"),
        Symbol("n", r"n_t", "candidate state", _HIDDEN, _SIGNED, "diverging",
               "the new state that is proposed at time t"),
        Symbol("i", r"i_t", "input gate", _HIDDEN, _UNIT, "sequential",
               "1 lets the candidate into the cell",
               ("keeps its candidate out of the cell", "lets its candidate into the cell")),
        Symbol("f", r"f_t", "forget gate", _HIDDEN, _UNIT, "sequential",
               "1 keeps the cell, 0 empties it",
               ("empties its cell", "keeps its cell")),
        Symbol("g", r"g_t", "cell candidate", _HIDDEN, _SIGNED, "diverging",
               "the content that is proposed for the cell at time t"),
        Symbol("o", r"o_t", "output gate", _HIDDEN, _UNIT, "sequential",
               "1 shows the cell to the outside",
               ("hides its cell", "shows its cell to the outside")),
        Symbol("c", r"c_t", "cell state", _HIDDEN, _REAL, "diverging",
               "the long-term memory of an LSTM"),
        Symbol("s", r"\Sigma_t", "summed hidden states", _HIDDEN, _REAL, "diverging",
               "the hidden states of this layer and of all below it, added up; the decoder reads the last sum"),
        Symbol("entered", r"e_t", "input with its position", _HIDDEN, _REAL, "diverging",
               "the input brought to the width of the residual stream, with the position added"),
        Symbol("ln1", r"\bar{x}_t", "normalised input", _HIDDEN, _REAL, "diverging",
               "the residual stream as attention reads it, or where normalisation comes last as the feed-forward "
               "network does: mean 0, variance 1, then scaled and shifted"),
        Symbol("query", r"q_t", "query", _HEADS, _REAL, "diverging",
               "what position t asks for"),
        Symbol("key", r"k_j", "key", _HEADS, _REAL, "diverging",
               "what position j can be asked for"),
        Symbol("value", r"v_j", "value", _HEADS, _REAL, "diverging",
               "what position j answers when it is looked at"),
        Symbol("scores", r"s_{tj}", "scores", _MAP, _REAL, "diverging",
               "how well the query of t fits the key of j: their product divided by √d, before the mask"),
        Symbol("attention", r"\alpha_{tj}", "attention weights", _MAP, _UNIT, "sequential",
               "the share of position j in what position t reads; they sum to 1 over j"),
        Symbol("heads", r"y_t^{(i)}", "output of each head", _HEADS, _REAL, "diverging",
               "the values, mixed by the attention weights"),
        Symbol("attended", r"m_t", "attention output", _HIDDEN, _REAL, "diverging",
               "the outputs of all heads, put side by side and mixed"),
        Symbol("mid", r"\tilde{h}_t", "residual stream after attention", _HIDDEN, _REAL, "diverging",
               "what came into the block and what attention added to it"),
        Symbol("ln2", r"\bar{h}_t", "normalised residual stream", _HIDDEN, _REAL, "diverging",
               "the residual stream as the feed-forward network reads it"),
        Symbol("ff", r"u_t", "feed-forward activation", _HIDDEN, _REAL, "diverging",
               "the wide inner layer of the feed-forward network, after its activation function"),
        Symbol("post", r"\check{h}_t", "residual stream after the feed-forward network", _HIDDEN, _REAL, "diverging",
               "what the feed-forward network read and what it added to it, before the last normalisation of a block"),
        Symbol("ln", r"\bar{y}_t", "normalised output", _HIDDEN, _REAL, "diverging",
               "the residual stream after the last block as the decoder reads it"),
        Symbol("pooled", r"\hat{h}_t", "pooled hidden state", _HIDDEN, _REAL, "diverging",
               "the highest that each unit of the top layer has been up to time t, or its mean; the decoder reads it"),
        Symbol("logits", r"y_t", "logits", ("batch", "time", "vocab"), _REAL, "diverging",
               "one score for each symbol of the alphabet"),
        Symbol("p", r"p_t", "probabilities", ("batch", "time", "vocab"), _UNIT, "sequential",
               "softmax of the logits: how sure the network is of each symbol"),
    )
}


class Symbols(Mapping[str, Symbol]):
    """The symbols that cores share, and behind them those that a core has for itself, by their keys."""

    @property
    def own(self) -> dict[str, Symbol]:
        """Symbols of single cores; raises ValueError for a key that is taken."""
        own: dict[str, Symbol] = {}
        for module, symbols in attributes("seqlab.reference", "SYMBOLS").items():
            for symbol in symbols if isinstance(symbols, tuple) else ():
                if symbol.key in SHARED or symbol.key in own:
                    raise ValueError(f"{module} has a symbol {symbol.key!r}, which is taken")
                own[symbol.key] = symbol
        return own

    def __getitem__(self, key: str) -> Symbol:
        return SHARED[key] if key in SHARED else self.own[key]

    def __iter__(self) -> Iterator[str]:
        yield from SHARED
        yield from self.own

    def __len__(self) -> int:
        return len(SHARED) + len(self.own)


SYMBOLS = Symbols()


def symbol(name: str) -> Symbol:
    """Look up the symbol of a trace name such as ``h.0`` or ``logits``; raises KeyError for an unknown one."""
    return SYMBOLS[name.partition(".")[0]]


def known(name: str) -> bool:
    """Whether a name is that of a symbol, and not of a weight."""
    return name.partition(".")[0] in SYMBOLS


def layer(name: str) -> int | None:
    """Return the layer of a trace name (``h.1`` → 1), or None where the name has none."""
    _, dot, number = name.partition(".")
    return int(number) if dot else None
