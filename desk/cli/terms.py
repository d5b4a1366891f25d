"""`desk terms`: standard terminology. Check and fix files; no newsroom is needed for that."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from desk.cli.context import Run, noun, verb
from desk.cli.telling import examples
from desk.errors import NotFound, Problem, Reason, Refused, UsageError, because
from desk.locales import _
from desk.locales import told as told_of
from desk.phrase import as_phrase, phrase
from desk.text import safe_text

if TYPE_CHECKING:
    from desk.cli.terms_report import Checked
    from desk.terms.files import TextFile
    from desk.terms.finding import Finding
    from desk.terms.ignores import Ignore
    from desk.terms.termbase import Termbase

command = noun("terms", "Check, fix and look up standard terms, Vietnamese and English.")
FILE = click.Path(path_type=Path, dir_okay=False)
LANGUAGE = click.option("--language", type=click.Choice(["vi", "en"]),
                        help="Of the texts; guessed file by file when left out.")  # fmt: skip
MARKUP = click.option("--markup", type=click.Choice(["plain", "markdown", "html"]),
                      help="Of the texts; by the end of the name when left out.")  # fmt: skip
TERMS = click.option("--terms", "own", type=FILE, multiple=True, metavar="FILE",
                     help="A termbase file, over the shipped terms. Repeatable.")  # fmt: skip
DATED = click.option("--dated", metavar="DATE",
                     help="The day of the texts, YYYY-MM-DD; today when left out.")  # fmt: skip


def termbase(run: Run, own: Sequence[Path] = ()) -> Termbase:
    """The terms that count here: shipped, the newsroom's where there is one, files over them.

    Raises ConfigError, NotFound, Unavailable; Refused for files that contradict themselves.
    """
    from desk.terms.load import load_file
    from desk.terms.overlay import Overlay, effective

    known = effective(newsroom(run))
    if not own:
        return known
    laid = Overlay(tuple(entry for path in own for entry in load_file(path).entries)).over(known)
    from desk.terms.validate import problems

    keys = [(entry.language, entry.id) for path in own for entry in load_file(path).entries]
    if wrong := problems(laid, keys):
        reasons = [because("terms", "{what} ({hint})", what=one.sentence, hint=as_phrase(one.hint))
                   if one.hint else Reason("terms", one.sentence) for one in wrong]  # fmt: skip
        raise Refused(phrase("These entries cannot be used"), reasons, "Test: desk terms test FILE")
    return laid


def newsroom(run: Run) -> Path | None:
    """The newsroom's folder. None where there is none, unless one was named."""
    import os

    try:
        return run.folder
    except NotFound:
        if run.newsroom or os.environ.get("DESK_NEWSROOM"):
            raise
        return None
    except Refused as error:
        run.out.warn(
            phrase("{title}; checking with the shipped terms alone", title=as_phrase(error.title))
        )
        return None


def day(text: str | None) -> date:
    """The day that was given, or today. Raises UsageError."""
    if not text:
        return datetime.now().astimezone().date()
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError(phrase("No such day"), text[:40], "Write it as YYYY-MM-DD") from None


@verb(
    command,
    "check",
    examples(
        "desk terms check article.md notes/",
        "desk terms check article.md --diff          what the safe fixes would change",
        "desk terms check - --language vi < article.txt",
        "desk terms check content/ --sarif > terms.sarif",
    ),
)
@click.argument("paths", nargs=-1, required=True, metavar="FILE|FOLDER|-")
@LANGUAGE
@MARKUP
@TERMS
@DATED
@click.option("--only", type=click.Choice(["error", "warning"]),
              help="Show only errors, or errors and warnings.")  # fmt: skip
