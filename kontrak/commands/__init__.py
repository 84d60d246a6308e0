"""What the command line's commands do; ``kontrak.cli`` only reads their options."""

from kontrak.commands.clauses import print_clauses
from kontrak.commands.compare import compare
from kontrak.commands.doctor import doctor
from kontrak.commands.drift import accept, diff
from kontrak.commands.merge import merge
from kontrak.commands.reconcile import reconcile
from kontrak.commands.run import build_html, report, run
from kontrak.commands.sandbox import print_faults, serve
from kontrak.commands.selfcheck import selfcheck
from kontrak.commands.statement import statement, verify
from kontrak.commands.waive import Acceptance, waive

__all__ = [
    "Acceptance",
    "accept",
    "build_html",
    "compare",
    "diff",
    "doctor",
    "merge",
    "print_clauses",
    "print_faults",
    "reconcile",
    "report",
    "run",
    "selfcheck",
    "serve",
    "statement",
    "verify",
    "waive",
]
