"""What belongs to one person on one machine: `settings.yaml` in the user's configuration folder.

    language: vi                # the interface: vi or en; without it the locale decides
    person: editor-tk           # whose key commands use when --key is not given
    theme: light                # dark, light, contrast or safe
    keys: {approve: f8}         # an action of the desk and the key that does it
    input_method: telex         # what you type Vietnamese with: telex or vni
    idle_minutes: 10            # hide all text after so long without a key press; 0 is never
    key_store: auto             # auto, keyring (the system's) or file (under a passphrase)
    key_folder: ~/desk-keys     # where key files lie
    database: sqlite:////srv/desk/desk.db

Nothing here can weaken the embargo: what guards releases is signed, and elsewhere.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

from desk.errors import ConfigError, Problem, Unavailable, UsageError
from desk.phrase import Phrase, phrase
from desk.text import nfc, one_line

if TYPE_CHECKING:
    from yaml.nodes import MappingNode, Node

KeyStoreChoice = Literal["auto", "keyring", "file"]
FILE = "settings.yaml"
LARGEST = 65_536
PERSON = re.compile(r"(?=.{1,64}\Z)[a-z0-9]+(?:-[a-z0-9]+)*")
"""How ids of newsrooms and persons are spelled. They become names in keyrings and of files."""


@dataclass(frozen=True)
class Settings:
    """The settings as read; every field has a default, which an absent file means."""

    language: str | None = None
    person: str | None = None
    theme: str = "dark"
    keys: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    input_method: Literal["telex", "vni"] = "telex"
    idle_minutes: int = 10
    key_store: KeyStoreChoice = "auto"
    key_folder: Path | None = None
    database: str | None = field(default=None, repr=False)  # may name a password


def config_folder() -> Path:
    """Where this user's configuration lies (XDG Base Directory Specification on Linux)."""
    return _user_folder("XDG_CONFIG_HOME", ".config")


def state_folder() -> Path:
    """Where what a program remembers between runs lies: crash reports, histories."""
    return _user_folder("XDG_STATE_HOME", ".local/state")


def load(path: Path | None = None) -> Settings:
    """Read the settings. An absent file means the defaults.

    Raises ConfigError with every problem and its line; Unavailable when the file cannot be read.
    """
    path = path or config_folder() / FILE
    try:
        with path.open("rb") as file:
            raw = file.read(LARGEST + 1)
    except FileNotFoundError:
        return Settings()
    except OSError as error:
        raise Unavailable("Cannot read the settings", f"{path}: {error.strerror}") from None
    reader = _Reader()
    values = reader.read(raw)
    if reader.problems:
        problems = sorted(reader.problems, key=lambda each: (each.line, each.column))
        found = ConfigError(str(path), problems)
        found.hint = "Mend the lines named above, or move the file away to start with defaults"
        raise found
    return Settings(**values)


def _user_folder(variable: str, below_home: str) -> Path:
    named = os.environ.get(variable, "")
    if os.path.isabs(named):  # the specification ignores relative ones
        return Path(named) / "desk"
    if sys.platform == "win32":
        return Path(os.environ.get("APPDATA") or Path.home()) / "desk"
    return Path.home() / below_home / "desk"


def _one_of(*choices: str) -> Callable[[Any], str]:
    def check(value: Any) -> str:
        if value not in choices:
            raise ValueError(phrase("one of: {names}", names=", ".join(choices)))
        return str(value)

    return check


def _person(value: Any) -> str:
    if not isinstance(value, str) or not PERSON.fullmatch(value):
        raise ValueError(phrase("the id of a person in the roster, such as editor-tk"))
    return value


