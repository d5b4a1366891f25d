"""Questions that commands ask: yes and no are understood in both languages, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator

import click
import pytest

from desk.cli.telling import confirmed
from desk.locales import set_language


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    yield
    set_language("en")


def _answers(monkeypatch: pytest.MonkeyPatch, *typed: str) -> list[str]:
    asked: list[str] = []
    left = list(typed)

    def prompt(text: str, **_: object) -> str:
        asked.append(text)
        return left.pop(0)

    monkeypatch.setattr(click, "prompt", prompt)
    return asked


@pytest.mark.parametrize("typed", ["y", "YES", "c", "có", "Co", "co\u0301"])
def test_yes_is_understood_in_both_languages(monkeypatch: pytest.MonkeyPatch, typed: str) -> None:
    _answers(monkeypatch, typed)
    assert confirmed("Sign?")


@pytest.mark.parametrize("typed", ["n", "No", "k", "không", "KHONG"])
def test_no_is_understood_in_both_languages(monkeypatch: pytest.MonkeyPatch, typed: str) -> None:
    _answers(monkeypatch, typed)
    assert not confirmed("Sign?", usual=True)


def test_enter_alone_is_what_the_question_says(monkeypatch: pytest.MonkeyPatch) -> None:
    set_language("vi")
    asked = _answers(monkeypatch, "", "")
    assert not confirmed("Ký?")
    assert confirmed("Ký?", usual=True)
    assert asked == ["Ký? [c/K]", "Ký? [C/k]"]


def test_anything_else_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = _answers(monkeypatch, "yep", "cong", "n")
    assert not confirmed("Sign?", usual=True)
    assert len(asked) == 3
