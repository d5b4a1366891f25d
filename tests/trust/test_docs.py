"""docs/trust.md names tests that exist."""

from __future__ import annotations

import re
from pathlib import Path

HERE = Path(__file__).parent
PAGE = (HERE.parent.parent / "docs" / "trust.md").read_text(encoding="utf-8")


def test_every_test_that_the_threat_model_names_exists() -> None:
    named = re.findall(r"`(test_\w+\.py)(?:::(test_attack_\d+_)…)?`", PAGE)
    assert len(named) > 20
    for file, prefix in named:
        text = (HERE / file).read_text(encoding="utf-8")
        assert f"def {prefix}" in text, (file, prefix)


def test_the_limits_are_named() -> None:
    assert "has not been audited by outsiders" in PAGE
