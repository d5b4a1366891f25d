"""The sample's search: words over its items, releases, pages and acts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from desk.text import has_words
from screens.sample.calendar import SampleCalendar
from screens.sample.contacts import SampleContacts
from screens.sample.handbook import SampleHandbook
from screens.sample.item import SampleItem
from screens.sample.items import rows
from screens.sample.terms import SampleTerms
from screens.source.search_room import Found


class SampleSearch(SampleCalendar, SampleItem, SampleContacts, SampleHandbook, SampleTerms):
    """Answers the search room."""

    def search_find(self, query: str) -> Sequence[Found]:
        """What has all the words, in the order of the rooms."""
        self._check()
        return [one for one in self._all() if has_words(f"{one.title} {one.snippet}", query)]

    def _all(self) -> Iterator[Found]:
        for item in rows(self):
            text = "" if item.sealed else self.item_text(item.item).summary
            yield Found(f"items {item.item}", "items", item.item, item.title, text, item.state,
                        item.agency, item.language, item.at, item.sealed)  # fmt: skip
        for row in self.rows:
            if row.kind == "release":
                yield Found(f"releases {row.release}", "releases", row.release, row.title, "",
                            row.state, row.agency, "", row.at, row.sealed)  # fmt: skip
        for one in self.contacts_enquiries():
            if not one.sealed:
                yield Found(f"enquiries {one.key}", "enquiries", one.key, one.outlet, one.question,
                            one.state, one.agency, one.language, one.due, False)  # fmt: skip
        for page in self.handbook_pages(""):
            text = " ".join(self.handbook_page(page.key).text.split())
            yield Found(f"handbook {page.key}", "handbook", page.key, page.title, text, "", "", "",
                        None, False)  # fmt: skip
        for term in self.terms_board("").rows:
            yield Found(f"terms {term.key}", "terms", term.key, term.use, term.avoid, "", "",
                        term.language, None, False)  # fmt: skip

    def search_forget(self) -> None:
        """Nothing was opened."""
