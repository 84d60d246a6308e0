"""Servers that others wrote from the documents, and what kontrak finds on them."""
