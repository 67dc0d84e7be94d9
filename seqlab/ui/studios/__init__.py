"""Studios: one folder a view that any run which offers what it needs can be opened in."""
