"""`desk docs`: the pages of docs/ that are made from the program, so that they cannot lie about it.

docs/commands.md comes from the command line itself, docs/keys.md from the registry of actions,
docs/portal-openapi.json from the portal contract, and the table of measured figures in README.md
from benchmarks/results.json.
"""

from __future__ import annotations

import inspect
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from desk.cli.context import NounGroup, Run, Shared, noun, shared_options, verb
from desk.cli.telling import examples
from desk.errors import Conflict, NotFound, Unavailable

command = noun("docs", "Write the generated pages of docs/.")

BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"
MADE = "<!-- Made by `desk docs write`. Edit the program, not this page. -->"
EXIT_CODES = (
    ("0", "done; also when it was done before"),
    ("1", "the demo failed, or an error of no other kind"),
    ("2", "usage, or a mistake in a file; `details.problems` names each line"),
    ("3", "refused by the newsroom's policy; `details.reasons` names each rule and who could act"),
    ("4", "not found, or somebody else was first"),
    ("5", "unavailable now; trying again may help. Also: requested, but not confirmed yet"),
    ("6", "trust: a signature, digest, chain or pin does not hold"),
    ("70", "a fault in Desk; a report without any text of yours is kept"),
    ("130", "stopped with Ctrl+C"),
    ("141", "whoever read stdout has gone"),
)
"""What `desk` ends with, and what each code means."""


@dataclass(frozen=True)
class Page:
    """A generated page: its path below the source's folder, and what has to be in it."""

    path: str
    text: str


@dataclass(frozen=True)
class Written:
    """What `desk docs write` found: the pages that were not as the program says."""

    pages: tuple[str, ...]
    stale: tuple[str, ...]


@verb(command, "write", examples("desk docs write", "desk docs write --check"))
@click.option("--check", is_flag=True, help="Write nothing; fail when a page is not current.")
def write(run: Run, check: bool) -> None:
    """Write the generated pages of a source folder again."""
    folder = source_folder()
    made = pages(folder)
    stale = [page for page in made if _present(folder / page.path) != page.text]
    if not check:
        for page in stale:
            _write(folder / page.path, page.text)
    view = Written(tuple(page.path for page in made), tuple(page.path for page in stale))
    run.out.emit(view, lambda view: "\n".join(_told(view, check)))
    if check and stale:
        raise Conflict("Generated pages are not current", ", ".join(view.stale),
                       "Write them again: desk docs write")  # fmt: skip


def _told(view: Written, check: bool) -> Iterator[str]:
    for path in view.pages:
        changed = "not current" if check else "written"
        yield f"{path}: {changed if path in view.stale else 'current'}"


def source_folder() -> Path:
    """The folder that the source lies in. Raises NotFound for an installed Desk."""
    folder = Path(__file__).resolve().parents[2]
    if not (folder / "pyproject.toml").exists() or not (folder / "docs").is_dir():
        raise NotFound(
            "There are no pages here",
            "an installed Desk has no docs folder",
            "Use a clone of its source: python desk.py docs write",
        )
    return folder


def pages(folder: Path) -> list[Page]:
    """Every generated page as it has to be. Raises Unavailable, NotFound."""
    from desk.cli.docs_keys import keys_page
    from desk.portal.openapi import document

    return [
        Page("docs/commands.md", reference()),
        Page("docs/keys.md", keys_page(MADE)),
        Page("docs/portal-openapi.json", _json(document())),
        Page("README.md", with_figures(_read(folder / "README.md"), folder)),
    ]


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except OSError as error:
        raise Unavailable("Cannot read a page", f"{path}: {error.strerror}") from None


def _present(path: Path) -> str:
    return _read(path) if path.exists() else ""


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, "utf-8")
    except OSError as error:
        raise Unavailable("Cannot write a page", f"{path}: {error.strerror}") from None


# -- the command reference ------------------------------------------------------------------------


def reference() -> str:
    """docs/commands.md: every verb with its options and examples, and the exit codes."""
    from desk.cli import NOUNS, root
    from desk.locales import language, set_language

    before = language()
    set_language("en")
    try:
        context = click.Context(root, info_name="desk")
        parts = [MADE, "# Commands", *_opening(context)]
        for name, entry in NOUNS.items():
            made = root.get_command(context, name)
            assert made is not None
            parts += _noun(made, click.Context(made, info_name=name, parent=context), entry.help)
    finally:
        set_language(before)
    return "\n\n".join(parts) + "\n"


