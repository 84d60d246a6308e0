"""Masking of secrets in everything that is written."""
