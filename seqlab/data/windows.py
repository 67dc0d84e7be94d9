"""Windows of a running text: which part is trained on and which validates, and where the windows of a batch begin."""

from seqlab.errors import Fault

D2L_WINDOWS = 10_000, 5_000  # to train on and to validate on; each starts one character after the one before
SHARE = 0.9  # of the text that is trained on, where it is split by position


def spans(length: int, split: str, reach: int) -> tuple[range, range]:
    """Places of the training and the validation part in a text; those of ``d2l`` have ``reach`` in common."""
    if split == "position":
        cut = int(SHARE * length)
        return range(cut), range(cut, length)
    windows = max(0, length - reach)
    training = min(D2L_WINDOWS[0], windows * 2 // 3)
    validation = min(D2L_WINDOWS[1], windows - training)
    return range(training + reach), range(training, training + validation + reach)


def validation_text(text: str, num_steps: int) -> str:
    """What windows 10,000 to 15,000 of a text read, and their next characters; raises Fault for a text without them."""
    if len(text) <= D2L_WINDOWS[0] + num_steps:
        raise Fault(f"The text has {len(text):,} characters, too few for windows after the first {D2L_WINDOWS[0]:,}.")
    return text[D2L_WINDOWS[0]:sum(D2L_WINDOWS) + num_steps]


def lanes(length: int, size: int, num_steps: int, step: int) -> tuple[list[int], int]:
    """Cut a text into as many lanes as a batch has sequences; say where each is at a step, and how many came before."""
    lane = (length - 1) // size
    if lane < num_steps:
        raise Fault(f"A text of {length:,} symbols cannot be read in {size} places at once, {num_steps} a step; "
                    "take a smaller batch.")
    place = step % (lane // num_steps)
    return [row * lane + place * num_steps for row in range(size)], place
