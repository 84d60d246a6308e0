"""What the command line's commands do; ``kontrak.cli`` only reads their options."""
