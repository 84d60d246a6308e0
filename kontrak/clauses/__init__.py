"""Clauses and what they are checked with: the catalogue, verdicts, JSON Schemas, response
codes, text templates.
"""
