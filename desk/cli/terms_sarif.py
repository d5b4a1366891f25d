"""Findings as SARIF 2.1.0 (OASIS), which code hosts and editors read."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from desk.locales import language, told
from desk.terms.finding import Lines

if TYPE_CHECKING:
    from desk.cli.terms_report import Checked
    from desk.terms.finding import Finding

SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"
ROOT: Final = "SRCROOT"
"""Stands for the folder where the check was run; whoever reads the log knows where that lies."""
_LEVELS: Final = {"error": "error", "warning": "warning", "info": "note"}


def sarif(checked: Iterable[Checked], version: str) -> dict[str, Any]:
    """The log of one run. Lines and columns count from 1, columns in code points, ends excluded.

    A file that could not be read is a notification of the invocation, which then did not succeed.
    """
    results: list[dict[str, Any]] = []
    rules: dict[str, dict[str, Any]] = {}
    places: dict[str, int] = {}
    notices: list[dict[str, Any]] = []
    artifacts: list[dict[str, Any]] = []
    for one in checked:
        where = {**_location(one.file.name), "index": len(artifacts)}
        artifacts.append({"location": _location(one.file.name)})
        if one.file.problem:
            notices.append(_notice(one, where))
        lines = Lines(one.file.text)
        for finding in one.findings:
            rules.setdefault(finding.entry, _rule(finding))
            index = places.setdefault(finding.entry, len(places))
            results.append(_result(finding, index, where, lines))
    driver = {"name": "desk terms", "version": version, "rules": list(rules.values())}
    run = {
        "tool": {"driver": driver},
        "language": language(),
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {ROOT: {"description": {"text": "Where the check was run"}}},
        "artifacts": artifacts,
        "results": results,
        "invocations": [
            {"executionSuccessful": not notices, "toolExecutionNotifications": notices}
        ],
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(finding: Finding) -> dict[str, Any]:
    return {
        "id": finding.entry,
        "shortDescription": {"text": finding.rule},
        "help": {"text": finding.source},
    }


def _result(finding: Finding, index: int, where: dict[str, Any], lines: Lines) -> dict[str, Any]:
    line, column = lines.place(finding.end)
    region = {
        "startLine": finding.line, "startColumn": finding.column,
        "endLine": line, "endColumn": column,
        "charOffset": finding.start, "charLength": finding.end - finding.start,
    }  # fmt: skip
    result: dict[str, Any] = {
        "ruleId": finding.entry,
        "ruleIndex": index,
        "level": _LEVELS[finding.severity],
        "message": {"text": finding.said(language())},
        "locations": [{"physicalLocation": {"artifactLocation": where, "region": region}}],
    }
    if finding.suggestions:
        result["fixes"] = [_fix(text, where, region) for text in finding.suggestions]
    return result


def _fix(text: str, where: dict[str, Any], region: dict[str, int]) -> dict[str, Any]:
    replacement = {"deletedRegion": region, "insertedContent": {"text": text}}
    change = {"artifactLocation": where, "replacements": [replacement]}
    return {"description": {"text": text or "-"}, "artifactChanges": [change]}


def _notice(one: Checked, where: dict[str, Any]) -> dict[str, Any]:
    problem = one.file.problem
    assert problem is not None
    region = {"startLine": problem.line, "startColumn": problem.column}
    return {
        "level": "error",
        "message": {"text": told(problem.what)},
        "locations": [{"physicalLocation": {"artifactLocation": where, "region": region}}],
    }


def _location(name: str) -> dict[str, str]:
    """The address of a file (RFC 3986): below the folder of the run, or absolute."""
    path = os.path.relpath(name) if name != "-" else name
    if path == ".." or path.startswith(".." + os.sep):
        return {"uri": "file://" + quote(os.fsencode(Path(name).absolute()), safe="/-._~")}
    parts = quote(os.fsencode(path.replace(os.sep, "/")), safe="/-._~")
    return {"uri": parts, "uriBaseId": ROOT}
