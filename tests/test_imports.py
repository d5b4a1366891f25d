"""What must not be imported: the wall between the screens and the rest, and a quick start."""

from __future__ import annotations

import ast
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
HEAVY = {
    "textual",
    "sqlmodel",
    "sqlalchemy",
    "httpx",
    "cryptography",
    "pydantic",
    "alembic",
    "jinja2",
}


def loaded_by(statement: str) -> set[str]:
    """The top-level modules that a fresh Python has after that statement."""
    tell = "print(*sorted({name.split('.')[0] for name in sys.modules}))"
    code = f"import sys\n{statement}\n{tell}"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return set(done.stdout.split())


def modules_of(package: str) -> list[str]:
    """Every module below a package, by its dotted name."""
    names = []
    for path in sorted((ROOT / package).rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        if parts[-1] == "__main__" or "versions" in parts:
            continue
        names.append(".".join(parts[:-1] if parts[-1] == "__init__" else parts))
    return names


@pytest.mark.parametrize("package", ["desk", "models"])
def test_nothing_outside_the_screens_imports_textual(package: str) -> None:
    skip = {"desk.cli.app", "desk.store.migrations.env"}  # opens the app; run by alembic alone
    names = [name for name in modules_of(package) if name not in skip]
    loaded = loaded_by(f"import importlib\nfor name in {names!r}: importlib.import_module(name)")
    assert not loaded & {"textual", "screens"}


def test_the_command_line_starts_light() -> None:
    pytest.importorskip("desk.cli")
    assert not loaded_by("import desk.cli") & HEAVY


def test_the_words_of_the_interface_need_nothing_but_the_standard_library() -> None:
    statement = "from desk.locales import set_language, _; set_language('vi'); _('released')"
    assert not loaded_by(statement) & {*HEAVY, "babel", "yaml", "click"}


def test_a_text_is_checked_without_keys_and_without_a_database() -> None:
    statement = (
        "from desk.terms.check import check\nfrom desk.terms.termbase import shipped\n"
        "assert check('Tổng bí thư đến.', shipped(), language='vi')"
    )
    assert not loaded_by(statement) & HEAVY


def test_what_the_screens_show_can_be_made_without_textual() -> None:
    """The adapter over the verbs lives below the screens' wall only by this file."""
    assert "textual" not in loaded_by("from screens.source import Source")


def test_every_name_of_what_the_screens_show_is_found_where_it_is_said_to_be() -> None:
    """A type checker reads one list, the running program another."""
    from screens import source

    tree = ast.parse(Path(source.__file__).read_text("utf-8"))
    told = {
        alias.name: node.module
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("screens.source.")
        for alias in node.names
    }
    assert len(told) > 20
    for name, module in told.items():
        assert getattr(source, name) is getattr(import_module(str(module)), name)
    with pytest.raises(AttributeError, match="Nothing"):
        source.Nothing  # noqa: B018


def test_the_first_picture_needs_the_views_of_its_own_room_only() -> None:
    code = (
        "import sys, screens.app, screens.opening, screens.rooms.calendar_room\n"
        "print(*sorted(name for name in sys.modules if name.startswith('screens.source.')))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    loaded = {name.removeprefix("screens.source.") for name in done.stdout.split()}
    assert "calendar_room" in loaded
    assert not loaded & {"whole", "item_room", "release_room", "queue_room", "terms_room"}
