"""Synthetic film reviews from a small grammar, in the public domain and available without a connection.

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
CONCLUSIONS = {
    True: ("i loved it", "i would see it again", "i was sorry when it ended", "i did not want it to end",
           "i never once looked at my watch", "i would not have missed it", "tell your friends"),
    False: ("i hated it", "i would not see it again", "i was glad when it ended", "i could not wait for it to end",
            "i looked at my watch again and again", "i would gladly have missed it", "tell your enemies"),
}


def reviews(count: int, seed: int) -> list[tuple[str, int]]:
    """Write ``count`` reviews, each with its label (1 positive, 0 negative); half of each, in a random order."""
    random = Random(seed)
    labels = [place % 2 for place in range(count)]
    random.shuffle(labels)
    return [(review(random, bool(label)), label) for label in labels]


def review(random: Random, praise: bool) -> str:
    """Write one review: an opening, two to five judgements with asides between them, and mostly a conclusion.

    At most one judgement contradicts the label, and then at least three agree with it.
    """
    count = random.randint(2, 5)
    against = {random.randrange(count)} if count > 3 and random.random() < 0.5 else set()
    parts = [random.choice(OPENINGS)]
    for place in range(count):
        parts += [sentiment(random, praise != (place in against)), random.choice(ASIDES)]
    if random.random() < 0.4:
        parts.append(random.choice(CONCLUSIONS[praise]))
    return " . ".join(part for part in parts if part)


def sentiment(random: Random, praise: bool) -> str:
    """Write a clause about one or two aspects of a film; of a contrast the last part carries the label."""
    first, second = random.sample(ASPECTS, 2)
    kind = random.random()
    if kind < 0.3:
        return f"although the {first} was {phrase(random, not praise)} the {second} was {phrase(random, praise)}"
    if kind < 0.45:
        return f"the {first} was {phrase(random, praise)} and the {second} was {phrase(random, praise)}"
    return f"the {first} was {phrase(random, praise)}"


def phrase(random: Random, praise: bool) -> str:
    """Choose a positive or a negative word, or negate its opposite."""
    denied = random.random() < 0.4
    words = (random.choice(NEGATIONS) if denied else "", random.choice(DEGREES),
             random.choice(GOOD if praise != denied else BAD))
    return " ".join(word for word in words if word)
