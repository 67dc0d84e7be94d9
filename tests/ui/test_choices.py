"""What stands in the address: ids, numbers and switches; and that no page has a bound widget of another kind."""

import ast
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from seqlab import ui
from tests.support.address import page

TEXT = {"text_input", "text_area"}


def _opened(**query: str) -> AppTest:
    app = AppTest.from_function(page)
    app.query_params.update(query)
    assert not app.run().exception
    return app


def _shown(app: AppTest) -> str:
    assert not app.exception
    return app.json[0].value.replace(" ", "")


@pytest.mark.parametrize(("query", "shown"), [
    ({}, '["b",0.1,["a"],4,true]'),
    ({"one": "c", "rate": "10.0", "some": "b,c", "number": "7", "switch": "false"}, '["c",10.0,["b","c"],7,false]'),
    ({"one": "First"}, '["a",0.1,["a"],4,true]'),  # as older addresses had it
    ({"some": ""}, '["b",0.1,[],4,true]'),
])
def test_the_address_chooses_by_id(query: dict[str, str], shown: str) -> None:
    app = _opened(**query)
    assert _shown(app) == shown
    assert not app.warning


@pytest.mark.parametrize(("query", "said"), [
    ({"one": "z"}, "There is no 'z' under “One”; Second is shown."),
    ({"rate": "2"}, "There is no '2' under “Rate”; 0"),
    ({"some": "a,zz"}, "There is no 'zz' under “Some”"),
    *(({"number": asked}, "it goes from 0 to 9, and 4 is shown") for asked in ("10", "inf", "-1e999", "nan", "2.5")),
    ({"switch": "maybe"}, "can be true or false"),
])
def test_what_the_address_cannot_have_is_said_until_something_else_is_chosen(query: dict[str, str], said: str) -> None:
    app = _opened(**query)
    assert [said in warning.value for warning in app.warning] == [True]
    if "one" in query:
        assert "one" not in app.query_params
        assert not app.selectbox(key="one").set_value("a").run().warning


def test_a_choice_is_written_by_its_id_and_the_usual_one_is_not() -> None:
    app = _opened()
    assert dict(app.query_params) == {}
    app.selectbox(key="one").set_value("c").run()
    assert _shown(app).startswith('["c"')
    assert app.query_params["one"] in ("c", ["c"])
    app.button[0].click().run()  # the page itself sets what is chosen
    assert _shown(app).startswith('["a",10.0')
    assert app.query_params["one"] in ("a", ["a"])
    app.selectbox(key="one").set_value("b").run()
    assert "one" not in app.query_params


def test_another_address_wins_over_what_was_chosen() -> None:
    app = _opened(one="c")
    app.query_params["one"] = "a"
    assert _shown(app.run()).startswith('["a"')


def test_a_value_stays_where_more_is_offered() -> None:
    app = _opened(moved="7")
    app.checkbox[0].check().run()
    assert app.slider(key="moved").value == 7


def _bound(source: str) -> list[str]:
    """The widgets of a module that Streamlit itself binds to the address."""
    return [node.func.attr for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute) and any(word.arg == "bind" for word in node.keywords)]


def test_streamlit_binds_text_fields_alone() -> None:
    assert _bound('st.slider("T", 0, 9, key="t", bind="query-params")') == ["slider"]
    files = Path(ui.__file__).parent.rglob("*.py")
    assert {(file.name, name) for file in files for name in _bound(file.read_text()) if name not in TEXT} == set()