@click.option("--ignores", type=FILE, metavar="FILE", help="Findings that were decided to be kept.")
@click.option("--sources", is_flag=True, help="Also figures without a source, laws without a link.")
@click.option(
    "--fix", is_flag=True, help="Make the safe fixes in the files, then tell what is left."
)
@click.option("--diff", is_flag=True, help="Show what the safe fixes would change; change nothing.")
@click.option("--sarif", is_flag=True, help="Print SARIF 2.1.0.")
@click.option("--github", is_flag=True, help="Print annotations for GitHub.")
def check(run: Run, paths: tuple[str, ...], **options: Any) -> None:
    """Check texts: every finding with its line, what to write, and where that is written.

    Ends with 3 when errors stand, with 2 when a file could not be read.
    """
    shapes = [name for name in ("sarif", "github", "diff") if options[name]]
    if len(shapes) + run.out.json > 1:
        raise UsageError(phrase("One format at a time"), ", ".join(shapes))
    job = Job(run, options)
    checked = list(job.run(paths, fix=options["fix"]))
    _print(run, checked, shapes[0] if shapes else "", job)
    _end(checked, told=not (options["diff"] or options["fix"]))


@verb(command, "fix", examples("desk terms fix article.md", "desk terms fix article.md --preview",
                               "desk terms fix article.md --at 3:15 --choice 2"))  # fmt: skip
@click.argument("paths", nargs=-1, required=True, metavar="FILE|FOLDER|-")
@LANGUAGE
@MARKUP
@TERMS
@DATED
@click.option("--ignores", type=FILE, metavar="FILE", help="Findings that were decided to be kept.")
@click.option("--preview", is_flag=True, help="Show the difference; change nothing.")
@click.option("--at", "place", metavar="LINE:COLUMN", help="Only the finding at this place.")
@click.option("--choice", type=click.IntRange(1), default=1, show_default=True, metavar="N",
              help="Which suggestion, with --at.")  # fmt: skip
def fix(run: Run, paths: tuple[str, ...], place: str | None, choice: int, preview: bool,
        **options: Any) -> None:  # fmt: skip
    """Make the safe fixes, or one that you name. From standard input the text goes to stdout."""
    job = Job(run, {**options, "sources": False, "only": None})
    if place is not None:
        _fix_one(run, job, paths, place, choice, preview)
        return
    checked = list(job.run(paths, fix=not preview))
    if preview:
        _print(run, checked, "diff", job)
    elif paths == ("-",) and not run.out.json:
        run.out.emit({"text": checked[0].file.text}, lambda view: view["text"].removesuffix("\n"))
    else:
        _print(run, checked, "", job)
    _end(checked, told=False)


class Job:
    """One run over files with one termbase, one day and one set of options."""

    def __init__(self, run: Run, options: dict[str, Any]) -> None:
        self.out = run.out
        self.options = options
        self.dated = day(options["dated"])
        self.termbase = termbase(run, options["own"])
        self.ignores = _ignores(options["ignores"])

    def run(self, paths: Sequence[str], *, fix: bool = False) -> Iterator[Checked]:
        """Check every file; one that cannot be read is told, and the others are checked."""
        from desk.terms.files import found

        names = list(found(paths))
        if not names:
            raise NotFound(phrase("There is nothing to check"), ", ".join(paths),
                           "Folders give .md, .txt and .html; name other files")  # fmt: skip
        with self.out.progress(_("checked"), len(names)) as step:
            for name in names:
                yield self.one(self.read(name), fix=fix)
                step()

    def read(self, name: str) -> TextFile:
        """A file, or standard input for `-`."""
        from dataclasses import replace

        from desk.terms.files import LARGEST, read_bytes, read_file

        if name == "-":
            return read_bytes(sys.stdin.buffer.read(LARGEST + 1), "-", self.options["markup"])
        file = read_file(name)
        return replace(file, markup=self.options["markup"] or file.markup)

    def one(self, file: TextFile, *, fix: bool = False) -> Checked:
        """What is found in a file, after its safe fixes if asked for."""
        from dataclasses import replace

        from desk.cli.terms_report import Checked
        from desk.terms.files import language_of, write_file
        from desk.terms.fix import fix_all

        language = self.options["language"] or language_of(file.text, file.name)
        if file.problem:
            return Checked(file, language)
        fixed = 0
        if fix:
            made = fix_all(file.text, lambda text: self.check(file, text, language))
            fixed = len(made.applied)
            if made.text != file.text and file.name != "-":
                write_file(file.name, made.text)
            file = replace(file, text=made.text)
        findings = self.check(file, file.text, language)
        kept = {"error": ("error",), "warning": ("error", "warning")}.get(self.options["only"])
        if kept:
            findings = tuple(one for one in findings if one.severity in kept)
        return Checked(file, language, findings, fixed)

    def check(self, file: TextFile, text: str, language: str) -> tuple[Finding, ...]:
        """The findings of a text of that file."""
        from desk.terms.check import check

        notes = None
        if self.options["sources"] and file.markup == "markdown":
            from desk.terms.patterns.sourcing import labels

            notes = labels(text)
        return check(text, self.termbase, language=language, markup=file.markup, dated=self.dated,
                     ignores=self.ignores, notes=notes)  # fmt: skip


