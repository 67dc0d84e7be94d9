"""How files that leave are made; the registry does not look here, for some of it loads Plotly and torch."""
