"""Profiles: how long a run may take and what it may do."""

from __future__ import annotations

from hypothesis import HealthCheck, Phase, settings
from hypothesis.configuration import set_hypothesis_home_dir

from kontrak.config.paths import cache_folder

_EXAMPLES = {
    "smoke": 5,
    "full": 25,
    "nightly": 300,
    "selfcheck": 12,
    "selfcheck-brief": 2,
    "selfcheck-variant": 12,
}
PROFILES = tuple(_EXAMPLES)
"""smoke spends nothing; full is the default; nightly generates more; selfcheck generates less."""

_OF_A_FEW_PRODUCTS = ("selfcheck-brief", "selfcheck-variant")
_used = {"profile": "full"}


def use_profile(name: str) -> None:
    """Set hypothesis up: no database (it keeps requests), no deadline (the network decides).

    Its tables of characters go to the cache folder instead of the working directory.
    """
    _used["profile"] = name
    set_hypothesis_home_dir(cache_folder() / "hypothesis")
    settings.register_profile(
        "kontrak",
        max_examples=_EXAMPLES[name],
        database=None,
        deadline=None,
        print_blob=False,
        phases=(Phase.explicit, Phase.generate, Phase.shrink),
        suppress_health_check=(HealthCheck.too_slow, HealthCheck.function_scoped_fixture),
    )
    settings.load_profile("kontrak")


def asks_every_product() -> bool:
    """Whether wrong requests and repetitions are tried on every product, or on a few unlike ones.

    A selfcheck plays a suite hundreds of times. What is wrong with one product only has faults of
    its own there, which are played with all of them (``kontrak.sandbox.narrowed``).
    """
    return _used["profile"] not in _OF_A_FEW_PRODUCTS
