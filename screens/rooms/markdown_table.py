"""A table of a body, laid out in the cells of a terminal: columns aligned, long cells in lines."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt

from textual.content import Content

from screens.widgets.plain import line

Row = Sequence[Content]
PARTED = " │ "
LEAST = 6  # cells of a column, however little room there is


def table_rows(rows: Sequence[Row], width: int) -> list[Content]:
    """The rows as lines of at most `width` cells; the first one is the head.

    Where the columns do not fit, the widest give way and their cells go on below.
    """
    count = max((len(row) for row in rows), default=0)
    if not count:
        return []
    full = [[*row, *[Content("")] * (count - len(row))] for row in rows]
    wide = widths([max(row[at].cell_length for row in full) for at in range(count)],
                  width - len(PARTED) * (count - 1))  # fmt: skip
    drawn = [_drawn(row, wide) for row in full]
    rule = line(("─┼─".join("─" * one for one in wide), "$text-muted"))
    return [*drawn[0], rule, *(part for row in drawn[1:] for part in row)]


def widths(natural: Sequence[int], room: int) -> list[int]:
    """Cells for each column. What has to give way does so by the root of its length, so that a
    long text gets more lines and a short one is not torn.
    """
    found = [0] * len(natural)
    tight, left = list(range(len(natural))), room
    while tight:
        whole = sum(sqrt(natural[at]) for at in tight)
        share = {at: max(LEAST, int(left * sqrt(natural[at]) / whole)) for at in tight if whole}
        fits = [at for at in tight if natural[at] <= share.get(at, 0) or not natural[at]]
        if not fits:
            for at in tight:
                found[at] = share[at]
            longest = max(tight, key=lambda at: natural[at])
            found[longest] += max(0, room - sum(found))
            break
        for at in fits:
            found[at] = natural[at]
            left -= natural[at]
            tight.remove(at)
    while sum(found) > room and max(found) > LEAST:  # the least widths have taken too much
        found[found.index(max(found))] -= 1
    return found


def _drawn(row: Row, wide: Sequence[int]) -> list[Content]:
    parts = [cell.wrap(size) if cell.cell_length > size else [cell]
             for cell, size in zip(row, wide, strict=True)]  # fmt: skip
    found = []
    for number in range(max(len(part) for part in parts)):
        cells = [part[number] if number < len(part) else Content("") for part in parts]
        padded = [cell.rstrip().pad_right(max(0, size - cell.rstrip().cell_length))
                  for cell, size in zip(cells, wide, strict=True)]  # fmt: skip
        found.append(line((PARTED, "$text-muted")).join(padded).rstrip())
    return found
