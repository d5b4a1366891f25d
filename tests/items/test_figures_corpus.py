"""Figures and legal citations: what a careful editor would mark in Vietnamese and English."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
import yaml

from desk.items.figures import figures
from desk.items.legal import legal_citations

CORPUS = yaml.safe_load(
    (Path(__file__).parent.parent / "data" / "figures.yaml").read_text(encoding="utf-8")
)


@pytest.mark.parametrize(("language", "text", "expected", "citations"), CORPUS)
def test_finds_exactly_the_figures(
    language: str, text: str, expected: list[str], citations: list[str]
) -> None:
    found = figures(text, language)
    assert [figure.text for figure in found] == expected
    assert all(text[figure.start : figure.end] == figure.text for figure in found)


@pytest.mark.parametrize(("language", "text", "expected", "citations"), CORPUS)
def test_finds_exactly_the_citations(
    language: str, text: str, expected: list[str], citations: list[str]
) -> None:
    assert [cited.text for cited in legal_citations(text, language)] == citations


@pytest.mark.parametrize(("language", "text", "expected", "citations"), CORPUS)
def test_decomposed_text_gives_the_same_figures(
    language: str, text: str, expected: list[str], citations: list[str]
) -> None:
    decomposed = unicodedata.normalize("NFD", text)
    assert [figure.text for figure in figures(decomposed, language)] == expected


def test_the_corpus_is_large_enough_to_mean_something() -> None:
    assert len(CORPUS) >= 120
    assert len({text for _, text, _, _ in CORPUS}) == len(CORPUS)
