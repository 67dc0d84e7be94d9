"""Pictures and ONNX: what leaves is whole, says where it is from, and gives the run's own numbers."""

import base64
import re
import struct
import xml.etree.ElementTree as ET
import zlib
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx.reference import ReferenceEvaluator

from seqlab.errors import Fault
from seqlab.export.exports import Leaving, exports
from seqlab.export.making.slide import coloured
from seqlab.figures.theme import LIGHT
from tests.support.runs import random_run

VARIABLE = {"name": "echo", "delay": 2, "length": 8, "form": "variable"}


def pixels(png: bytes) -> np.ndarray:
    """Read a PNG of ours back, by the letter of its format."""
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    width, height = struct.unpack(">II", png[16:24])
    length = struct.unpack(">I", png[33:37])[0]
    rows = np.frombuffer(zlib.decompress(png[41:41 + length]), np.uint8).reshape(height, 1 + 3 * width)
    return rows[:, 1:].reshape(height, width, 3)


def test_a_slide_has_every_number_and_says_what_it_shows(tmp_path: Path) -> None:
    run = random_run(tmp_path, task=VARIABLE, name="<b>mine</b> & \x00yours")
    leaving = replace(Leaving.of(run, "tea", condition=1), link="http://host/echo?word=<tea>&x=1")
    text = exports()["svg"].made(leaving).decode()
    root = ET.fromstring(text)
    assert (root.get("width"), root.get("height")) == ("1600", "900")
    words = [node.text for node in root.iter() if node.text]
    for part in ("<b>mine</b> & \ufffdyours", "http://host/echo?word=<tea>&x=1"):
        assert part in words
    assert any("condition 1" in part and "step 0" in part for part in words)
    assert any("torch and NumPy agree" in part and "Proved on 2" in part for part in words)
    pictures = [pixels(base64.b64decode(part)) for part in re.findall(r"base64,([^\"]+)", text)]
    assert len(pictures) == len(run.core.views)
    h = leaving.traced()["h.0"][0].T
    wanted = {tuple(row) for row in coloured(h, -1, 1, LIGHT.diverging).reshape(len(h), -1).tolist()}
    height, width = np.array(pictures[0].shape[:2]) // h.shape
    got = pictures[0][::height, ::width]
    assert {tuple(row) for row in got.reshape(len(h), -1).tolist()} == wanted


@pytest.mark.parametrize("network", [{"model": "gru", "layers": 2}, {"model": "transformer", "heads": 2}],
                         ids=["gru", "transformer"])
def test_onnx_reads_sequences_of_any_length(tmp_path: Path, network: dict[str, object]) -> None:
    run = random_run(tmp_path, task=VARIABLE, network={"hidden": 8, "embedding": 4} | network)
    program = ReferenceEvaluator(onnx.load_from_string(exports()["onnx"].made(Leaving.of(run, "tea"))))
    leaving = Leaving.of(run, "longer·", condition=1)
    (answer,) = program.run(None, {"ids": leaving.given.ids, "condition": np.array([1])})
    assert np.abs(np.asarray(answer) - leaving.traced()["logits"]).max() < 1e-4


def test_a_loop_is_not_written_for_one_length_in_silence(tmp_path: Path) -> None:
    run = random_run(tmp_path, network={"model": "elman", "hidden": 8, "embedding": 4})
    with pytest.raises(Fault, match="for inputs of every length"):
        exports()["onnx"].made(Leaving.of(run, "tea"))
