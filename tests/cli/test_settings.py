"""settings.yaml: defaults, strictness with places, and where it lies."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.errors import ConfigError, Problem
from desk.settings import CHECKS, Settings, config_folder, load, state_folder


def written(folder: Path, text: str | bytes) -> Path:
    path = folder / "settings.yaml"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def problems_of(path: Path) -> tuple[Problem, ...]:
    """What `load` complains about; nothing when it reads the file."""
    try:
        load(path)
    except ConfigError as error:
        return error.problems
    return ()


def test_an_absent_or_empty_file_means_the_defaults(tmp_path: Path) -> None:
    assert load(tmp_path / "none.yaml") == Settings()
    assert load(written(tmp_path, "# nothing\n")) == Settings()


def test_every_setting_is_read(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        "language: vi\nperson: editor-tk\ntheme: light\nkeys: {approve: f8}\nidle_minutes: 0\n"
        "key_store: file\nkey_folder: /srv/keys\ndatabase: postgresql://desk:word@127.0.0.1/desk\n",
    )
    read = load(path)
    assert (read.language, read.person, read.theme, read.idle_minutes) == (
        "vi", "editor-tk", "light", 0,
    )  # fmt: skip
    assert dict(read.keys) == {"approve": "f8"}
    assert (read.key_store, read.key_folder) == ("file", Path("/srv/keys"))
    assert read.database == "postgresql://desk:word@127.0.0.1/desk"
    assert "word" not in repr(read)
    with pytest.raises(TypeError):
        read.keys["approve"] = "f9"  # type: ignore[index]


def test_every_problem_is_told_with_its_line_in_one_run(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        "languge: vi\ntheme: green\nidle_minutes: many\nperson: Editor TK\nkey_folder: keys\n"
        "theme: dark\nkeys: [f8]\ndatabase: ''\n",
    )
    with pytest.raises(ConfigError) as caught:
        load(path)
    problems = caught.value.problems
    assert [problem.line for problem in problems] == [1, 2, 3, 4, 5, 6, 7, 8]
    assert problems[0].hint == "Did you mean 'language'?"
    assert "dark, light, contrast" in problems[1].what
    assert "twice" in problems[5].what
    assert str(path) in caught.value.message


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("theme: dark\nkeys: &a {x: y}\nperson: *a\n", 3),
        ("- theme\n", 1),
        ("theme: [dark\n", 2),
        ("keys: {a: f1, a: f2}\n", 1),
        ("theme: !!python/object:os.system x\n", 1),
        ("idle_minutes: true\n", 1),
        ("\x07\n", 1),
        (b"theme: \xff\n", 1),
        ("#" * 70_000, 1),
    ],
)
def test_odd_yaml_is_refused_with_its_place(tmp_path: Path, text: str | bytes, line: int) -> None:
    with pytest.raises(ConfigError) as caught:
        load(written(tmp_path, text))
    assert caught.value.problems[0].line == line
    assert "settings.yaml" in caught.value.title
    assert "newsroom check" not in caught.value.hint


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_no_file_breaks_the_reader(tmp_path_factory: pytest.TempPathFactory, raw: bytes) -> None:
    path = written(tmp_path_factory.mktemp("any"), raw)
    assert all(problem.line >= 1 and problem.column >= 1 for problem in problems_of(path))


@given(
    st.sampled_from(sorted(CHECKS)), st.sampled_from(["1", "[]", "{}", "null", "''", "2026-01-01"])
)
def test_no_value_breaks_a_check(
    tmp_path_factory: pytest.TempPathFactory, name: str, value: str
) -> None:
    path = written(tmp_path_factory.mktemp("any"), f"{name}: {value}\n")
    assert all(problem.line == 1 for problem in problems_of(path))


def test_folders_follow_the_xdg_specification(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert (config_folder(), state_folder()) == (home / "config/desk", home / "state/desk")
    monkeypatch.setenv("XDG_CONFIG_HOME", "relative/is/ignored")
    monkeypatch.delenv("XDG_STATE_HOME")
    assert (config_folder(), state_folder()) == (home / ".config/desk", home / ".local/state/desk")
