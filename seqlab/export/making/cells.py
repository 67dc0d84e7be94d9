"""Cells of a Jupyter notebook, and the whole in nbformat 4."""

from collections.abc import Sequence

Cell = dict[str, object]


def text(source: str) -> Cell:
    """Make a cell of Markdown."""
    return {"cell_type": "markdown", "metadata": {}, "source": source}


def code(source: str) -> Cell:
    """Make a cell of Python that was not run yet."""
    return {"cell_type": "code", "metadata": {}, "source": source, "outputs": [], "execution_count": None}


def whole(cells: Sequence[Cell]) -> dict[str, object]:
    """Write the notebook of some cells."""
    named = [cell | {"id": f"cell-{number}"} for number, cell in enumerate(cells)]
    python = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return {"nbformat": 4, "nbformat_minor": 5, "cells": named,
            "metadata": {"kernelspec": python, "language_info": {"name": "python"}}}
