"""A stack of LSTM layers whose outputs are all used: the decoder reads the sum of their hidden states.

Each layer reads the one below, as in any stack. The sum gives the lower layers a short way to the loss.
Source: skip connections from every layer to the output: Graves 2013 (arXiv 1308.0850), section 2, figure 1.
"""

from dataclasses import replace

from seqlab.reference.formulas.line import FormulaLine
from seqlab.reference.formulas.operands import below, now
from seqlab.reference.lstm import CORE as LSTM
from seqlab.reference.lstm import lstm_lines


def summed_lines() -> tuple[FormulaLine, ...]:
    """Write the lines of an LSTM as data, and below them the sum so far."""
    return (*lstm_lines(), FormulaLine("s", below("", "s") + now("h")))


CORE = replace(LSTM, name="lstm_sum", label="LSTM, summed outputs", symbols=(*LSTM.symbols, "s"), total="s",
               lines=summed_lines)
