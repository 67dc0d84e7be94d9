"""Where a person's regular expression matches a text, found in a process of its own: some take time without end."""

import json
import subprocess
import sys
from functools import lru_cache

import numpy as np
from jaxtyping import Int

from seqlab.errors import Fault

SECONDS, MEMORY_BYTES = 2.0, 2**30  # in all; of address space, beside what Python takes
LONGEST = 300  # characters of an expression
MOST_CHARACTERS = 2_000_000  # of a text

_WRONG = 3  # what the child's process ends with where the expression cannot be read

# The child has nothing but ``re``: it reads the expression and the text and writes the ends of each match.
_CHILD = f"WRONG = {_WRONG}" + """
import sys
try:
    import resource
    for name, most in (("AS", int(sys.argv[1])), ("CPU", int(sys.argv[2])), ("CORE", 0)):
        resource.setrlimit(getattr(resource, "RLIMIT_" + name), (most, most))
except (ImportError, AttributeError, ValueError, OSError):
    pass
import array, json, re
pattern, text = json.load(sys.stdin.buffer)
spans = array.array("i")
try:
    expression = re.compile(pattern, re.MULTILINE)
except (re.error, OverflowError, RecursionError) as problem:
    sys.stdout.write(str(problem)[:80])
    sys.exit(WRONG)
for match in expression.finditer(text):
    if match.end() > match.start():
        spans.extend(match.span())
sys.stdout.buffer.write(spans.tobytes())
"""


@lru_cache(maxsize=32)
def matches(pattern: str, text: str) -> Int[np.ndarray, "match 2"]:
    """Give where each match begins and where it is over, from left to right; matches of no character are left out.

    ``^`` and ``$`` stand for the ends of lines. Raises Fault for what is no expression, and for one that takes more
    than ``SECONDS``.
    """
    if not 0 < len(pattern) <= LONGEST:
        raise Fault(f"Type a regular expression of at most {LONGEST} characters, such as [0-9]+ or the.")
    if len(text) > MOST_CHARACTERS:
        raise Fault(f"The text has {len(text):,} characters; an expression is looked for in at most "
                    f"{MOST_CHARACTERS:,}.")
    limits = str(MEMORY_BYTES), str(int(SECONDS) + 1)
    try:
        done = subprocess.run([sys.executable, "-I", "-S", "-c", _CHILD, *limits], timeout=SECONDS, check=False,
                              input=json.dumps([pattern, text]).encode(), stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL)
    except subprocess.TimeoutExpired:
        raise Fault(_TOO_LONG) from None
    if done.returncode == _WRONG:
        raise Fault(f"This is no regular expression: {done.stdout.decode(errors='replace')}. An example is [0-9]+.")
    if done.returncode:
        raise Fault(_TOO_LONG)
    return np.frombuffer(done.stdout, np.int32).reshape(-1, 2).astype(np.int64)


_TOO_LONG = (f"The expression takes more than {SECONDS:.0f} seconds on this text: repetitions of repetitions, such as "
             "(a+)+, try everything. Write it without one of them.")
