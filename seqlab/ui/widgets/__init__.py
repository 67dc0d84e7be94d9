"""Components that draw in the browser: one folder each, with its Python wrapper, its modules, its style and its page.

A component's folder has its own name: ``badge/__init__.py`` mounts ``badge/badge.js`` with ``badge/badge.css``, and
``badge/page.py`` shows it alone. What they share, the charts above all, is in ``kit``.
"""

from collections.abc import Callable
from typing import Any

import streamlit as st

from seqlab.figures.components import HERE, finite, script, style

__all__ = ["HERE", "component", "finite", "script", "style"]


def component(name: str, root: str | None = None) -> Callable[..., object]:
    """Register the component of a folder; it draws in one element, whose classes are ``root`` (else the name)."""
    mount = st.components.v2.component(f"seqlab_{name}", html=f'<div class="{root or name}"></div>', css=style(name),
                                       js=script(name))

    def mounted(*, data: object, **more: Any) -> object:
        # In a mapping Streamlit looks for tables, for which it imports pandas: half a second and 48 MB. Not in a list.
        return mount(data=[data] if isinstance(data, dict) else data, **more)
    return mounted
