"""What the language of a grammar task is called."""

from seqlab.tasks.grammar import GrammarConfig

TITLES = {"ndfa": "NDFA", "brackets": "brackets", "dyck": "Dyck", "toy-english": "toy English"}


def language_title(task: GrammarConfig) -> str:
    """What the language of a task is called, and whether it is read word by word."""
    name = TITLES.get(task.language.name, "a grammar of one's own")
    return f"{name}, by word" if task.level == "word" else name
