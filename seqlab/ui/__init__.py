"""The only Streamlit code outside pages/: what the pages are put together from."""
