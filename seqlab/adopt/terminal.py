"""Opening a checkpoint from the command line: what is asked there, and what is said of the answers."""

import sys
from pathlib import Path

from tyro.conf import Positional

from seqlab import paths
from seqlab.adopt.opening import write
from seqlab.adopt.parts import Answers, OpenItem, size
from seqlab.adopt.proposal import Adopted, Proposal, propose
from seqlab.adopt.reading import read
from seqlab.adopt.vocabulary import read_file
from seqlab.errors import Fault

MOST_CHOICES = 12  # that are written out in a question


def open_file(file: Positional[Path], yes: bool = False, vocabulary: Path | None = None, name: str = "",
              answers: tuple[str, ...] = (), tensors: tuple[str, ...] = ()) -> None:
    """Open a checkpoint of your own: safetensors, PyTorch's .pt .pth .ckpt .bin (weights only), or .npz.

    Args:
        file: The file.
        yes: Take every guess; what cannot be guessed stays at its default. What was guessed is said.
        vocabulary: A file with its symbols in the order of their numbers: a JSON list or table, the characters
            themselves, or a text that they are taken from.
        name: What the run is called; by default as the file.
        answers: Answers to questions, such as activation=relu heads=4.
        tensors: Corrections, such as encoder.weight=decoder.weight; nothing after the sign leaves a tensor out.
    """
    try:
        proposal = propose(read(file), _pairs(tensors, "--tensors"))
        given = _pairs(answers, "--answers")
        if vocabulary is not None:
            given["vocabulary"] = read_file(vocabulary)
        adopted = proposal.settle(_asked(proposal, given, yes))
        run = write(adopted, file, paths.runs(), name)
    except Fault as fault:
        print(fault, file=sys.stderr)
        raise SystemExit(1) from None
    _say(adopted)
    print(f"{run.id}: opened. To see it: seqlab serve, and choose it on the page Opened networks.")


def _pairs(texts: tuple[str, ...], option: str) -> dict[str, str]:
    odd = next((text for text in texts if "=" not in text), None)
    if odd is not None:
        raise Fault(f"{option} takes pairs such as heads=4, not {odd!r:.40}.")
    return {key: value for key, _, value in (text.partition("=") for text in texts)}


def _asked(proposal: Proposal, given: dict[str, str], yes: bool) -> Answers:
    """Ask on the terminal what neither file nor person has said; raises Fault where nobody can be asked."""
    while not yes:
        left = [question for question in proposal.questions(given) if not question.decided
                and question.key not in given]
        if not left:
            break
        if not sys.stdin.isatty():
            raise Fault(f"The file leaves open: {', '.join(question.key for question in left)}. Add --answers, such as "
                        f"{left[0].key}={left[0].default or '…'}, or --yes to take every guess.")
        given[left[0].key] = _ask(left[0])
    return given


def _ask(question: OpenItem) -> str:
    print(question.text)
    for key, words in list(question.choices.items())[:MOST_CHOICES]:
        print(f"  {key or chr(34) * 2}: {words}" if words != key else f"  {key}")
    try:
        return input(f"{question.key} [{question.default}]: ").strip() or question.default
    except EOFError:
        return question.default


def _say(adopted: Adopted) -> None:
    origin = adopted.origin
    print(origin["network"])
    widest = max(len(tensor["name"]) for tensor in origin["tensors"])
    for tensor in origin["tensors"]:
        print(f"  {tensor['name']:<{widest}}  {size(tuple(tensor['shape'])):>12}  {tensor['role']}")
    for question in origin["questions"]:
        answer = question["answer"] if len(question["answer"]) <= 60 else f"{question['answer'][:57]}…"
        print(f"{question['how']}: {question['key']} = {answer or '(nothing)'}"
              + (f" ({question['why']})" if question["why"] else ""))
    for word, names in (("left over", origin["left_over"]), ("it has no", origin["missing"])):
        if names:
            print(f"{word}: {', '.join(names)}")
