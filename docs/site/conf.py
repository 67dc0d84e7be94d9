"""What Sphinx is told: Markdown as it stands, docstrings as plain text, MathML, and nothing from elsewhere."""

import sys
from pathlib import Path

from sphinx.application import Sphinx

sys.path.insert(0, str(Path(__file__).parents[2]))

from docs.site import docstrings, mathml

project = "seqlab"
html_title = "seqlab"
extensions = ["sphinx.ext.autodoc", "myst_parser"]
exclude_patterns = ["**/requirements.txt"]
html_theme = "furo"
html_static_path = ["site.css"]
html_css_files = ["site.css"]
html_theme_options: dict[str, list[str]] = {"top_of_page_buttons": []}
html_show_sphinx = html_show_copyright = html_copy_source = False
html_show_search_summary = False  # it would be read by requests, which a folder does not answer
pygments_style = "friendly"

myst_enable_extensions = ["dollarmath"]
myst_heading_anchors = 4
myst_update_mathjax = False
html_math_renderer = "mathml"
autodoc_member_order = "bysource"
autodoc_preserve_defaults = True
maximum_signature_line_length = 90
add_module_names = False


def setup(app: Sphinx) -> None:
    """Add what seqlab's own sources need."""
    docstrings.setup(app)
    mathml.setup(app)