def _minutes(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= 1440:
        raise ValueError(phrase("whole minutes from 0 (never) to 1440"))
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError(phrase("some text"))
    return nfc(value)


def _folder(value: Any) -> Path:
    folder = Path(_text(value)).expanduser()
    if not folder.is_absolute():
        raise ValueError(phrase("a folder from the root or from ~"))
    return folder


def _keys(value: Any) -> Mapping[str, str]:
    if not isinstance(value, dict) or not all(
        isinstance(part, str) and part for pair in value.items() for part in pair
    ):
        raise ValueError(
            phrase("actions and their keys, such as {example}", example="{approve: f8}")
        )
    return MappingProxyType({nfc(action): nfc(key) for action, key in value.items()})


CHECKS: Mapping[str, Callable[[Any], Any]] = {
    "language": _one_of("vi", "en"),
    "person": _person,
    "theme": _one_of("dark", "light", "contrast", "safe"),
    "keys": _keys,
    "input_method": _one_of("telex", "vni"),
    "idle_minutes": _minutes,
    "key_store": _one_of("auto", "keyring", "file"),
    "key_folder": _folder,
    "database": _text,
}
"""Each setting and what checks it: takes the YAML value, raises ValueError saying what it wants."""


class _Reader:
    """Reads the YAML nodes with their places, gathering problems instead of stopping."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def read(self, raw: bytes) -> dict[str, Any]:
        import yaml

        if len(raw) > LARGEST:
            self.problems.append(
                Problem(1, 1, phrase("larger than {most} KiB", most=LARGEST // 1024))
            )
            return {}
        try:
            for event in yaml.parse(raw, Loader=yaml.SafeLoader):
                if isinstance(event, yaml.AliasEvent):
                    self._at(
                        event.start_mark,
                        phrase("an alias, {found}", found=f"*{event.anchor}"),
                        phrase("Write the value out"),
                    )
            # Composing follows aliases, so it waits until there are none.
            root = None if self.problems else yaml.compose(raw, Loader=yaml.SafeLoader)
        except yaml.YAMLError as error:
            what = getattr(error, "problem", None) or phrase("not YAML in UTF-8")
            self._at(getattr(error, "problem_mark", None), what, "")
            return {}
        if root is None:
            return {}
        if not isinstance(root, yaml.MappingNode):
            self._at(
                root.start_mark,
                phrase("not a list of settings"),
                phrase("Write lines like: language: vi"),
            )
            return {}
        return self._settings(root)

    def _settings(self, root: MappingNode) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for name_node, node in root.value:
            name = str(name_node.value)
            check = CHECKS.get(name)
            if check is None:
                self._at(
                    name_node.start_mark,
                    phrase("unknown setting: {name}", name=one_line(name, 40)),
                    _near(name),
                )
            elif name in values:
                self._at(
                    name_node.start_mark,
                    phrase("{name} is there twice", name=name),
                    phrase("Keep one of them"),
                )
            else:
                values[name] = self._value(name, node, check)
        return values

    def _value(self, name: str, node: Node, check: Callable[[Any], Any]) -> Any:
        import yaml

        if isinstance(node, yaml.MappingNode):
            seen: set[str] = set()
            for key_node, _ in node.value:
                if str(key_node.value) in seen:
                    self._at(
                        key_node.start_mark,
                        phrase("{name} is there twice", name=key_node.value),
                        "",
                    )
                seen.add(str(key_node.value))
        loader = yaml.SafeLoader("")
        try:
            return check(loader.construct_document(node))
        except (ValueError, TypeError, UsageError, yaml.YAMLError) as error:
            said = error.args[0] if isinstance(error, ValueError) and error.args else ""
            wanted = said if isinstance(said, Phrase) else phrase("a plain value")
            what = phrase("{name}: wants {wanted}", name=name, wanted=wanted)
            self._at(node.start_mark, what, "")
            return None
        finally:
            loader.dispose()

    def _at(self, mark: Any, what: str, hint: str) -> None:
        line = mark.line + 1 if mark is not None else 1
        column = mark.column + 1 if mark is not None else 1
        self.problems.append(Problem(line, column, what, hint))


def _near(name: str) -> str:
    from difflib import get_close_matches

    near = get_close_matches(name, CHECKS, 1)
    if near:
        return phrase("Did you mean '{meant}'?", meant=near[0])
    return phrase("Known settings: {listed}", listed=", ".join(CHECKS))
