"""The service's pages in a real browser: `python -m pages`."""
