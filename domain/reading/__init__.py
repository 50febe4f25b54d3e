"""Reading alerts: text in, orders or a reason out. Wrong is worse than missed: what is not understood is refused."""

from domain.reading.reader import read

__all__ = ["read"]
