"""A place in the chunks of an order, and what stands around it."""

from collections.abc import Sequence

from domain.reading.chunks import Chunk
from domain.reading.vocabulary import Role


class Cursor:
    """Walks chunks; `at` is the place of the next one."""

    def __init__(self, chunks: Sequence[Chunk]) -> None:
        self.chunks = chunks
        self.at = 0

    @property
    def is_done(self) -> bool:
        """Whether nothing is left."""
        return self.at >= len(self.chunks)

    @property
    def here(self) -> Chunk:
        """The chunk at this place."""
        return self.chunks[self.at]

    def peek(self, steps: int = 1, *, over: Sequence[Role] = ()) -> Chunk | None:
        """The chunk that many steps on, or the first one beyond the given roles; None at the end."""
        place = self.at + steps
        while place < len(self.chunks) and self.chunks[place].role in over:
            place += 1
        return self.chunks[place] if place < len(self.chunks) else None

    def next_role(self, *, over: Sequence[Role] = ()) -> Role | None:
        """The role of the next chunk, or None at the end."""
        following = self.peek(over=over)
        return following.role if following else None

    def next_word(self) -> str:
        """The next chunk in small letters; empty at the end."""
        following = self.peek()
        return following.lower if following else ""
