"""A page with every kind of widget whose value stands in the address."""


def page() -> None:
    """Draw them, and show what they say."""
    import streamlit as st

    from seqlab.ui.shell.choices import choose, choose_number, choose_several, toggle

    titles = {"a": "First", "b": "Second", "c": "Second"}
    shown = [choose(st.selectbox, "One", titles, "one", "b"),
             choose(st.select_slider, "Rate", [0.1, 1.0, 10.0], "rate"),
             choose_several(st.multiselect, "Some", titles, "some", ["a"]),
             choose_number(st.number_input, "Number", 0, 9, 4, "number"), toggle(st.toggle, "Switch", True, "switch")]
    st.json(shown)
    more = st.checkbox("More")
    choose_number(st.slider, "Moved", 0, 20 if more else 9, 2, "moved")
    st.button("Reset", on_click=st.session_state.update, args=({"one": "a", "rate": 10.0},))
