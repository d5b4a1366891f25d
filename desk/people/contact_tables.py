"""CSV (RFC 4180): contacts as a table, and tables as contacts, with what was not taken.

A cell that a spreadsheet would take for a formula gets an apostrophe before it, and loses it again
on the way in.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from desk.errors import UsageError
from desk.locales import N_
from desk.people.contact_cards import LARGEST, MOST_CARDS, NotTaken, Read
from desk.people.contact_entries import Contact, checked
from desk.phrase import Phrase, phrase
from desk.spreadsheet import neutral_cell
from desk.text import nfc
from desk.trust.acts import CONTACT, LANGUAGE
from desk.trust.ids import new_contact

COLUMNS = ("id", "agency", "languages", "phone", "email", "url")
NAME = "name_"


def neutral(cell: str) -> str:
    """The cell, harmless in a spreadsheet, on one line; `plain` gives it back."""
    bare = cell.lstrip("'")
    if bare != cell and neutral_cell(bare) != bare:
        return f"'{cell}"  # an apostrophe of its own, which `plain` would take for ours
    return str(neutral_cell(cell))


def plain(cell: str) -> str:
    """What `neutral` was given."""
    return cell[1:] if cell.startswith("'") and neutral(cell[1:]) == cell else cell


def table(contacts: Iterable[Contact]) -> str:
    """Contacts as CSV with a heading; nothing but what is public."""
    rows = list(contacts)
    languages = sorted({language for one in rows for language in one.name} | {"vi", "en"})
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([*COLUMNS[:2], *(NAME + language for language in languages), *COLUMNS[2:]])
    for one in rows:
        names = [one.name.get(language, "") for language in languages]
        rest = [" ".join(one.languages), one.phone, one.email, one.url]
        writer.writerow([neutral(cell) for cell in [one.id, one.agency, *names, *rest]])
    return out.getvalue()


def read_table(text: str, agency: str = "") -> Read:
    """Contacts of a CSV file whose first row names the columns. `agency`: for rows without one.

    Raises UsageError for a file that is too large, no CSV, or without a column for names; what is
    wrong with a row leaves that row out, and says so.
    """
    if len(text) > LARGEST:
        raise UsageError("That file is too long", phrase("over {most} characters", most=LARGEST))
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    try:
        rows = [(reader.line_num, row) for row in reader if any(cell.strip() for cell in row)]
    except csv.Error as error:
        raise UsageError(
            "Not a CSV file",
            phrase("line {number}: {problem}", number=reader.line_num, problem=_problem(error)),
        ) from None
    if not rows or len(rows) > MOST_CARDS + 1:
        raise UsageError(
            "Not a table of contacts",
            phrase("{count} rows, at most {most}", count=len(rows), most=MOST_CARDS),
        )
    heads = [nfc(cell).strip().lower() for cell in rows[0][1]]
    if not any(head.startswith(NAME) for head in heads):
        raise UsageError("No column for names", ", ".join(heads)[:80], "Such as name_vi, name_en")
    left = [NotTaken(rows[0][0], h[:60], N_("not kept")) for h in heads if not _known(h)]
    contacts = []
    for number, row in rows[1:]:
        cells = dict(zip(heads, (plain(nfc(cell).strip()) for cell in row), strict=False))
        try:
            contacts.append(_contact(cells, agency))
        except UsageError as error:
            left.append(NotTaken(number, N_("row"), error.sentence))
    return Read(tuple(contacts), tuple(left))


def _problem(error: csv.Error) -> Phrase:
    """What the reader says of a file, in words that are in the catalogue."""
    said = str(error)
    if "end of data" in said:
        return phrase("a quotation mark is not closed")
    if "expected after" in said:
        return phrase("something stands after a closing quotation mark")
    return phrase("it cannot be read")


def _known(head: str) -> bool:
    return head in COLUMNS or (head.startswith(NAME) and LANGUAGE(head.removeprefix(NAME)))


def _contact(cells: dict[str, str], agency: str) -> Contact:
    if broken := [head for head, cell in cells.items() if "\n" in cell or "\r" in cell]:
        raise UsageError("A line break in a cell", broken[0])
    name = {
        head.removeprefix(NAME): cell
        for head, cell in cells.items()
        if head.startswith(NAME) and LANGUAGE(head.removeprefix(NAME)) and cell
    }
    id = cells.get("id", "")
    return checked(
        Contact(
            id if CONTACT(id) else new_contact(),
            cells.get("agency") or agency,
            name,
            "",
            tuple(cells.get("languages", "").replace(",", " ").split()),
            cells.get("phone", ""),
            cells.get("email", ""),
            cells.get("url", ""),
        )
    )
