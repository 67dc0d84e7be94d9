"""Which inputs have their sentence, read off the code of all pages and off a page that is drawn."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

from streamlit.testing.v1 import AppTest

INPUTS = {"selectbox", "number_input", "text_input", "text_area", "toggle", "checkbox", "radio", "slider",
          "select_slider", "multiselect", "segmented_control", "pills", "file_uploader", "date_input", "color_picker"}
SLIDERS = {"moving_slider", "moving_choice", "slider"}
ASKS = re.compile(r"[?.](?: \(.*\))?$")  # a label that is a sentence, with a word in brackets behind it
CHOOSERS = {"choose", "choose_or_none", "choose_several", "choose_number", "toggle"}  # of ui.shell.choices

# A label that is not shown has no room for help; what says instead what the input is.
UNLABELLED = {
    "Section": "its options are headings of what stands below",
    "Read off by": "a caption below says how the chosen one works",
    "What your program answered": "its two ways are what its options say",
    "Learning rate": "the word beside it has the help",
    "Clip the gradient's norm at": "the switch above it has the help",
    "Filter": "its placeholder says what can be typed",
    "Which": "its options are the kinds of runs",
    "Whose attention": "its options are headings of what stands below",
    "What do you write?": "its options are the exercises, each of which says itself what it asks",
    "Exercise": "its options are the exercises, and the question stands below",
    "Load one with a classic mistake": "its placeholder says it",
    "f'Network {name}'": "the letter beside it, which the pictures have too",
    "Network A": "the letter beside it, which the pictures have too",
    "Network B": "the letter beside it, which the pictures have too",
    "Race": "its options are races",
    "Over": "its options are the axis of the picture below",
    "The word that all of them echo": "its placeholder says it",
    "Your word": "the picture below spells it",
    "Compared": "its options are quantities by their names",
    "Units": "its options say the order",
    "Line": "the chosen line is explained below",
    "Curves": "its options are the curves by their names",
}


def calls(path: Path) -> Iterator[tuple[str, set[str | None]]]:
    """Every call that draws an input: its label as it is written, and the names of its options."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        name, drawn = _name(node.func), _name(node.args[0])
        chosen = name in CHOOSERS and drawn in INPUTS | SLIDERS and len(node.args) > 1
        if chosen or name in SLIDERS or (isinstance(node.func, ast.Attribute) and name in INPUTS):
            label = node.args[1] if chosen else node.args[0]
            yield str(label.value) if isinstance(label, ast.Constant) else ast.unparse(label), {
                keyword.arg for keyword in node.keywords}


def _name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def unexplained(path: Path) -> list[str]:
    """Labels of the inputs that a file draws without their sentence, and without a reason why they need none."""
    return [label for label, options in calls(path)
            if not {"help", None} & options and not ("label_visibility" in options and label in UNLABELLED)]


def wordless(app: AppTest) -> list[str]:
    """Labels of the inputs on a page that is drawn that have no sentence, and no reason why they need none."""
    inputs = [element.proto for kind in INPUTS | {"button_group"} for element in app.get(kind)]
    sliders = [json.loads(part.proto.json)[0] for part in app.get("bidi_component")
               if part.proto.id.endswith("-slider")]
    return [proto.label for proto in inputs if not proto.help and not ASKS.search(proto.label)
            and not (proto.label_visibility.value and proto.label in UNLABELLED)] + [
            data["label"] for data in sliders if not data["help"]]
