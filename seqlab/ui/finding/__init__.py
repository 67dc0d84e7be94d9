"""A search over everything that has a name here: pages, sections, settings, symbols, terms, recipes, lessons."""