def _ignores(path: Path | None) -> tuple[Ignore, ...]:
    if path is None:
        return ()
    from desk.terms.kept import read_ignores

    return read_ignores(path)


def _print(run: Run, checked: list[Checked], shape: str, job: Job) -> None:
    from desk.cli import terms_report as reports
    from desk.cli.output import to_json

    if shape == "sarif":
        from desk import __version__
        from desk.cli.terms_sarif import sarif

        run.out.emit(sarif(checked, __version__), to_json)
    elif shape == "github":
        run.out.emit([], lambda _view: reports.github(checked))
    elif shape == "diff":
        lines = [line for one in checked for line in _diff(one, job)]
        run.out.emit({"diff": "\n".join(lines)}, lambda _view: lines)
    else:
        totals = {name: sum(one.count(name) for one in checked)
                  for name in ("error", "warning", "info")}  # fmt: skip
        data = {"files": checked, "counts": totals, "termbase": job.termbase.digest}
        run.out.emit(data, lambda _view: reports.report(checked))


def _diff(one: Checked, job: Job) -> Iterator[str]:
    from desk.terms.fix import diff, fix_all

    text = one.file.text
    made = fix_all(text, lambda now: job.check(one.file, now, one.language))
    if made.text != text:
        yield diff(text, made.text, one.file.name.lstrip("/")).removesuffix("\n")


def _fix_one(
    run: Run, job: Job, paths: tuple[str, ...], place: str, choice: int, preview: bool
) -> None:
    from desk.cli.terms_look import at_place
    from desk.terms.files import write_file
    from desk.terms.fix import diff, fix_one

    if len(paths) != 1:
        raise UsageError(phrase("One file, and a place in it"), place, "Write --at LINE:COLUMN")
    checked = next(iter(job.run(paths)))
    _end([checked], told=False)
    finding = at_place(checked.findings, place)
    text = fix_one(checked.file.text, finding, choice - 1)
    change = diff(checked.file.text, text, checked.file.name.lstrip("/")).removesuffix("\n")
    if not preview and checked.file.name != "-":
        write_file(checked.file.name, text)
    shown = text if checked.file.name == "-" and not preview else change
    run.out.emit({"finding": finding, "diff": change}, lambda _view: shown.removesuffix("\n"))


def _end(checked: Sequence[Checked], *, told: bool) -> None:
    """Refuse where errors stand, complain where a file could not be read."""
    bad: list[tuple[str, Problem]] = [
        (safe_text(one.file.name), one.file.problem) for one in checked if one.file.problem
    ]
    errors = sum(one.count("error") for one in checked)
    if errors and told:
        where = [safe_text(one.file.name) for one in checked if one.count("error")]
        more = f" (+{len(where) - 3})" if len(where) > 3 else ""
        raise Refused(
            phrase("{count} terminology errors stand", count=errors)
            if errors > 1
            else phrase("One terminology error stands"),
            [Reason("terms", ", ".join(where[:3]) + more)],
            "Mend them: desk terms check --diff, desk terms fix",
        )
    if bad:
        lines = "\n".join(
            f"{name}:{one.line}:{one.column}: {told_of(one.what)}" for name, one in bad[:20]
        )
        title = phrase("Could not check {bad} of {all} files", bad=len(bad), all=len(checked))
        if len(checked) == 1:
            title = phrase("Could not check the file")
        raise UsageError(title, lines, bad[0][1].hint)


# The other verbs of the noun, each in the file of its own noun, put themselves into the group.
from desk.cli import terms_affected, terms_editors, terms_exchange, terms_look, terms_manage  # noqa: E402, F401
