"""The entry point: ``streamlit run app.py``."""

import streamlit as st

from seqlab.ui.finding.route import FOUND
from seqlab.ui.shell import script
from seqlab.ui.shell.class_routes import CLASS
from seqlab.ui.shell.crowd import CROWD
from seqlab.ui.shell.door import DOOR
from seqlab.ui.shell.faults import apologise
from seqlab.ui.shell.headers import ANSWERS
from seqlab.ui.shell.pacing import PACING
from seqlab.ui.shell.starting import lifespan

app = st.App(script.__file__, lifespan=lifespan, on_script_error=apologise,
             middleware=[ANSWERS, DOOR, CROWD, CLASS, FOUND, PACING])
