"""What a run may do: ledger, spend guard, kill switch, balance check, rate limit,
reconciliation.
"""
