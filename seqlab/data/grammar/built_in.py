"""The grammars that seqlab brings along, in the notation that a person writes."""

NDFA = """\
# s, then one word again and again, then s
S    -> "s" "s" [1/4] | "s" Word "s" [3/4]
Word -> Abc | Uvw | Klm
Abc  -> "abc!" [1/4] | Abc "abc!" [3/4]
Uvw  -> "uvw!" [1/4] | Uvw "uvw!" [3/4]
Klm  -> "klm!" [1/4] | Klm "klm!" [3/4]
"""

BRACKETS = """\
# opens once, then opens again with probability 7/16 or closes, until all is closed
S      -> "(" Inside ")"
Inside -> "" [9/16] | Inside "(" Inside ")" [7/16]
"""

DYCK = """\
# balanced brackets, also side by side: ()()
S    -> Pair [5/8] | S Pair [3/8]
Pair -> "(" ")" | "(" S ")"
"""

TOY_ENGLISH = """\
# a toy English; every choice is uniform
spaced
S    -> S Adv | NP VP | NP VP Prep NP | NP VP "(" Prep NP ")" | NP VP Con S | NP VP "(" Con S ")"
NP   -> Det Noun | Det Adj Noun
Det  -> "a" | "the"
Adv  -> "briefly" | "quickly" | "impatiently"
Prep -> "on" | "with" | "to"
Con  -> "while" | "but"
Noun -> "mouse" | "bunny" | "cat" | "dog" | "man" | "woman" | "person"
VP   -> "walked" | "walks" | "ran" | "runs" | "goes" | "went"
Adj  -> "short" | "quick" | "busy" | "nice" | "gorgeous"
"""

BUILT_IN = {"ndfa": NDFA, "brackets": BRACKETS, "dyck": DYCK, "toy-english": TOY_ENGLISH}
