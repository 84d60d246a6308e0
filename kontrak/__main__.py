"""``python -m kontrak``."""

from kontrak.cli import main

main()
