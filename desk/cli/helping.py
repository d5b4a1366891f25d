"""Help in the reader's language: what click lays out, with words of our catalogue.

Verbs are written in English, as docstrings and `help=`; `desk/locales/gather_help.py` collects
them, and they are translated here when somebody asks, so that importing a noun costs nothing.
"""

from __future__ import annotations

import inspect
import re

import click

from desk.locales import N_, _
from desk.locales.placeholders import placeholders

_COMMENT = re.compile(r"^(  .*\S)(  +)(\S.*)$", re.MULTILINE)
_SENTENCE_END = re.compile(r"(?<=[.:]) (?=[^a-z])")
_HEADING = re.compile(r"^(Examples?:)", re.MULTILINE)


def help_text(command: click.Command) -> str:
    """A command's help, in paragraphs."""
    return _(inspect.cleandoc(command.help or ""))


_ELSEWHERE = (N_("Show this message and exit."), N_("Examples:"), N_("Example:"))


def record(param: click.Parameter, ctx: click.Context) -> tuple[str, str] | None:
    """How an option is written, and what it does; None for one that is not shown."""
    shown = param.get_help_record(ctx)
    if shown is None:
        return None
    english: str = getattr(param, "help", None) or ""
    if isinstance(param, click.Argument) and not english:
        return None  # the line of usage has it
    rest = shown[1].removeprefix(english)
    rest = rest.replace("default: ", _("default: ")).replace("required", _("required"))
    return placeholders(shown[0]), _(english) + rest


class Helpful(click.Command):
    """A command whose help is in the reader's language and leaves by the one output module."""

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """`Usage: desk item show [OPTIONS] ITEM`."""
        pieces = placeholders(" ".join(self.collect_usage_pieces(ctx)))
        formatter.write_usage(ctx.command_path, pieces, _("Usage: "))

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """What the command does."""
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_text(help_text(self))

    def first_sentence(self) -> str:
        """What the list of a noun's verbs says of it."""
        paragraph = " ".join(help_text(self).partition("\n\n")[0].split())
        return _SENTENCE_END.split(paragraph, maxsplit=1)[0]

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The examples: commands stand as they are, the words beside them are translated."""
        if not self.epilog:
            return
        text = _HEADING.sub(lambda met: _(met[1]), inspect.cleandoc(self.epilog))
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_text(_COMMENT.sub(lambda met: met[1] + met[2] + _(met[3]), text))


# What click says about a command that it cannot read: its words, and the same as a phrase of ours.
_OF_CLICK = (
    (r"Invalid value for (?P<name>.+?): (?P<why>.+)", N_("Invalid value for {name}: {why}")),
    (r"(?P<value>.+) is not one of (?P<choices>.+)", N_("{value} is not one of {choices}")),
    (r"(?P<value>.+) is not a valid integer", N_("{value} is not a whole number")),
    (r"(?P<value>.+) is not a valid float", N_("{value} is not a number")),
    (r"(?P<value>.+) is not a valid (?:integer|float) range", N_("{value} is not a number")),
    (r"(?P<value>.+) is not in the range (?P<range>.+)", N_("{value} is not within {range}")),
    (r"(?P<value>.+) does not match the formats? (?P<range>.+)",
     N_("{value} is not written as {range}")),
    (r"Option (?P<name>.+) requires an argument", N_("Option {name} needs a value")),
    (r"Option (?P<name>.+) requires (?P<count>\d+) arguments",
     N_("Option {name} needs {count} values")),
    (r"Option (?P<name>.+) does not take a value", N_("Option {name} takes no value")),
    (r"Got unexpected extra arguments? \((?P<words>.+)\)", N_("Too much was given: {words}")),
    (r"Argument (?P<name>.+) takes (?P<count>\d+) values",
     N_("Argument {name} takes {count} values")),
    (r"(?:File|Path) (?P<path>'.*') does not exist", N_("There is no file {path}")),
    (r"Directory (?P<path>'.*') does not exist", N_("There is no folder {path}")),
    (r"File (?P<path>'.*') is a directory", N_("{path} is a folder, not a file")),
    (r"Directory (?P<path>'.*') is a file", N_("{path} is a file, not a folder")),
    (r"(?:File|Path|Directory) (?P<path>'.*') is not readable", N_("{path} cannot be read")),
    (r"(?:File|Path|Directory) (?P<path>'.*') is not writable", N_("{path} cannot be written")),
)  # fmt: skip


def of_click(message: str) -> str:
    """A sentence of click as a phrase; one that is not known stays in its own words."""
    from desk.phrase import phrase

    message = message.strip().rstrip(".")
    for pattern, template in _OF_CLICK:
        met = re.fullmatch(pattern, message, re.DOTALL)
        if met is not None:
            values = {key: of_click(text) if key == "why" else text
                      for key, text in met.groupdict().items()}  # fmt: skip
            return phrase(template, **values)
    return message
