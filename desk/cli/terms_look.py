"""`desk terms` for those who look: show, list, test, stats, pairs, and keep a finding."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from desk.cli.context import Run, verb
from desk.cli.output import Block, Column, Fields, Table
from desk.cli.telling import examples
from desk.cli.terms import DATED, FILE, LANGUAGE, MARKUP, TERMS, Job, command, termbase
from desk.errors import NotFound, Reason, Refused, UsageError
from desk.locales import _
from desk.locales.words import word
from desk.phrase import joined, phrase
from desk.text import safe_text

if TYPE_CHECKING:
    from desk.terms.entry import Entry
    from desk.terms.finding import Finding
    from desk.terms.pairs import PairFinding
    from desk.terms.termbase import Termbase


@verb(command, "show", examples("desk terms show tong-bi-thu", "desk terms show 'Liên hiệp quốc'"))
@click.argument("term", metavar="ID|FORM")
@LANGUAGE
@TERMS
def show(run: Run, term: str, language: str | None, own: tuple[Path, ...]) -> None:
    """Show entries by id or by a form: what to write, since when, and where that is written."""
    found = _matching(termbase(run, own), term, language)
    if not found:
        raise NotFound(phrase("There is no such term"), term[:60], "Look through: desk terms list")
    run.out.emit([_plain(one) for one in found], lambda _view: _sheets(found))


def _matching(known: Termbase, term: str, language: str | None) -> list[Entry]:
    """The entry of that id; else entries with that form; else with a form that contains it."""
    from desk.terms.fold import key
    from desk.text import nfc

    entries = [one for one in known.entries if language in (None, one.language)]
    exact = [one for one in entries if term in (one.id, one.concept)]
    wanted = key(" ".join(nfc(term).split()))
    same = [one for one in entries if any(key(form.text) == wanted for form in one.forms)]
    part = [one for one in entries if any(wanted in key(form.text) for form in one.forms)]
    return exact or same or (part if wanted else [])


def _plain(entry: Entry) -> dict[str, Any]:
    from desk.terms.plain import plain

    return plain(entry)


def _sheets(entries: Sequence[Entry]) -> Iterator[Block]:
    for at, entry in enumerate(entries):
        if at:
            yield ""
        forms = "\n".join(f"{form.text}  ({word('form', form.status)})" for form in entry.forms)
        pairs: list[tuple[str, object]] = [
            ("id", f"{entry.language} {entry.id}"),
            ("concept", entry.concept),
            ("forms", forms),
            ("severity", word("gate says", entry.severity)),
            ("case", word("case", entry.case)),
            ("rule", entry.rule),
            ("source", str(entry.source)),
            ("address", entry.source.source.url),
            ("from", entry.since.isoformat() if entry.since else ""),
            ("until", entry.until.isoformat() if entry.until else ""),
            ("history", _("earlier times keep the old form") if entry.historical else ""),
            ("not after", ", ".join(entry.left)),
            ("not before", ", ".join(entry.right)),
            ("not inside", ", ".join(entry.exceptions)),
            ("found in", "\n".join(entry.match)),
            ("not in", "\n".join(entry.clean)),
            ("owner", entry.owner),
        ]
        yield Fields([(name, value) for name, value in pairs if value])


@verb(command, "list", examples("desk terms list --severity error",
                                "desk terms list 'bộ trưởng' --language vi"))  # fmt: skip
@click.argument("text", required=False, metavar="[TEXT]")
@LANGUAGE
@TERMS
@click.option("--severity", type=click.Choice(["error", "warning", "info"]), help="Only these.")
@click.option("--status", type=click.Choice(["deprecated", "superseded", "forbidden"]),
              help="Only entries with such a form.")  # fmt: skip
def list_terms(run: Run, text: str | None, language: str | None, own: tuple[Path, ...],
               severity: str | None, status: str | None) -> None:  # fmt: skip
    """List the entries: what to write, and what it replaces."""
    known = termbase(run, own)
    entries = _matching(known, text, language) if text else list(known.entries)
    kept = [
        one for one in entries
        if language in (None, one.language) and severity in (None, one.severity)
        and (status is None or any(form.status == status for form in one.variants))
    ]  # fmt: skip
    run.out.emit([_plain(one) for one in kept], lambda _view: _table(kept))


def _table(entries: Sequence[Entry]) -> Table:
    rows = [
        [one.language, one.id, word("gate says", one.severity), " / ".join(one.suggestions),
         " / ".join(form.text for form in one.variants)]
        for one in entries
    ]  # fmt: skip
    return Table(["language", "id", "severity", "write", "not"], rows)


@verb(command, "test", examples("desk terms test", "desk terms test ours.yaml"))
@click.argument("files", nargs=-1, type=FILE, metavar="[FILE]...")
def test(run: Run, files: tuple[Path, ...]) -> None:
    """Try every entry on its examples, and entries against each other.

    With files, their entries over the terms that count here.
    """
    from desk.terms.load import load_file
    from desk.terms.overlay import Overlay
    from desk.terms.validate import problems

    known, keys = termbase(run), None
    if files:
        entries = [entry for path in files for entry in load_file(path).entries]
        known = Overlay(tuple(entries)).over(known)
        keys = {(entry.language, entry.id) for entry in entries}
    wrong = problems(known, keys)
    tried = [one for one in known.entries if keys is None or (one.language, one.id) in keys]
    count = sum(len(one.match) + len(one.clean) for one in tried)
    lines = [joined("\n    → ", (part for part in (one.sentence, one.hint) if part))
             for one in wrong]  # fmt: skip
    data = {"entries": len(tried), "examples": count, "problems": wrong, "termbase": known.digest}
    total = phrase(
        "{entries} entries, {examples} examples: {problems} problems",
        entries=len(tried),
        examples=count,
        problems=len(wrong),
    )
    run.out.emit(data, lambda _view: [*lines, total])
    if wrong:
        names = ", ".join(dict.fromkeys(one.id for one in wrong[:5]))
        raise Refused(phrase("The termbase cannot be used"), [Reason("terms", names)])


@verb(command, "stats", examples("desk terms stats", "desk terms stats --json"))
@TERMS
def stats(run: Run, own: tuple[Path, ...]) -> None:
    """Count entries, forms and sources, and name the version."""
    known = termbase(run, own)
    data = {"termbase": known.digest, "languages": {
        language: _counted(entries) for language, entries in known.of_language.items()
    }}  # fmt: skip
    run.out.emit(data, _counts)


def _counted(entries: Sequence[Entry]) -> dict[str, Any]:
    forms = Counter(form.status for entry in entries for form in entry.forms)
    return {
        "entries": len(entries),
        "severity": dict(Counter(entry.severity for entry in entries)),
        "forms": dict(forms),
        "dated": sum(bool(entry.since or entry.until) for entry in entries),
        "examples": sum(len(entry.match) + len(entry.clean) for entry in entries),
        "sources": dict(Counter(entry.source.source.title for entry in entries).most_common()),
    }


def _counts(data: dict[str, Any]) -> Iterator[Block]:
    yield Fields([("termbase", data["termbase"])])
    for language, found in data["languages"].items():
        rows: list[list[object]] = [[_("entries"), found["entries"]]]
        rows += [[word("gate says", name), count] for name, count in found["severity"].items()]
        rows += [[_("forms, {status}").format(status=word("form", name)), count]
                 for name, count in found["forms"].items()]  # fmt: skip
        rows += [[_("dated"), found["dated"]], [_("examples"), found["examples"]]]
        yield Table([language, Column("count", right=True)], rows)
        sources = [[title, count] for title, count in found["sources"].items()]
        yield Table(["source", Column("entries", right=True)], sources)


@verb(command, "pairs", examples("desk terms pairs tin.vi.md news.en.md"))
@click.argument("first", type=FILE)
@click.argument("second", type=FILE)
@TERMS
def pair(run: Run, first: Path, second: Path, own: tuple[Path, ...]) -> None:
    """Compare two languages: names whose proper form the other text lacks."""
    from desk.terms.files import language_of, read_file
    from desk.terms.pairs import pairs

    files = [read_file(str(path)) for path in (first, second)]
    for file in files:
        if file.problem:
            where = f"{safe_text(file.name)}:{file.problem.line}:{file.problem.column}"
            raise UsageError(file.problem.what, where, file.problem.hint)
    languages = [language_of(file.text, file.name) for file in files]
    if languages[0] == languages[1]:
        hint = "Name them a.vi.md and a.en.md, or write lang: in their front matter"
        raise UsageError(phrase("Both texts are in one language"), languages[0], hint)
    known = termbase(run, own)
    found: list[tuple[str, PairFinding]] = []
    for here, there in ((0, 1), (1, 0)):
        file, other = files[here], files[there]
        found += (
            (file.name, one)
            for one in pairs(file.text, other.text, known, language=languages[here],
                             other_language=languages[there], markup=file.markup)
        )  # fmt: skip
    run.out.emit([{"path": name, "pair": one} for name, one in found],
                 lambda _view: [*_pair_lines(found),
                                phrase("{count} names to look at", count=len(found))])  # fmt: skip


def _pair_lines(found: Sequence[tuple[str, PairFinding]]) -> Iterator[str]:
    from desk.locales import language

    for name, one in found:
        said = one.message_vi if language() == "vi" else one.message
        severity = word("gate says", one.severity)
        yield f"{name}:{one.line}:{one.column}: {severity}: {said} [{one.concept}]"


@verb(
    command,
    "ignore",
    examples(
        "desk terms ignore article.md --at 3:15 --reason 'The name of a film' --author bien-tap-1"
    ),
)
@click.argument("path", metavar="FILE")
@LANGUAGE
@MARKUP
@TERMS
@DATED
@click.option("--at", "place", required=True, metavar="LINE:COLUMN", help="Where the finding is.")
@click.option("--reason", required=True, help="Why it is right here.")
@click.option("--author", help="Who decides; --key or the settings when left out.")
@click.option("--expires", metavar="DATE", help="The last day on which it holds.")
@click.option("--ignores", type=FILE, default=Path("terms-ignores.yaml"), show_default=True,
              metavar="FILE", help="Where ignores are kept.")  # fmt: skip
def ignore_finding(run: Run, path: str, place: str, reason: str, author: str | None,
                   expires: str | None, ignores: Path, **options: Any) -> None:  # fmt: skip
    """Keep one finding as it stands; void when the text changes there. Others see who and why."""
    from desk.cli.terms import day
    from desk.terms.ignores import ignore
    from desk.terms.kept import read_ignores, text_of
    from desk.terms.overlay import put

    who = author or run.key or run.settings.person
    if not who:
        raise UsageError(phrase("Who decides?"), "", "Say it: --author NAME")
    job = Job(run, {**options, "ignores": None, "sources": False, "only": None})
    checked = next(iter(job.run([path])))
    if checked.file.problem:
        raise UsageError(checked.file.problem.what, checked.file.name, checked.file.problem.hint)
    last: date | None = day(expires) if expires else None
    made = ignore(at_place(checked.findings, place), checked.file.text, reason=reason, author=who,
                  expires=last)  # fmt: skip
    known = read_ignores(ignores) if ignores.exists() else ()
    put(ignores, text_of(dict.fromkeys([*known, made])))
    said = phrase(
        "“{words}” is kept: {reason} ({author})",
        words=made.found,
        reason=made.reason,
        author=made.author,
    )
    run.out.emit({"ignores": str(ignores), "ignore": made.as_json()}, lambda _view: said)


def at_place(findings: Sequence[Finding], place: str) -> Finding:
    """The finding at LINE:COLUMN. Raises UsageError, NotFound."""
    line, _, column = place.partition(":")
    if not line.isdecimal() or not column.isdecimal():
        raise UsageError(phrase("No such place"), place[:20], "Write --at LINE:COLUMN")
    for one in findings:
        if one.line == int(line) and one.column <= int(column) < one.column + one.end - one.start:
            return one
    raise NotFound(phrase("There is no finding at that place"), place)
