"""The only way to the network: transport, connections, deadlines, response bodies."""
