"""The asking side of each provider: one package per provider, whose clients send requests."""
