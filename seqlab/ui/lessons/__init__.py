"""A lesson beside the page: which step is open, its panel, what its checks may read, and what is kept of a person."""
