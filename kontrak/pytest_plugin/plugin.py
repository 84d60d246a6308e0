"""pytest hooks, options and fixtures. Thin: what they decide stands in other modules.

Loaded by the root ``conftest.py``. It acts on runs of ``suites/`` and leaves all others, such as
the project's own tests, as pytest would have them.
"""

from __future__ import annotations

import random
import uuid
from collections.abc import Callable, Generator
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from filelock import Timeout

from kontrak.asking.run import Run, about, embedded_sandbox
from kontrak.asking.run_lock import RunLock
from kontrak.clauses.catalogue import find
from kontrak.clauses.verdict import Verdict
from kontrak.config.interruption import INTERRUPTION, Stopper, shield_worker
from kontrak.config.paths import SUITES
from kontrak.config.privacy import keep_private, tighten
from kontrak.config.profiles import use_profile
from kontrak.config.registry import PROVIDERS
from kontrak.config.target import load_target
from kontrak.drift import baseline
from kontrak.errors import ConfigurationError, KontrakError
from kontrak.judging.downgrade import blocked_skips, softly
from kontrak.judging.expect import notebook
from kontrak.judging.outcome import BOOK, judged
from kontrak.judging.waivers import load_waivers
from kontrak.pytest_plugin import selection
from kontrak.pytest_plugin.gathering import Gatherer, Giver
from kontrak.pytest_plugin.options import pytest_addoption as pytest_addoption  # noqa: PLC0414 - a hook
from kontrak.pytest_plugin.recorder import Recorder
from kontrak.pytest_plugin.run_plan import Forecast, ahead, lines
from kontrak.reporting import terminal
from kontrak.reporting.allure_bridge import announce, attach_evidence, describe, mask_allure
from kontrak.reporting.results import Results
from kontrak.reporting.results_folder import ALLURE, PLAN, ResultsFolder
from kontrak.sandbox import Sandbox

RUN = pytest.StashKey[Run]()
REPORTED = pytest.StashKey[bool]()
SANDBOX = pytest.StashKey[Sandbox | None]()
UNMASK = pytest.StashKey[Callable[[], None]]()
PLACE = pytest.StashKey[Path]()
"""Where this run writes until it has ended."""
FOLDER = pytest.StashKey[ResultsFolder]()
LOCK = pytest.StashKey[RunLock]()
UNWRITTEN = pytest.StashKey[list[str]]()
OWN_SIGNAL = pytest.StashKey[bool]()
OPEN = pytest.StashKey[Callable[[], None]]()
NOWHERE = "http://127.0.0.1"
"""Stands for the embedded sandbox's address where nothing is sent."""


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Read the target, start the embedded sandbox, and decide where results go."""
    config.addinivalue_line("markers", "clause(id): the documented clause that a test judges")
    if not _suites(config):
        return
    use_profile(config.option.profile)
    config.stash[UNWRITTEN] = []
    try:
        if hasattr(config, "workerinput"):
            _join(config, config.workerinput["kontrak"])
        else:
            _begin(config)
    except KontrakError as error:
        raise pytest.UsageError(str(error)) from error


def _begin(config: pytest.Config) -> None:
    option = config.option
    if not INTERRUPTION.watching:
        INTERRUPTION.watch()
        config.stash[OWN_SIGNAL] = True
    target = load_target(option.target)
    for named in (*target.disabled, *option.clause):
        find(named)
    run_id, nothing = uuid.uuid4().hex[:12], option.plan or option.collectonly
    sandbox = embedded_sandbox(target, option.fault, option.variant)
    config.stash[OPEN] = keep_private()
    folder = config.stash[FOLDER] = ResultsFolder.begin(option.output.absolute(), run_id)
    config.stash[PLACE] = folder.path
    url = None if sandbox is None else NOWHERE if option.plan else sandbox.start()
    config.stash[SANDBOX] = sandbox
    run = Run(run_id, target, folder.output, url, option.profile)
    run.control_token = "" if sandbox is None else sandbox.token
    run.waivers = load_waivers(option.waivers, option.target, target.name)
    for key in _suites(config):
        run.provider(key)
    option.seed = random.randrange(2**32) if option.seed is None else option.seed  # noqa: S311 - no secret
    option.hypothesis_seed = option.seed
    if not nothing:
        config.stash[LOCK] = RunLock.of(run, _suites(config))
        _open_ledger(config, run, folder)
        tighten(run.output)
    if not option.plan:
        _place_reports(option, folder.path)
    # Failures are reported by clause, in the summary of kontrak.reporting.terminal.
    option.tbstyle, option.reportchars = "no", ""
    config.stash[RUN] = run
    _listen(config, run, folder)


def _open_ledger(config: pytest.Config, run: Run, folder: ResultsFolder) -> None:
    """Open the ledger before anything is sent: without one nothing may be bought.

    One that cannot be used is in the results too, in place of the last run's: whoever looks only
    at them must not take those for this run's. Raises ``ConfigurationError`` all the same.
    """
    try:
        run.ledger  # noqa: B018 - opened on first use
    except ConfigurationError as error:
        option = config.option
        results = Results(about=about(run, option.seed, option.profile, _suites(config)))
        results.refused, results.whole = run.masker.text(error.sentence), False
        with suppress(OSError, Timeout):
            results.write(folder.path)
            folder.publish()
        raise


def _listen(config: pytest.Config, run: Run, folder: ResultsFolder) -> None:
    """Register what collects a run's results and what ends it."""
    option = config.option
    results = Results(about=about(run, option.seed, option.profile, _suites(config)))
    results.waivers, results.whole = run.waivers, _is_whole(config)
    gatherer = Gatherer(run, baseline.folder(option.target, option.baseline))
    recorder = Recorder(results, run, folder, gatherer, config.stash[UNWRITTEN])
    config.pluginmanager.register(recorder, "kontrak_recorder")
    config.pluginmanager.register(gatherer, "kontrak_gatherer")
    config.pluginmanager.register(Stopper(config), "kontrak_stopper")


