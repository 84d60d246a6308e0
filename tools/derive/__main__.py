"""``python -m tools.derive``."""

from tools.derive.command import derive

if __name__ == "__main__":
    derive()
