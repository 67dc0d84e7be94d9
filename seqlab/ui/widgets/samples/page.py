"""What a network wrote, alone: strings of brackets after each of five epochs."""

from seqlab.ui.widgets.samples import Written, samples

GOOD, BROKEN, SHORT = ("(())()", "", True), ("(()", ")))", False), ("((", "", False)


def evaluations() -> list[Written]:
    """Sample data: more strings of the language from epoch to epoch."""
    return [Written(10 * k, f"Epoch {k} · step {10 * k}", k / 5, [GOOD] * k + [BROKEN] * (5 - k) + [SHORT])
            for k in range(1, 6)]


if __name__ == "__main__":
    samples(evaluations(), seed="((", key="sample")
