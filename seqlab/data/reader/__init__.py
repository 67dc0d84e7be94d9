"""The one reader of texts and tables: bytes become a proposal, a person may correct it, and then it is read.

``propose_text`` and ``propose_table`` guess how a file is written, as a form of which every field may be replaced.
``read_text`` and ``read_table`` read it so and say what was lost or changed; ``texts`` and ``labelled`` then give the
rows of a table one by one. Whatever the bytes are, they come to a reading or to a ``Fault``.
"""

from seqlab.data.reader.changes import Change
from seqlab.data.reader.encodings import ENCODINGS
from seqlab.data.reader.labels import LONGEST_LABEL, MOST_LABELS
from seqlab.data.reader.proposals import complete_form, looks_like_table, propose_table
from seqlab.data.reader.running import TextForm, TextReading, propose_text, read_text
from seqlab.data.reader.scan import TableReading, labelled, read_table
from seqlab.data.reader.tables import DELIMITERS, TableForm, column_names, texts
from seqlab.data.reader.tables import MOST_BYTES as MOST_TABLE

__all__ = ["DELIMITERS", "ENCODINGS", "LONGEST_LABEL", "MOST_LABELS", "MOST_TABLE", "Change", "TableForm",
           "TableReading", "TextForm", "TextReading", "column_names", "complete_form", "labelled", "looks_like_table",
           "propose_table", "propose_text", "read_table", "read_text", "texts"]
