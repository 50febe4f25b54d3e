"""How the domain's laws are searched: the same examples on every run, and no verdict by the clock."""

from hypothesis import HealthCheck, settings

settings.register_profile(
    "laws", deadline=None, derandomize=True, max_examples=150, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("laws")
