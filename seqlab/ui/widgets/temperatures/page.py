"""A text at several temperatures, alone."""

from seqlab.ui.widgets.temperatures import temperatures

TEXTS = {0.0: "time and the time and the time", 0.5: "time traveller was here", 1.0: "time traxeller ws hure",
         1.5: "tq imz<b>o</b>"}


if __name__ == "__main__":
    temperatures("the ", TEXTS, 0.5, key="sample", on_choose=lambda _: None)
