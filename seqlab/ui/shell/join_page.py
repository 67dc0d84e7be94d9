"""The small pages of the door: join a class, come back with a return code, leave. No script, no page of Streamlit."""

from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path
from string import Template

from seqlab.classroom.roster import LONGEST_NAME

_SHOWN = 60  # characters of what was typed that are put back into a field


@dataclass(frozen=True)
class Typed:
    """What a person has typed so far, and the page that they wanted: it stands in the form again after a fault."""

    code: str = ""
    nickname: str = ""
    back: str = ""
    wanted: str = ""


def joining(typed: Typed, up: str = "", fault: str = "") -> str:
    """The page that asks for code and nickname; ``up`` leads from its address to the server's first page."""
    action, wanted = escape(f"{up}join"), _hidden(typed.wanted)
    coming_back = f"""
<details{' open' if typed.back else ''}><summary>I was here before</summary>
<form method="post" action="{action}" autocomplete="off">{wanted}
<label>Your return code <small>eight letters, under your name at the top of every page</small>
<input class="code" name="back" value="{_value(typed.back)}" required autocapitalize="characters" spellcheck="false"
 autocomplete="off"></label>
<button>Come back</button></form></details>"""
    first = "nickname" if typed.code else "code"
    focus = {name: " autofocus" if name == first and not fault else "" for name in ("code", "nickname")}
    return _page("Join the class", f"""<h1>seqlab</h1>
<p class="lead">Train small networks and look inside them, together.</p>
{_fault(fault)}<form method="post" action="{action}" autocomplete="off">{wanted}
<label>Code of the class <small>your teacher shows it</small>
<input class="code" name="code" value="{_value(typed.code)}" required autocapitalize="characters" spellcheck="false"
 autocomplete="off"{focus['code']}></label>
<label>Nickname <small>the class sees it; no account, no e-mail</small>
<input name="nickname" value="{_value(typed.nickname)}" required maxlength="{LONGEST_NAME}" autocomplete="nickname"
 {focus['nickname']}></label>
<button>Join</button></form>{coming_back}""")


def leaving(nickname: str, return_code: str, up: str = "") -> str:
    """The page that asks whether somebody wants to leave, and shows the code with which they come back."""
    code = f"""<p>Your runs stay here. With this code you come back, on any device:</p>
<p class="mine">{escape(return_code)}</p>""" if return_code else "<p>The teacher's link brings you back.</p>"
    return _page("Leave the class", f"""<h1>Leave the class?</h1>
<p class="lead">You are here as {escape(nickname)}.</p>
<form method="post" action="{escape(up)}leave">{code}
<button>Leave</button><a class="go plain" href="{escape(up or './')}">Stay</a></form>""")


def refusing(fault: str, up: str = "") -> str:
    """A page that says in one sentence what cannot be done, and leads to the form."""
    return _page("The class", f"""<h1>seqlab</h1><p class="lead"></p>{_fault(fault)}
<a class="go" href="{escape(up)}join">Join the class</a>""")


def _page(title: str, content: str) -> str:
    return _template().substitute(title=escape(title), content=content)


@cache
def _template() -> Template:
    return Template(Path(__file__).with_name("join.html").read_text(encoding="utf-8"))


def _fault(fault: str) -> str:
    return f'<p class="fault" role="alert">{escape(fault)}</p>' if fault else ""


def _hidden(wanted: str) -> str:
    return f'<input type="hidden" name="wanted" value="{escape(wanted)}">' if wanted else ""


def _value(text: str) -> str:
    return escape(text[:_SHOWN])
