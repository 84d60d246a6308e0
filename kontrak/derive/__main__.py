"""``python -m kontrak.derive``, the same as ``kontrak derive``."""

from kontrak.derive.command import derive

if __name__ == "__main__":
    derive()
