"""Arrays in, pictures out: pure functions without Streamlit, torch or a server; one theme."""
