"""Opinions of films that nobody ever saw, written by a small grammar: reviews that need no network and no one's rights.

A word alone does not tell what is meant: ``not dull`` praises, and ``although the plot was dull`` may begin a praise.
So a network that reads each word by itself finds less in them than one that reads on.
"""

from random import Random

GOOD = ("good", "great", "brilliant", "charming", "moving", "clever", "funny", "wonderful", "lively", "elegant")
BAD = ("bad", "poor", "dull", "clumsy", "boring", "silly", "awful", "tired", "lifeless", "weak")
ASPECTS = ("plot", "acting", "music", "ending", "cast", "script", "camera", "pace", "story", "dialogue", "lighting")
DEGREES = ("", "", "", "very", "really", "rather", "quite", "truly")
NEGATIONS = ("not", "never", "hardly")
OPENINGS = ("i saw this film last week", "we rented this movie on a friday", "my sister took me to see it",
            "it was on late at night", "i had read the book before", "the theatre was half empty",
            "a friend told me about this film", "this is the second film by the same director", "")
ASIDES = ("it runs for two hours", "it is set in a small town", "there are many scenes by the sea",
          "most of it happens at night", "the film was made in a hurry", "it begins on a train", "", "", "")
VERDICTS = {
    True: ("i loved it", "i would see it again", "i was sorry when it ended", "i did not want it to end",
           "i never once looked at my watch", "i would not have missed it", "tell your friends"),
    False: ("i hated it", "i would not see it again", "i was glad when it ended", "i could not wait for it to end",
            "i looked at my watch again and again", "i would gladly have missed it", "tell your enemies"),
}


def reviews(count: int, seed: int) -> list[tuple[str, int]]:
    """Write so many reviews, each with its label: 1 praises, 0 does not; half of each, in a random order."""
    random = Random(seed)
    labels = [place % 2 for place in range(count)]
    random.shuffle(labels)
    return [(review(random, bool(label)), label) for label in labels]


def review(random: Random, praise: bool) -> str:
    """Write one review: an opening, two to five opinions with asides between them, and mostly a verdict.

    One opinion in six speaks against the whole, but then there are at least two more that speak for it.
    """
    count = random.randint(2, 5)
    against = {random.randrange(count)} if count > 3 and random.random() < 0.5 else set()
    parts = [random.choice(OPENINGS)]
    for place in range(count):
        parts += [opinion(random, praise != (place in against)), random.choice(ASIDES)]
    if random.random() < 0.4:
        parts.append(random.choice(VERDICTS[praise]))
    return " . ".join(part for part in parts if part)


def opinion(random: Random, praise: bool) -> str:
    """Say something about one or two sides of a film; where there is a contrast, what comes last is what is meant."""
    first, second = random.sample(ASPECTS, 2)
    kind = random.random()
    if kind < 0.3:
        return f"although the {first} was {phrase(random, not praise)} the {second} was {phrase(random, praise)}"
    if kind < 0.45:
        return f"the {first} was {phrase(random, praise)} and the {second} was {phrase(random, praise)}"
    return f"the {first} was {phrase(random, praise)}"


def phrase(random: Random, praise: bool) -> str:
    """Choose a word of praise or of blame, or deny the opposite."""
    denied = random.random() < 0.4
    words = (random.choice(NEGATIONS) if denied else "", random.choice(DEGREES),
             random.choice(GOOD if praise != denied else BAD))
    return " ".join(word for word in words if word)