def _place_reports(option: Any, folder: Path) -> None:
    # Either plugin may be switched off; its options are then missing.
    if getattr(option, "allure_report_dir", "off") is None:
        option.allure_report_dir = str(folder / ALLURE)
        option.clean_alluredir = True
    if getattr(option, "xmlpath", "off") is None:
        option.xmlpath = str(folder / "junit.xml")


def _join(config: pytest.Config, given: dict[str, Any]) -> None:
    # A worker reads the command line anew; what the controller has decided comes in ``given``.
    shield_worker()
    config.stash[PLACE] = Path(given["place"])
    config.option.seed = config.option.hypothesis_seed = given["seed"]
    if given["allure_report_dir"] is not None:
        config.option.allure_report_dir = given["allure_report_dir"]
        config.option.clean_alluredir = False
    target = load_target(config.option.target)
    config.stash[RUN] = Run(
        given["run"], target, Path(given["output"]), given["sandbox_url"], config.option.profile
    )
    config.stash[RUN].control_token = given["control_token"]
    config.stash[RUN].waivers = load_waivers(
        config.option.waivers, config.option.target, target.name
    )
    for key in _suites(config):
        config.stash[RUN].provider(key)
    giver = Giver(config.stash[RUN], config.stash[UNWRITTEN])
    config.pluginmanager.register(giver, "kontrak_giver")


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Give an xdist worker the run's id, folder and the sandbox's address."""
    run = node.config.stash.get(RUN, None)
    if run is not None:
        node.workerinput["kontrak"] = {
            "run": run.id,
            "output": str(run.output),
            "place": str(node.config.stash[PLACE]),
            "sandbox_url": run.sandbox_url,
            "control_token": run.control_token,
            "seed": node.config.option.seed,
            "allure_report_dir": getattr(node.config.option, "allure_report_dir", None),
        }


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> object | None:
    """Keep the tests that share a conversation on one worker, unless --dist says otherwise."""
    run = config.stash.get(RUN, None)
    if run is None or config.option.dist != "load":
        return None
    from kontrak.pytest_plugin.scheduling import ConversationScheduling  # noqa: PLC0415 - xdist may be absent

    return ConversationScheduling(config, log, config.stash[PLACE] / PLAN)


@pytest.hookimpl(trylast=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """Put the masker between Allure and the disk, once Allure has set up its writer."""
    run = session.config.stash.get(RUN, None)
    if run is not None:
        session.config.stash[UNMASK] = mask_allure(
            run.masker, run.id, session.config.stash[UNWRITTEN].append
        )


def pytest_unconfigure(config: pytest.Config) -> None:
    """Close connections, stop the sandbox and drop what was not published."""
    config.stash.get(UNMASK, lambda: None)()
    config.stash.get(OPEN, lambda: None)()
    run = config.stash.get(RUN, None)
    if run is not None:
        run.close()
    sandbox = config.stash.get(SANDBOX, None)
    if sandbox is not None:
        sandbox.stop()
    if FOLDER in config.stash:
        config.stash[FOLDER].discard()
    if LOCK in config.stash:
        config.stash[LOCK].close()
    if OWN_SIGNAL in config.stash:
        INTERRUPTION.leave()


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave out the suites of providers that the target has no table for."""
    if RUN in config.stash and collection_path.parent == SUITES and collection_path.is_dir():
        return True if collection_path.name not in _suites(config) else None
    return None


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Require clauses, and leave out disabled ones."""
    run = config.stash.get(RUN, None)
    if run is None:
        return
    try:
        selection.require_clauses(items, SUITES)
        left = selection.choose(items, run.target, config.option.clause)
    except KontrakError as error:
        raise pytest.UsageError(str(error)) from error
    config.hook.pytest_deselected(items=left)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_finish(session: pytest.Session) -> None:
    """Write down what is planned before the first test runs: a dead worker cannot hide a test."""
    run = session.config.stash.get(RUN, None)
    if run is None or not session.items:
        return
    plan = selection.Plan.of(session.items, partial(ahead, run))
    try:
        plan.write(session.config.stash[PLACE] / PLAN)
    except OSError as error:
        raise pytest.UsageError(f"the plan of the run cannot be written: {error}") from error
    if not hasattr(session.config, "workerinput"):
        _notify(session.config, plan)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_node_collection_finished(node: Any) -> None:
    """Report the plan that the first worker has written, before any worker is given a test."""
    run = node.config.stash.get(RUN, None)
    if run is not None and not node.config.stash.get(REPORTED, False):
        _notify(node.config, selection.Plan.read(node.config.stash[PLACE] / PLAN))


def _notify(config: pytest.Config, plan: selection.Plan) -> None:
    config.stash[REPORTED] = True
    run, profile = config.stash[RUN], config.option.profile
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    if reporter is not None and plan.clauses and not config.option.collectonly:
        for line in lines(Forecast.of(plan, run.target, profile), run, profile):
            reporter.write_line(run.masker.text(line))


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> bool | None:
    """Run nothing when only the plan is asked for."""
    return True if RUN in session.config.stash and session.config.option.plan else None


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Keep a notebook for every test that cites a clause."""
    if selection.clause_of(item) is None:
        return (yield)
    with notebook() as book:
        item.stash[BOOK] = book
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item: pytest.Item) -> Generator[None, object, object]:
    """Turn what a conversation is blocked by into a skip."""
    clause = selection.clause_of(item)
    if _has_allure(item) and clause is not None:
        announce(item.nodeid, item.callspec.params if hasattr(item, "callspec") else ())
    with blocked_skips(item):
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> Generator[None, object, object]:
    """Let a blocked clause skip, and a deviation that only warns pass."""
    run = pyfuncitem.config.stash.get(RUN, None)
    clause = selection.clause_of(pyfuncitem) if run else None
    with softly(pyfuncitem, clause, observed_fails=run is None or run.target.observed_fails):
        return (yield)
    return True


