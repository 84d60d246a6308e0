"""What every provider's client is built from: session, preflight, ids, strategies,
inventory of responses.
"""
