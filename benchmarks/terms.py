"""The terminology checker: building, articles, a corpus, a paragraph, memory; textlint beside it.

Terms are made up from syllables (a fixed seed), texts from the sentences of tests/data/terms, so
that nothing is measured twice on the same article.
"""

from __future__ import annotations

import json
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import unicodedata
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from benchmarks.measure import Figure, median_ms, timed
from desk.items.number_words import words
from desk.terms.check import check
from desk.terms.entry import Citation, Entry, Form, Source
from desk.terms.live import Live
from desk.terms.termbase import Termbase, shipped

DATA = Path(__file__).resolve().parents[1] / "tests" / "data" / "terms"
DAY = date(2026, 11, 20)
ARTICLE = 5_000  # bytes of UTF-8
CORPUS = 10_000_000
SYLLABLES = sorted(
    words(
        """an bao công dân dương giao hà huy khoa kinh lao luật minh nam nghị ngân phát phòng quyết
        quốc sách sản tài thành thông tin tổ trung ương viện xã đảng đoàn đồng định ủy ban bộ sở
        cục vụ chính phủ hội nông lâm thủy điện nước môi trường y tế giáo dục đào tạo việc làm vốn
        đầu tư"""
    )
)


def made_up(count: int) -> Termbase:
    """A termbase of so many entries, each with a right and a wrong form, over the shipped ones."""
    dice = random.Random(7)
    source = Citation(Source("S", "Quy ước", "1"))
    entries = list(shipped().entries[:count])
    known = {form.text.casefold() for entry in entries for form in entry.forms}
    while len(entries) < count:
        name = [dice.choice(SYLLABLES) for _ in range(dice.choice((2, 3, 3, 4, 5)))]
        wrong = " ".join(name).capitalize()
        if wrong.casefold() in known:
            continue
        known.add(wrong.casefold())
        right = wrong + " mới" if dice.random() < 0.3 else " ".join(map(str.capitalize, name))
        forms = (Form(right, "preferred"), Form(wrong, "deprecated"))
        entries.append(Entry(f"e{len(entries)}", "vi", forms, "Quy tắc.", source))
    return Termbase(entries)


def sentences() -> tuple[list[str], list[tuple[str, str, str]]]:
    """Clean Vietnamese sentences; planted errors as language, sentence, wrong form."""
    clean = yaml.safe_load((DATA / "clean.yaml").read_text("utf-8"))
    planted = yaml.safe_load((DATA / "planted.yaml").read_text("utf-8"))
    rows = [(language, row[0], row[1]) for language, found in planted.items() for row in found]
    return [str(one) for one in clean["vi"]], rows


