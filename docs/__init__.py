"""The documentation: Markdown, pictures of the pages, and the site that is built of them."""
