"""What every page stands in: title, theme, navigation."""

from pathlib import Path

import streamlit as st

from seqlab.ui.shell.navigation import sections


def main() -> None:
    """Draw the frame and run the page that the address asks for."""
    st.set_page_config(page_title="seqlab", page_icon=str(Path(__file__).with_name("icon.png")), layout="wide",
                       initial_sidebar_state="collapsed")
    st.html(Path(__file__).with_name("frame.css"))
    menu = sections()
    page = st.navigation(menu, position="top")
    # frame.css shows it on a narrow screen alone; a menu for each page, so that it shuts when another page opens.
    with st.container(key="phone-menu"), st.popover(page.title, icon=":material/menu:", key=f"menu-{page.url_path}"):
        for head, part in menu.items():
            if head:
                st.caption(head)
            for known in part:
                st.page_link(known)
    page.run()


if __name__ == "__main__":
    main()
