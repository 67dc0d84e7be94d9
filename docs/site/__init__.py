"""The documentation as a site: what is gathered, what is generated, and how it is built and checked."""
