"""The doors through which something from outside comes, each fed with a case that a seed draws."""

import contextlib
import io
import json
import shutil
import struct
import tempfile
import zipfile
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from random import Random

from streamlit.testing.v1 import AppTest

from seqlab.checking import sandbox
from seqlab.checking.exercises import EXERCISES
from seqlab.data import corpora, reviews
from seqlab.data.grammar import grammar
from seqlab.data.grammar.built_in import BUILT_IN
from seqlab.data.reader import labelled, looks_like_table, propose_table, read_table, read_text
from seqlab.errors import Fault
from seqlab.training import archive
from seqlab.training.library import Library
from seqlab.training.run import Run
from seqlab.training.sweeps import FOLDER, Sweeps
from seqlab.ui.runs.table import _row
from seqlab.ui.shell.foreign import literal
from tests.fuzz import broken
from tests.fuzz.checkpoints import checkpoints
from tests.support.address import page
from tests.support.data import ROOT

GOOD = ROOT / "checkpoints" / "grammar-toy"
TABLE = "label,text\n" + "".join(f'{"good" if n % 2 else "bad"},"a film, number {n}, that is ""long"" é"\n'
                                 for n in range(60))
TEXT = "It was a dark and stormy night; the rain fell — in torrents…\r\n" * 40


@cache
def members() -> Mapping[str, bytes]:
    """The files of a good run, with one snapshot."""
    steps = Run(GOOD).snapshots()
    names = ("config.json", "status.json", "metrics.jsonl", "samples.jsonl", "passport.json", "words.txt",
             f"weights/step-{steps[0]:08d}.safetensors")
    return {name: (GOOD / name).read_bytes() for name in names if (GOOD / name).exists()}


def zips(random: Random, folder: Path) -> None:
    """A run's zip with broken bytes, or of broken files; one that comes in is shown as a list and a page would."""
    files = dict(members())
    for name in random.sample(sorted(files), random.choice((0, 1, 1, 2))):
        files[name] = broken.in_file(random, files[name]) if "json" in name else broken.in_bytes(random, files[name])
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", random.choice((zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED, zipfile.ZIP_LZMA,
                                                     zipfile.ZIP_DEFLATED))) as file:
        for name, content in files.items():
            file.writestr(name, content)
    data = broken.in_bytes(random, packed.getvalue()) if random.random() < 0.4 else packed.getvalue()
    archive.read(io.BytesIO(data), folder / "run")
    shown(folder)


def folders(random: Random, folder: Path) -> None:
    """A folder laid by hand among the runs: the list shows what it can and marks the rest."""
    run = folder / "run"
    (run / "weights").mkdir(parents=True)
    spoilt = random.choice(sorted(members()))
    for name, content in members().items():
        spoil = broken.in_file if "json" in name else broken.in_bytes
        (run / name).write_bytes(spoil(random, content) if name == spoilt else content)
    shown(folder)


def shown(folder: Path) -> None:
    """Ask of the runs in a folder what lists and pages ask."""
    library = Library(folder, folder / "none")
    for fault in library.broken():
        literal(fault.reason).encode()
    for run in library.runs():
        json.dumps(_row(run), default=str).encode()
        with contextlib.suppress(Fault):
            run.metrics(), run.samples(), run.symbols, run.classes
        with contextlib.suppress(Fault):
            json.dumps(run.passport).encode()
        with contextlib.suppress(Fault):
            run.weights()


def sweeps(random: Random, folder: Path) -> None:
    """The file of a sweep."""
    base = json.loads(members()["config.json"])
    file = json.dumps({"name": "x", "base": base, "axes": {"network.hidden": [4, 8]}, "made": 1.0}).encode()
    (folder / FOLDER).mkdir()
    (folder / FOLDER / "one.json").write_bytes(broken.in_file(random, file))
    Sweeps(folder).get("one")


