"""What every page stands in: title, theme, navigation."""

from pathlib import Path

import streamlit as st

PAGES = Path(__file__).parents[2] / "pages"


def main() -> None:
    """Draw the frame and run the page that the address asks for."""
    st.set_page_config(page_title="seqlab", page_icon=":material/graphic_eq:", layout="wide",
                       initial_sidebar_state="collapsed")
    st.html(Path(__file__).with_name("frame.css"))
    page = st.navigation(
        [
            st.Page(PAGES / "home.py", title="Home", icon=":material/home:", default=True),
            st.Page(PAGES / "echo.py", title="Echo lab", icon=":material/graphic_eq:", url_path="echo"),
            st.Page(PAGES / "runs.py", title="Runs", icon=":material/folder_open:", url_path="runs"),
        ],
        position="top",
    )
    page.run()


if __name__ == "__main__":
    main()
