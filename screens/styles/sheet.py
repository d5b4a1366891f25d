"""The stylesheet, parsed again only for other colours.

Textual (8.2) parses every rule anew whenever a room is entered for the first time, since a new
screen has not seen the colours yet. That holds the event loop for a tenth of a second, and for
longer on a slow machine, though nothing has changed.
"""

from __future__ import annotations

from textual.css.stylesheet import Stylesheet


class Sheet(Stylesheet):
    """A stylesheet that knows for which colours it was parsed. New rules are parsed when asked."""

    def __init__(self, *, variables: dict[str, str] | None = None) -> None:
        super().__init__(variables=variables)
        self._given = dict(variables or {})
        self._current = False

    def set_variables(self, variables: dict[str, str]) -> None:
        """Take other colours; the same ones change nothing."""
        if variables != self._given:
            self._given = dict(variables)
            self._current = False
            super().set_variables(variables)

    def reparse(self) -> None:
        """Parse for the colours that were set, if that was not done for them yet.

        Raises StylesheetError, StylesheetParseError.
        """
        if not self._current:
            self.parse()
            self._current = True
