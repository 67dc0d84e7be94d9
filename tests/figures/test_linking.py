"""Modules become one text: the imported ones first, each in a scope of its own; what cannot be read is refused."""

from pathlib import Path

import pytest

from seqlab.figures.linking import CannotLink, linked, sheets
from seqlab.ui.widgets import HERE


def written(folder: Path, **modules: str) -> Path:
    """A folder of modules; the entry is the last of them."""
    for name, text in modules.items():
        (folder / f"{name}.js").write_text(text, encoding="utf-8")
    return folder / f"{name}.js"


BOTTOM = "const OWN = 1;\nexport const two = 2;\nexport function three() { return OWN + two; }\n"


def test_a_module_comes_before_those_that_import_it_and_once(tmp_path: Path) -> None:
    entry = written(tmp_path, bottom=BOTTOM, left='import { two } from "./bottom.js";\nexport class Left {}\n',
                    top='import { three } from "./bottom.js";\nimport { Left } from "./left.js";\n'
                        'export default three(Left);\n')
    text = linked(entry)
    assert text.count("OWN = 1") == 1
    assert text.index("OWN = 1") < text.index("class Left") < text.index("const $default = three(Left);")
    assert text.endswith("export default module_2.default;\n")


def test_an_import_may_have_several_lines_and_another_name(tmp_path: Path) -> None:
    text = linked(written(tmp_path, bottom=BOTTOM,
                          top='import {\n  two as deux,\n  three,\n} from "./bottom.js";\nexport const sum = deux;\n'))
    assert "const { two: deux, three } = module_0;" in text
    assert text.endswith("export const { sum } = module_1;\n")


@pytest.mark.parametrize(("text", "why"), [
    ('import { four } from "./bottom.js";\n', "imports four"), ('import all from "./bottom.js";\n', "not read here"),
    ("export { a };\n", "not read here"), ('import { a } from "./top.js";\nexport const a = 1;\n', "imports itself"),
])
def test_what_cannot_be_linked_is_refused(tmp_path: Path, text: str, why: str) -> None:
    entry = written(tmp_path, bottom=BOTTOM, top=text)
    with pytest.raises(CannotLink, match=why):
        linked(entry)


def test_a_style_sheet_stands_behind_what_it_imports(tmp_path: Path) -> None:
    (tmp_path / "one.css").write_text("a { top: 0 }\n")
    (tmp_path / "two.css").write_text('@import "./one.css";\nb { top: 0 }\n')
    assert sheets(tmp_path / "two.css") == "a { top: 0 }\nb { top: 0 }\n"


@pytest.mark.parametrize("path", sorted(HERE.rglob("*.js")), ids=lambda path: path.name)
def test_every_module_of_the_product_is_linked(path: Path) -> None:
    assert "module_0" in linked(path)
