"""Selfcheck: every fault of the sandbox is caught by its clause, and no variant is called wrong.

Each fault and each variant is one *trial*: the provider's suite against a sandbox that misbehaves
(or differs) in that one way. ``trials`` says which trials there are, ``stage`` plays them in a
process that has collected the suite once, ``play`` hands them out to several such processes, and
``matrix`` reports what was seen.
"""

from kontrak.selfcheck.matrix import Matrix
from kontrak.selfcheck.play import play
from kontrak.selfcheck.trials import Outcome, Trial, trials, unfaulted

__all__ = ["Matrix", "Outcome", "Trial", "play", "trials", "unfaulted"]
