"""No English sentence reaches a reader's terminal or screen without passing a catalogue."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import get_args

import pytest

from desk.locales import set_language
from desk.locales.words import WORDS, every, role, word, words
from desk.people.duty import DutyState
from desk.trust.state import Public
from tests.locales.unsaid import unsaid

ROOT = Path(__file__).parents[2]

WHOLE_FILES = {
    "desk/cli/docs.py": "writes the English pages under docs/",
    "desk/cli/docs_keys.py": "writes the English pages under docs/",
    "desk/cli/terms_sarif.py": "SARIF is for programs",
}
EXCEPTIONS = {
    "desk/cli/app.py": {"Example: desk app --room monitor": "desk.cli.helping says Example:"},
    "desk/cli/begin.py": {"Example: desk begin": "desk.cli.helping says Example:"},
    "desk/cli/crash.py": {"command: desk {}": "a crash report is for who mends Desk"},
    "desk/cli/demo.py": {
        "Example: desk demo --headless --json --in 8 --items 50": "desk.cli.helping says Example:"
    },
    "desk/cli/helping.py": {"*": "patterns of what click says, each with its translation beside"},
    "desk/cli/item_decisions.py": {"approved {}": "a code of the JSON; _happened says it"},
    "desk/cli/item_text.py": {"--set {}": "an option as one types it"},
    "desk/publisher/quarantine.py": {
        "{} backup of {}": "a detail that stays in the log",
        "look {}": "the name of a duty",
    },
    "desk/terms/exchange/prh.py": {"*": "what a file of prh holds; all else is a phrase"},
    "desk/terms/exchange/tbx.py": {"*": "what a file of TBX holds; all else is a phrase"},
    "desk/terms/exchange/vale.py": {"*": "what a file of Vale holds; all else is a phrase"},
    "desk/cli/serve.py": {
        "Example: desk serve --port 8710 --idle 30": "desk.cli.helping says Example:"
    },
    "screens/crash.py": {"  {}:{} in {}": "a frame, for who mends Desk"},
    "screens/dialogs/form.py": {"field long": "style classes"},
    "screens/newsroom/reviews.py": {"gate {}": "the name of a rule"},
    "screens/rooms/contacts_acts.py": {"vi en": "codes of languages, as one types them"},
    "screens/rooms/item_room.py": {"gate {}": "the name of a rule"},
    "screens/rooms/monitor_text.py": {" · p50 {} ms p99 {} ms  {}": "figures and units"},
}
"""What is English for a reason, by file; `*` for all of a file's."""
STYLES = {"bold reverse", "reverse bold", "bold underline", "italic underline"}


READ = (
    "desk/cli", "screens", "desk/settings.py", "desk/terms/exchange", "desk/terms/validate.py",
    "desk/terms/drafted.py",
    "desk/terms/proposals.py", "desk/publisher/witness.py", "desk/publisher/quarantine.py",
    "desk/publisher/rehearsal.py", "desk/publisher/clocks.py", "desk/publisher/channel.py",
    "desk/publisher/follower.py", "desk/publisher/status.py",
)  # fmt: skip
"""Folders and files whose texts people read, on the way through a record or a file or at once."""


def _sources() -> list[Path]:
    places = [ROOT / name for name in READ]
    return [
        path for one in places for path in ([one] if one.is_file() else sorted(one.rglob("*.py")))
    ]


def _found() -> list[tuple[str, str, int]]:
    return [
        (path.relative_to(ROOT).as_posix(), one.text, one.line)
        for path in _sources()
        if "sample" not in path.parts
        for one in unsaid(path.read_text("utf-8"))
        if one.text not in STYLES and not one.text.startswith("tuple[")
    ]


def _excused(file: str, text: str) -> bool:
    known = EXCEPTIONS.get(file, {})
    return file in WHOLE_FILES or text in known or "*" in known


def test_what_commands_and_screens_say_passes_a_catalogue() -> None:
    bare = [f"{file}:{line}: {text}" for file, text, line in _found() if not _excused(file, text)]
    assert bare == [], "say it through _(), phrase() or desk.locales.words.word()"


def test_every_exception_still_stands_there() -> None:
    there = {(file, text) for file, text, _ in _found()}
    gone = [
        (file, text)
        for file, texts in EXCEPTIONS.items()
        for text in texts
        if text != "*" and (file, text) not in there
    ]
    assert gone == [], "take it out of the list"


def test_a_sentence_is_found_wherever_it_is_put_together() -> None:
    source = '''
STYLE_CSS = "Room { height: 1; and so on }"
def shown(view, run):
    """This is a docstring of two lines."""
    line = f"{view.name} is gone"
    rows = [["not yet", _("said well"), phrase("{n} said", n=1)] for one in view]
    run.out.say("It was so already")
    raise RuntimeError("for programmers only")
    return f"{line}: {len(rows)} ms" if rows else " items left"
'''
    assert [one.text for one in unsaid(source)] == ["{} is gone", "not yet", " items left"]


def test_codes_are_words_for_people_and_stay_codes_in_english() -> None:
    set_language("vi")
    try:
        assert word("item", "approved") == "đã duyệt"
        assert words("step", ["appraise", "check"]) == "thẩm định, kiểm tra"
        assert role("review", "thong-ke") == "kiểm duyệt:thong-ke"
        assert role("lead") == "trưởng ca trực"
        assert word("step", "an-own-step") == "an-own-step"
        assert word("step", "") == ""
    finally:
        set_language("en")
    assert word("item", "approved") == "approved"


def test_no_text_is_hidden_from_the_catalogue_in_an_f_string() -> None:
    """What collects the messages does not look inside them: they would stay English for ever."""
    told = {"_", "N_", "ngettext", "pgettext", "phrase"}
    hidden = [
        f"{path.relative_to(ROOT)}:{call.lineno}"
        for path in (*ROOT.glob("desk/**/*.py"), *ROOT.glob("screens/**/*.py"))
        for string in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(string, ast.JoinedStr)
        for call in ast.walk(string)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in told
        if any(isinstance(one, ast.Constant) for one in call.args)
    ]
    assert hidden == []


@pytest.mark.parametrize(("about", "codes"), [("public", Public), ("duty", DutyState)])
def test_every_code_that_there_is_has_a_word(about: str, codes: object) -> None:
    assert set(get_args(codes)) <= {code for one, code in every() if one == about}


@pytest.mark.parametrize("about", sorted(WORDS))
def test_every_code_has_its_vietnamese(about: str) -> None:
    set_language("vi")
    try:
        same = {code for one, code in every() if one == about and word(about, code) == code}
    finally:
        set_language("en")
    assert same <= {"webhook"}
