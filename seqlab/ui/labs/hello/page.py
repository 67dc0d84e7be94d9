"""The hello lab: the smallest networks there are learn one word pair, and nothing of them is hidden."""

from seqlab.ui.labs.hello.choice import OPENS
from seqlab.ui.labs.hello.input import hello_input
from seqlab.ui.labs.hello.lab import hello_lab
from seqlab.ui.runs.frames import plain
from seqlab.ui.runs.task_view import TaskView
from seqlab.ui.shell.page import Card, Page, Section

PAGE = Page(
    "hello", "Hello lab", ":material/waving_hand:", Section.LABS, 2, plain(hello_lab),
    caption="A tiny network reads one word, letter by letter, and learns to answer with another. It is so small that "
    "you can read every weight.",
    card=Card("Read every weight", "Tiny networks learn hello → ohlol, epoch by epoch."),
    opens=OPENS,
    tasks=(TaskView("hello", hello_input),))