def _opening(context: click.Context) -> Iterator[str]:
    from desk.cli import NOUNS

    yield (
        "`desk NOUN VERB`. Data goes to stdout, narration to stderr. With `--json` stdout holds "
        'exactly one JSON document; a failure is `{"error": {"code", "title", "message", "hint", '
        '"details", "exit_code"}}`. Plain `desk` in a terminal opens the desk. In a source folder '
        "`python desk.py` does what `desk` does."
    )
    yield ", ".join(f"[{name}](#desk-{name})" for name in NOUNS)
    yield "## Options of every command"
    yield _options(shared_options(), context)
    yield "They stand before the noun or after the verb; the later one counts."
    yield "## Exit codes"
    yield _table(("code", "means"), EXIT_CODES)


def _noun(made: click.Command, context: click.Context, said: str) -> Iterator[str]:
    yield f"## desk {context.info_name}"
    yield said
    if not isinstance(made, NounGroup):
        yield from _verb(made, context)
        return
    for name in made.list_commands(context):
        child = made.get_command(context, name)
        assert child is not None
        yield f"### desk {context.info_name} {name}"
        yield from _verb(child, click.Context(child, info_name=name, parent=context))


def _verb(made: click.Command, context: click.Context) -> Iterator[str]:
    usage = " ".join([context.command_path, *made.collect_usage_pieces(context)])
    yield f"```text\n{usage}\n```"
    for paragraph in inspect.cleandoc(made.help or "").replace("\b\n", "").split("\n\n"):
        yield " ".join(paragraph.split())
    own = [param for param in made.params if not isinstance(param, Shared)]
    told = _options(own, context)
    if told:
        yield told
    shown = _examples(made.epilog or "")
    if shown:
        yield f"```sh\n{shown}\n```"


def _options(params: list[click.Parameter], context: click.Context) -> str:
    rows = []
    for param in params:
        record = param.get_help_record(context)
        if record is not None and isinstance(param, click.Option):
            rows.append((f"`{record[0].strip()}`", record[1]))
    return _table(("option", "what it does"), rows) if rows else ""


def _examples(epilog: str) -> str:
    lines = epilog.replace("\b", "").replace("Example: ", "").splitlines()
    return inspect.cleandoc(
        "\n".join(line for line in lines if line.strip() not in ("", "Examples:"))
    )


def _table(heads: tuple[str, ...], rows: Any) -> str:
    lines = ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads)]
    return "\n".join([*lines, *("| " + " | ".join(map(_cell, row)) + " |" for row in rows)])


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


# -- measured figures -----------------------------------------------------------------------------


def with_figures(readme: str, folder: Path) -> str:
    """README.md with the table of measured figures between its two comments.

    Raises NotFound when the comments are not there.
    """
    before, begin, rest = readme.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise NotFound("README.md has no place for the figures", f"{BEGIN} … {END}")
    return f"{before}{BEGIN}\n{_measured(folder / 'benchmarks' / 'results.json')}\n{END}{after}"


def _measured(results: Path) -> str:
    if not results.exists():
        return "Not measured yet: `make bench`."
    value = json.loads(_read(results))
    rows = [_figure(figure) for figure in value["figures"]]
    head = f"`make bench` on {value['machine']}."
    return f"{head}\n\n{_table(('what', 'measured', 'budget', ''), rows)}"


def _figure(figure: Mapping[str, Any]) -> tuple[str, ...]:
    unit, budget, met = figure["unit"], figure.get("budget"), figure.get("met")
    bound = "at least" if figure.get("at_least") else "at most"
    return (
        str(figure["what"]),
        f"{_number(figure['value'])} {unit}",
        "" if budget is None else f"{bound} {_number(budget)} {unit}",
        "" if met is None else ("met" if met else "**missed**"),
    )


def _number(value: float) -> str:
    """Three significant figures at least, no more digits than anybody needs."""
    if value == int(value):
        return f"{int(value):,}"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"
