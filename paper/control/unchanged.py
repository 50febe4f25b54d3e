"""Rows that are not made anew while what they show is unchanged: most of a page stands still most of the time."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

RowT = TypeVar("RowT")


class Unchanged(Generic[RowT]):
    """The last row made for each key, with the version of what it shows; the `most` keys used last are kept."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._rows: OrderedDict[Hashable, tuple[Hashable, RowT]] = OrderedDict()

    def row(self, key: Hashable, version: Hashable, make: Callable[[], RowT]) -> RowT:
        """The row of `key`: the last one when it was of this version, else what `make` makes."""
        known = self._rows.get(key)
        if known is None or known[0] != version:
            known = version, make()
            self._rows[key] = known
        self._rows.move_to_end(key)
        if len(self._rows) > self._most:
            self._rows.popitem(last=False)
        return known[1]
