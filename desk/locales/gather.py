"""Gathering: the sentences that errors, refusals and findings say, read from the code itself.

`_()`, `N_()` and `ngettext()` are gathered by Babel. Errors and reasons need no mark: what stands
in their titles, messages, hints and explanations is text for people by what it is. A name that
stands there is followed to where the same function, or the module, gives it a text.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ERRORS = frozenset(
    {"DeskError", "UsageError", "Refused", "NotFound", "Conflict", "Unavailable", "TrustError",
     "CanonicalError", "Void", "Stopped", "BadValue", "NotSent", "Crash", "FencedOff",
     "OtherRoster"}
)  # fmt: skip
ENGLISH = (
    "desk/trust/acts", "desk/trust/canonical.py", "desk/trust/envelope.py", "desk/trust/policy.py",
    "desk/trust/press.py", "screens/sample/",
)  # fmt: skip
"""Beginnings of paths whose errors stay English: they tell programmers which bytes are malformed,
or belong to a sample for tests. All else is told in the reader's language."""
REASONS = frozenset({"Reason", "Why", "because"})
PLACED = {
    "Problem": slice(0, 4), "Found": slice(1, 3), "amiss": slice(1, 3), "saying": slice(0, 2),
    "lose": slice(1, 2), "Loss": slice(1, 2), "NotWords": slice(0, 1), "unreadable": slice(3, 5),
    "_unreadable": slice(0, 2),
}  # fmt: skip
"""What is wrong at a place of a file: which arguments say it."""
HEADED = frozenset({"Table", "Column", "Fields"})
"""What a command prints for people: headings and labels, which `desk.cli.output` translates."""
PAIRS = "list[tuple[str, object]]"
"""The type of labels with values that are put together before they are shown."""
PHRASES = frozenset({"phrase", "malformed"})
SPOKEN = ("title", "message", "hint", "text")
_LETTERS = re.compile(r"[^\W\d_]{2}")
_FIELD = re.compile(r"\{[^{}]*\}")
Scope = dict[str, list[ast.expr]]


@dataclass(frozen=True)
class Said:
    """One text for people: its template and line. `mute`: an f-string, which nobody can translate
    since its words are lost when it is made; it has to be `phrase("…", name=value)`.
    """

    text: str
    line: int
    mute: bool = False


def words_in(template: str) -> bool:
    """Whether anything in a template is left to translate besides its values."""
    return _LETTERS.search(_FIELD.sub("", template)) is not None


def said(source: str) -> list[Said]:
    """Every text for people in a module's source, each once, in order of lines."""
    tree = ast.parse(source)
    found: dict[tuple[str, bool], Said] = {}
    for text in _in_scope(tree, _assigned(tree)):
        if words_in(text.text):
            found.setdefault((text.text, text.mute), text)
    return sorted(found.values(), key=lambda one: one.line)


def said_under(folder: Path) -> Iterator[tuple[Path, Said]]:
    """The same for every module of a folder, or for one file."""
    for path in sorted(folder.rglob("*.py")) if folder.is_dir() else [folder]:
        for one in said(path.read_text("utf-8")):
            yield path, one


def covered(root: Path) -> Iterator[tuple[Path, Said]]:
    """Every text of what is covered. `root`: the folder that `desk` lies in."""
    for path, one in (*said_under(root / "desk"), *said_under(root / "screens")):
        if not path.relative_to(root).as_posix().startswith(ENGLISH):
            yield path, one


def _in_scope(scope: ast.AST, names: Scope) -> Iterator[Said]:
    """Texts of a module or function; functions inside it see its names, and hide them."""
    for node in _own(scope):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield from _in_scope(node, names | _assigned(node))
        elif isinstance(node, ast.AnnAssign) and ast.unparse(node.annotation) == PAIRS:
            if node.value is not None:
                for label in _labels(node.value, names):
                    yield from _texts(label, names)
        elif isinstance(node, ast.Assign) and _mended(node):
            yield from _texts(node.value, names)
        elif isinstance(node, ast.Call):
            for argument in _spoken(node, names):
                yield from _texts(argument, names)


def _mended(assign: ast.Assign) -> bool:
    """Whether it gives an error another text: `error.hint = …`."""
    return any(isinstance(to, ast.Attribute) and to.attr in SPOKEN[:3] and
               getattr(to.value, "id", "self") != "self" for to in assign.targets)  # fmt: skip


def _own(scope: ast.AST) -> Iterator[ast.AST]:
    """The nodes of a scope, without those inside the functions that it defines."""
    for child in ast.iter_child_nodes(scope):
        yield child
        if not isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield from _own(child)


def _assigned(scope: ast.AST) -> Scope:
    """What each name of a scope is given, by plain assignments and defaults of parameters."""
    found: Scope = {}
    for node in _own(scope):
        if isinstance(node, (ast.Assign, ast.AnnAssign, ast.NamedExpr)) and node.value is not None:
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for target in targets:
                _give(found, target, node.value)
    return found


