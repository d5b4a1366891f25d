"""The preview of an import: what is new, the same, or in conflict."""

from __future__ import annotations

from dataclasses import replace

from desk.terms.entry import Entry, Form
from desk.terms.exchange import Imported, Loss
from desk.terms.exchange.preview import preview, summed
from desk.terms.termbase import Termbase, shipped
from tests.terms.exchanging import SOURCE


def _entry(name: str, right: str, *wrong: str) -> Entry:
    forms = (Form(right, "preferred"), *(Form(text, "deprecated") for text in wrong))
    return Entry(name, "en", forms, "A rule.", SOURCE, name, match=tuple(wrong))


def test_a_preview_tells_new_same_and_each_kind_of_conflict() -> None:
    termbase = Termbase([_entry("email", "email", "e-mail"), _entry("web", "website", "web site")])
    given = Imported(
        (
            _entry("email", "email", "e-mail"),
            _entry("web", "site", "web page"),
            _entry("mail", "e-mail", "mail"),
            _entry("home", "home page", "website"),
            _entry("place", "place", "web site"),
            _entry("phone", "phone", "handset"),
        ),
        (Loss("line 3", "partOfSpeech"), Loss("line 9", "partOfSpeech")),
    )
    found = preview(given, termbase)
    assert [entry.id for entry in found.new] == ["phone"]
    assert found.same == ("email",)
    assert [(one.entry, one.other, one.what) for one in found.conflicts] == [
        ("web", "web", "the id has other forms there"),
        ("mail", "email", "e-mail: right here, wrong there"),
        ("home", "web", "website: wrong here, right there"),
        ("place", "web", "web site: there it becomes website"),
    ]
    assert summed(found.losses) == [("partOfSpeech", 2, "line 3")]


def test_what_another_entry_says_already_is_the_same_whatever_its_id() -> None:
    termbase = Termbase([_entry("email", "email", "e-mail", "E mail")])
    whole = _entry("c-17", "email", "e-mail", "E mail")
    part = _entry("c-18", "email", "E mail")
    more = _entry("c-19", "email", "e-mail", "electronic mail")
    found = preview(Imported((whole, part, more), ()), termbase)
    assert found.same == ("c-17", "c-18")
    assert found.new == ()
    assert [(one.entry, one.other, one.what) for one in found.conflicts] == [
        ("c-19", "email", "e-mail: wrong there too")
    ]


def test_another_language_or_another_status_is_not_the_same() -> None:
    there = _entry("email", "email", "e-mail")
    vietnamese = replace(there, id="thu", language="vi")
    superseded = (Form("email", "preferred"), Form("e-mail", "superseded"))
    found = preview(
        Imported((vietnamese, replace(there, id="c-1", forms=superseded)), ()), Termbase([there])
    )
    assert [entry.id for entry in found.new] == ["thu"]
    assert [one.what for one in found.conflicts] == ["e-mail: deprecated there"]


def test_an_entry_that_a_file_holds_twice_is_new_once() -> None:
    twice = (_entry("a", "website", "web site"), _entry("b", "website", "web site"))
    found = preview(Imported(twice, ()), Termbase([]))
    assert ([entry.id for entry in found.new], found.same) == (["a"], ("b",))


def test_shipped_terms_under_other_ids_are_all_there_already() -> None:
    known = shipped()
    renamed = tuple(replace(entry, id=f"x-{n}") for n, entry in enumerate(known.entries))
    found = preview(Imported(renamed, ()), known)
    assert (found.new, found.conflicts) == ((), ())
