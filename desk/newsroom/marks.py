"""Where the values and keys of a YAML file stand, so that a problem can be told with its place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

Path = tuple[str | int, ...]
"""Where a value stands in the file: keys and list indexes from the top."""


@dataclass(frozen=True)
class Mark:
    """A place in the file, both numbers from 1; the column counts code points."""

    line: int = 1
    column: int = 1


@dataclass(frozen=True)
class Marks:
    """Where each value and each key of the file stands.

    Left out of comparison: two files that say the same are the same configuration.
    """

    values: Mapping[Path, Mark] = field(default_factory=dict, compare=False, repr=False)
    keys: Mapping[Path, Mark] = field(default_factory=dict, compare=False, repr=False)

    def value(self, path: Path) -> Mark:
        """The place of the value at `path`, or of the nearest thing around it."""
        while path and path not in self.values:
            path = path[:-1]
        return self.values.get(path, Mark())

    def key(self, path: Path) -> Mark:
        """The place of the key that leads to `path`; of the value where there is no key."""
        return self.keys.get(path) or self.value(path)