def text_of(size: int, seed: int = 1) -> str:
    """News of so many bytes: paragraphs of four sentences, one in thirty with an error."""
    clean, planted = sentences()
    wrong = [text for language, text, _ in planted if language == "vi"]
    dice = random.Random(seed)
    parts: list[str] = []
    length = 0
    while length < size:
        chosen = [dice.choice(wrong if dice.random() < 1 / 30 else clean) for _ in range(4)]
        parts.append(" ".join(chosen))
        length += len(parts[-1].encode()) + 2
    text = "\n\n".join(parts)
    while len(text.encode()) > size:
        text = text[: -max(1, (len(text.encode()) - size) // 3)]
    return text


def run(quick: bool) -> list[Figure]:
    """All figures of the checker."""
    return [*_speed(5_000, quick), *_speed(50_000, quick), _memory(), *_beside(quick)]


def _speed(count: int, quick: bool) -> list[Figure]:
    termbase = made_up(count)
    rounds = 5 if quick else 15
    name = f"terms, {count:,}"
    build = median_ms(lambda: Termbase(termbase.entries).matcher("vi"), rounds)
    articles = [text_of(ARTICLE, seed) for seed in range(40 if quick else 200)]
    fresh = [timed(lambda text=text: _check(text, termbase)) for text in articles[1:]]  # type: ignore[misc]
    figures = [
        Figure(f"{name}: build", build, "ms", 50.0 if count == 5_000 else 500.0),
        Figure(f"{name}: an article of 5 KB, median of {len(fresh)} fresh ones",
               statistics.median(fresh), "ms", 1.0 if count == 5_000 else 1.5),
    ]  # fmt: skip
    if count > 5_000:
        return figures
    decomposed = [unicodedata.normalize("NFD", text) for text in articles[1:]]
    slow = statistics.median(timed(lambda text=text: _check(text, termbase)) for text in decomposed)  # type: ignore[misc]
    corpus = text_of(CORPUS // 10 if quick else CORPUS, 4)
    seconds = timed(lambda: _check(corpus, termbase)) / 1000
    return [
        *figures,
        Figure(f"{name}: a decomposed article, times as long", slow / figures[1].value, "x", 4.0),
        Figure(f"{name}: a corpus of {len(corpus.encode()) / 1e6:.0f} MB",
               len(corpus.encode()) / 1e6 / seconds, "MB/s", 7.0, at_least=True),
        Figure(f"{name}: one paragraph, scanned again", _paragraph(termbase), "ms", 0.1),
        Figure(f"{name}: a key press in an article of 5 KB", _key_press(termbase), "ms"),
    ]  # fmt: skip


def _check(text: str, termbase: Termbase) -> object:
    return check(text, termbase, language="vi", dated=DAY)


def _terms(text: str, termbase: Termbase) -> object:
    return check(text, termbase, language="vi", dated=DAY, patterns=False)


def _paragraph(termbase: Termbase) -> float:
    parts = text_of(ARTICLE * 20, 9).split("\n\n")
    return statistics.median(timed(lambda part=part: _check(part, termbase)) for part in parts)  # type: ignore[misc]


def _key_press(termbase: Termbase) -> float:
    """Typing at the end of the first paragraph of an article, findings of the whole of it."""
    live = Live(termbase, language="vi", dated=DAY)
    first, rest = text_of(ARTICLE, 11).split("\n\n", 1)
    live.update(f"{first}\n\n{rest}")
    typed = [f"{first}{'mưa giông ' * 4}"[: len(first) + n] for n in range(1, 40)]
    return statistics.median(
        timed(lambda now=now: live.update(f"{now}\n\n{rest}"))
        for now in typed  # type: ignore[misc]
    )


def _memory() -> Figure:
    """Megabytes that 5,000 compiled terms and a checked article add to a bare interpreter."""
    tell = (  # Linux: the peak of this process; ru_maxrss would begin with that of its parent
        "print(next(line.split()[1] for line in open('/proc/self/status') if 'VmHWM' in line))"
    )
    work = (
        "from benchmarks.terms import *\nfrom benchmarks.terms import _check\n"
        "termbase = made_up(5_000)\n_check(text_of(ARTICLE), termbase)\n"
    )
    bare, full = (
        int(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True,
                           check=True, cwd=Path(__file__).parents[1]).stdout)
        for code in (tell, work + tell)
    )  # fmt: skip
    return Figure("terms, 5,000: memory over the interpreter", (full - bare) / 1024, "MB", 60.0)


PACKAGES = ("textlint", "textlint-rule-terminology", "textlint-rule-prh")


def _beside(quick: bool) -> list[Figure]:
    """textlint on the same text and terms, and what each found; nothing where npm is not there."""
    folder = Path(tempfile.mkdtemp(prefix="desk-textlint-"))
    try:
        told = _textlint(folder, 3 if quick else 15)
    except (OSError, subprocess.SubprocessError) as error:
        print(f"textlint is left out: {_reason(error)}", file=sys.stderr)
        return []
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return told


def _reason(error: Exception) -> str:
    said = getattr(error, "stderr", None)
    lines = [line for line in said.splitlines() if "rror" in line] if said else []
    return lines[0].strip() if lines else str(error)


def _textlint(folder: Path, rounds: int) -> list[Figure]:
    npm = shutil.which("npm")
    if npm is None:
        raise FileNotFoundError("npm is not installed")
    (folder / "package.json").write_text('{"private": true}', "utf-8")
    subprocess.run([npm, "install", "--no-package-lock", "--no-audit", "--no-fund", *PACKAGES],
                   cwd=folder, check=True, capture_output=True, text=True, timeout=300)  # fmt: skip
    article, termbase = text_of(ARTICLE, 21), made_up(5_000)
    clean, planted = sentences()
    english = [str(one) for one in yaml.safe_load((DATA / "clean.yaml").read_text("utf-8"))["en"]]
    texts = [text for _, text, _ in planted] + clean + english
    speed = _linted(folder, termbase, article, [], rounds)
    sight = _linted(folder, shipped(), article, texts, 1)
    # textlint has no patterns: the same work is the terms alone.
    ours = median_ms(lambda: _terms(article, termbase), rounds * 4)
    figures = [Figure("terms, 5,000: the same article, warm, without patterns", ours, "ms")]
    for rule in ("terminology", "prh"):
        theirs = statistics.median(speed[rule]["ms"])
        figures += [
            Figure(f"textlint {rule}, 5,000 terms: the same article, warm", theirs, "ms"),
            Figure(f"times faster than textlint {rule}", theirs / ours, "x", 200.0, at_least=True),
        ]
        found, alarms = _seen(sight[rule]["found"], planted)
        figures += _table(f"textlint {rule}", found, alarms, None)
    found, alarms = _seen([_spans(text, language) for language, text in [
        *((language, text) for language, text, _ in planted),
        *(("vi", text) for text in clean), *(("en", text) for text in english),
    ]], planted)  # fmt: skip
    return [*figures, *_table("Desk", found, alarms, 100)]


def _table(who: str, found: int, alarms: int, budget: int | None) -> list[Figure]:
    return [
        Figure(f"{who}: planted errors found of 100", found, "", budget, at_least=True),
        Figure(f"{who}: alarms in 262 clean sentences", alarms, "", None if budget is None else 0),
    ]


def _spans(text: str, language: str) -> list[tuple[int, int]]:
    return [(one.start, one.end)
            for one in check(text, shipped(), language=language, dated=DAY)]  # fmt: skip


def _seen(
    found: Sequence[Sequence[Sequence[int]]], planted: Sequence[tuple[str, str, str]]
) -> tuple[int, int]:
    """How many planted errors a tool pointed at, and how many clean sentences it complained of."""
    hits = 0
    for spans, (_, text, wrong) in zip(found, planted, strict=False):
        start = text.index(wrong)
        hits += any(span[0] < start + len(wrong) and start < span[1] for span in spans)
    return hits, sum(bool(spans) for spans in found[len(planted) :])


def _linted(
    folder: Path, termbase: Termbase, article: str, texts: list[str], rounds: int
) -> dict[str, Any]:
    """What textlint tells with the forms of a termbase, each wrong form with its replacement."""
    pairs = {
        form.text: entry.suggestions[0]
        for entry in termbase.entries if entry.suggestions for form in entry.variants
    }  # fmt: skip
    rules = [
        {"expected": right, "pattern": f"/{_escaped(wrong)}/"} for wrong, right in pairs.items()
    ]
    prh = yaml.safe_dump({"version": 1, "rules": rules}, allow_unicode=True)
    (folder / "prh.yml").write_text(prh, "utf-8")
    escaped = [[_escaped(wrong), right] for wrong, right in pairs.items()]
    task = {"terms": escaped, "prh": str(folder / "prh.yml"), "article": article,
            "rounds": rounds, "sentences": texts}  # fmt: skip
    (folder / "task.json").write_text(json.dumps(task), "utf-8")
    script = folder / "textlint.mjs"
    shutil.copyfile(Path(__file__).with_name("textlint.mjs"), script)
    done = subprocess.run(["node", script.name, "task.json"], cwd=folder, check=True,
                          capture_output=True, text=True, timeout=600)  # fmt: skip
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def _escaped(form: str) -> str:
    return "".join(f"\\{ch}" if ch in r"\^$.|?*+()[]{}/" else ch for ch in form)