def tables(random: Random, folder: Path) -> None:
    """A person's table, as it is proposed, read and kept."""
    encoding = random.choice(("utf-8", "utf-16", "cp1252", "utf-8-sig"))
    data = TABLE.replace(",", random.choice((",", ";", "\t"))).encode(encoding, "replace")
    data = broken.in_bytes(random, data)
    looks_like_table(data, "x.csv")
    form = propose_table(data, with_labels=True)
    reading = read_table(data, form)
    list(labelled(data, reading)) if reading.labels else None
    reviews.add(data, "x", form)


def texts(random: Random, folder: Path) -> None:
    """A person's text, and a table taken for one."""
    data = broken.in_bytes(random, TEXT.encode(random.choice(("utf-8", "utf-16", "cp1252", "gb18030")), "replace"))
    read_text(data)
    corpora.prepared(corpora.add(data, "x").name, random.choice(("letters", "plain", "whole")))


def grammars(random: Random, folder: Path) -> None:
    """The rules of a grammar."""
    rules = random.choice(list(BUILT_IN.values())).encode()
    grammar.read(broken.in_bytes(random, rules).decode(errors="replace"), random.choice(("character", "word")))


def names(random: Random, folder: Path) -> None:
    """What stands in an address: the names of runs, texts and tables."""
    text = str(random.choice(broken.HOSTILE)) if random.random() < 0.5 else random.randbytes(8).decode("latin-1")
    for ask in (Library(folder, folder).get, Library(folder, folder).restore, corpora.checked_name,
                reviews.checked_name):
        with contextlib.suppress(Fault):
            ask(text)
    raise Fault("all of them")


def addresses(random: Random, folder: Path) -> None:
    """The values in an address, for every kind of widget that reads one; what cannot be had is said."""
    app = AppTest.from_function(page)
    for key in random.sample(("one", "rate", "some", "number", "switch"), random.randint(1, 5)):
        text = str(random.choice(broken.HOSTILE)) if random.random() < 0.5 else random.randbytes(6).decode("latin-1")
        app.query_params[key] = text.encode(errors="replace").decode()
    app.run()
    if app.exception:
        raise RuntimeError(app.exception[0].message)
    if app.warning:
        raise Fault(app.warning[0].value)


def messages(random: Random, folder: Path) -> None:
    """What the process of a person's code may write: noise, and messages without a signature."""
    from seqlab.checking import wire
    words = json.dumps(broken.in_json(random, {"kind": "case", "case": 0, "kinds": ["float64"], "shapes": [[2]]}))
    data = struct.pack("<IQ", len(words), 16) + words.encode() + bytes(16)
    for unpack in (wire.unpack, lambda data: wire.unpack_signed(bytes(32) + data, b"k")):
        with contextlib.suppress(ValueError):
            unpack(broken.in_bytes(random, data) if random.random() < 0.5 else data)
    raise Fault("noise")


def code(random: Random, folder: Path) -> None:
    """A person's code, run."""
    exercise = random.choice(list(EXERCISES.values()))
    source = broken.in_bytes(random, exercise.correct.encode()).decode(errors="replace")
    sandbox.run(source, exercise.function, exercise.cases()[:1], limits=sandbox.Limits(cpu=2, wall=10.0))


# How many of a hundred cases each door gets; code costs a process each, so it gets few.
DOORS: dict[Callable[[Random, Path], None], int] = {
    zips: 18, folders: 10, sweeps: 8, tables: 12, texts: 9, grammars: 9, names: 8, messages: 5, code: 1,
    checkpoints: 19, addresses: 1}


def feed(door: Callable[[Random, Path], None], seed: int) -> str:
    """Feed one case; returns "in" where it came in, "fault" for a Fault; any other exception is raised."""
    folder = Path(tempfile.mkdtemp(prefix="seqlab-fuzz-"))
    try:
        door(Random(f"{door.__name__} {seed}"), folder)
    except Fault as fault:
        came = str(fault)
    else:
        came = ""
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    if str(folder) in came or (came and not literal(came).strip()):
        raise ValueError(f"the sentence says nothing or names a folder: {came}")
    return "fault" if came else "in"
