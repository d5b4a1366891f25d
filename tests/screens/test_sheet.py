"""The stylesheet of the desk: parsed once for its colours, and again for others."""

from __future__ import annotations

from textual.color import Color

from screens.styles.sheet import Sheet

RULE = "Label { color: $text; }"


class Counted(Sheet):
    """Counts how often everything is parsed."""

    times = 0

    def parse(self) -> None:
        """Count, and parse."""
        self.times += 1
        super().parse()


def colour(sheet: Sheet) -> Color:
    """What the one rule says."""
    (rule,) = sheet.rules
    return rule.styles.color


def test_the_same_colours_are_not_parsed_again() -> None:
    sheet = Counted(variables={"text": "#ff0000"})
    sheet.add_source(RULE)
    for _ in range(3):  # what Textual does when a room is entered for the first time
        sheet.set_variables({"text": "#ff0000"})
        sheet.reparse()
    assert colour(sheet) == Color(255, 0, 0)
    assert sheet.times == 1


def test_other_colours_are() -> None:
    sheet = Counted(variables={"text": "#ff0000"})
    sheet.add_source(RULE)
    sheet.reparse()
    sheet.set_variables({"text": "#00ff00"})
    sheet.reparse()
    assert colour(sheet) == Color(0, 255, 0)


def test_rules_that_come_later_count_without_asking() -> None:
    sheet = Counted(variables={"text": "#ff0000"})
    sheet.reparse()
    sheet.add_source(RULE)
    sheet.reparse()
    assert colour(sheet) == Color(255, 0, 0)
