"""The entry point: ``streamlit run app.py``."""

from pathlib import Path

import streamlit as st

from seqlab.ui.shell.faults import apologise
from seqlab.ui.shell.services import lifespan

app = st.App(Path(__file__).parent / "seqlab" / "ui" / "shell" / "script.py", lifespan=lifespan,
             on_script_error=apologise)
