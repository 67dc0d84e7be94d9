"""Parts that seqlab does not ship, as a person would add them: a cell in two files, a task in one.

``SEQLAB_PARTS=tests.parts`` (set in ``tests/__init__.py``) lets the registries find them; no other file knows them.
"""