def _give(found: Scope, target: ast.expr, value: ast.expr) -> None:
    if isinstance(target, ast.Name):
        found.setdefault(target.id, []).append(value)
    elif isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
        for one, given in zip(target.elts, value.elts, strict=False):
            _give(found, one, given)


def _spoken(call: ast.Call, names: Scope) -> Iterator[ast.expr]:
    """The arguments of a call that people read."""
    function, name = call.func, _called(call)
    if name in ERRORS:
        # The middle of NotSent is a code for programs.
        yield from call.args[:3:2] if name == "NotSent" else call.args[:3]
        yield from (word.value for word in call.keywords if word.arg in SPOKEN)
    elif name in REASONS:
        yield from call.args[1:2]
        yield from (word.value for word in call.keywords if word.arg in ("text", "template"))
    elif name == "agreed":  # the question that a command asks
        yield from call.args[1:2]
    elif name in PLACED:
        yield from call.args[PLACED[name]]
        yield from (word.value for word in call.keywords if word.arg in ("what", "hint"))
    elif name == "require":  # a verdict's: the title of what is refused
        yield from call.args[:1]
    elif name == "finding":
        yield from (word.value for word in call.keywords if word.arg == "hint")
    elif name in HEADED:
        yield from _headings(call, names)
    elif name in PHRASES or (name in ("say", "warn") and _is_output(function)):
        yield from call.args[:1]


def _headings(call: ast.Call, names: Scope) -> Iterator[ast.expr]:
    """The headings of a table, or the labels of fields: the first of each pair.

    Tables and columns of the database, which have types, are told apart by their arguments.
    """
    shown, more = call.args[:1], call.args[1:]
    for value in shown:
        if isinstance(value, ast.Constant):
            if any(isinstance(one, ast.Constant) for one in more) or (call.keywords and not more):
                yield value
        else:
            yield from _labels(value, names)


def _labels(value: ast.expr, names: Scope, depth: int = 0) -> Iterator[ast.expr]:
    """What a list of headings, or of pairs of label and value, names; followed where it is made."""
    if isinstance(value, (ast.List, ast.Tuple)):
        for one in value.elts:
            if isinstance(one, ast.Tuple) and one.elts:
                yield one.elts[0]
            elif isinstance(one, ast.Constant):
                yield one
            elif isinstance(one, ast.Starred):
                yield from _labels(one.value, names, depth)
    elif isinstance(value, ast.IfExp):
        yield from _labels(value.body, names, depth)
        yield from _labels(value.orelse, names, depth)
    elif isinstance(value, ast.ListComp | ast.GeneratorExp):
        made = value.elt.elts[0] if isinstance(value.elt, ast.Tuple) else value.elt
        if isinstance(made, ast.Call) and _called(made) == "Column":
            made = made.args[0]
        if isinstance(made, ast.Name):
            yield from _labels(value.generators[0].iter, names, depth)
        elif isinstance(made, ast.Constant):
            yield made
    elif isinstance(value, ast.Name) and depth < 3:
        for given in names.get(value.id, ()):
            yield from _labels(given, names, depth + 1)


def _called(call: ast.Call) -> str:
    """The name of what is called: `say` of `run.out.say(…)`."""
    return str(getattr(call.func, "attr", getattr(call.func, "id", "")))


def _is_output(function: ast.expr) -> bool:
    """Whether it is a method of the one output module: `run.out.say(…)`."""
    owner = function.value if isinstance(function, ast.Attribute) else None
    return isinstance(owner, ast.Attribute) and owner.attr == "out"


def _texts(value: ast.expr, names: Scope, depth: int = 0) -> Iterator[Said]:
    """The texts that an expression may come to."""
    if isinstance(value, ast.Constant) and isinstance(value.value, str):
        yield Said(value.value, value.lineno)
    elif isinstance(value, ast.JoinedStr):
        fixed = [part.value for part in value.values if isinstance(part, ast.Constant)]
        yield Said(" {} ".join(map(str, fixed)), value.lineno, mute=True)
    elif isinstance(value, ast.BinOp) and isinstance(value.op, ast.Add):
        for side in (value.left, value.right):
            for one in _texts(side, names, depth):
                yield Said(one.text, one.line, mute=True)
    elif isinstance(value, ast.IfExp):
        for branch in (value.body, value.orelse):
            yield from _texts(branch, names, depth)
    elif isinstance(value, ast.BoolOp):
        for operand in value.values:
            yield from _texts(operand, names, depth)
    elif isinstance(value, ast.Name) and depth < 3:
        for given in names.get(value.id, ()):
            yield from _texts(given, names, depth + 1)