@pytest.hookimpl(wrapper=True, trylast=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Judge a test: its verdict and its words go into the report, masked."""
    report = yield
    run = item.config.stash.get(RUN, None)
    clause = selection.clause_of(item)
    if run is None or clause is None:
        return report
    record = judged(item, call, report, clause, run.masker, run.waivers)
    if record is not None:
        report.kontrak = record  # type: ignore[attr-defined]  # reports carry extra attributes to the controller
        if _has_allure(item):
            row = item.callspec.id if hasattr(item, "callspec") else ""
            describe(clause, PROVIDERS[clause.provider], record["verdict"], row)
            attach_evidence(record, item.stash[BOOK], run.masker)
    return report


def pytest_report_teststatus(report: pytest.TestReport) -> tuple[str, str, str] | None:
    """Show warned and broken as what they are."""
    record = getattr(report, "kontrak", None)
    if record is not None:
        return terminal.status(record["verdict"])
    # xdist reports the test during which a worker died in a phase of its own.
    return terminal.status(Verdict.BROKEN.word) if str(report.when) == "???" else None


def _has_allure(item: pytest.Item) -> bool:
    """Whether Allure's results are written of this run."""
    return RUN in item.config.stash and bool(item.config.getoption("allure_report_dir", None))


@pytest.fixture(scope="session")
def kontrak_run(pytestconfig: pytest.Config) -> Run:
    """The run in this process; a suite makes its client from ``kontrak_run.wire(key)``."""
    return pytestconfig.stash[RUN]


def _suites(config: pytest.Config) -> list[str]:
    """The providers whose suites this run asks for; empty for a run of anything else."""
    asked: set[str] = set()
    for argument in config.args:
        path = Path(str(argument).partition("::")[0]).absolute()
        if path == SUITES:
            asked |= set(load_target(config.option.target).providers())
        elif SUITES in path.parents:
            asked.add(path.relative_to(SUITES).parts[0])
    return [key for key in PROVIDERS if key in asked]


def _is_whole(config: pytest.Config) -> bool:
    """Whether the run leaves out nothing of its suites: no selection, and money may move."""
    option = config.option
    narrowed = option.clause or option.keyword or option.markexpr or option.profile == "smoke"
    folders = all(Path(str(one)).absolute().is_dir() for one in config.args)
    return folders and not narrowed
