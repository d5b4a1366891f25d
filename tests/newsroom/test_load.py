"""calendar.yaml is read strictly: every mistake of a file, with its place, in one run."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from desk.errors import ConfigError, NotFound, Unavailable
from desk.newsroom.document import MAX_BYTES, MAX_DEPTH, MAX_NODES, MAX_PROBLEMS
from desk.newsroom.load import check, load, load_bytes
from tests.newsroom.bad_calendars import BAD
from tests.newsroom.sample import GOOD, config, dedent, marked, problems_of, with_change

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("name", BAD)
def test_attack_32_a_bad_file_is_told_with_its_place(name: str) -> None:
    old, new, said = BAD[name]
    text, places = marked(with_change(old, new))
    problems = problems_of(text)
    assert len(problems) == len(said), problems
    for problem, words in zip(problems, said, strict=True):
        assert words in problem.what
    if places:
        assert [(p.line, p.column) for p in problems] == places
    assert all(p.hint for p in problems)


def test_attack_32_every_error_of_every_sort_is_told_in_one_run() -> None:
    text, places = marked(
        dedent("""
        newsroom:
          id: ▸Desk
          name: {vi: Tòa soạn, en: Newsroom}
          zone: ▸Europe/Berlim
          languages: [vi, en, ▸en]
          ▸zone: UTC
        agencies:
          - {id: a, name: ▸{vi: A}}
          - {id: ▸a, name: {vi: B, en: B}, ▸colour: red}
        kinds:
          news: {chain: [▸revue], gates: [summary, ▸facts]}
          urgent: {chain: ▸[review, check], urgent: true}
        channels:
          - {id: portal, driver: ▸telegraph, languages: [vi]}
          - ▸{id: press, driver: folder, languages: [▸de]}
        slots:
          - {id: s, rule: ▸"FREQ=DAILY;COUNT=3", at: ▸"24:30", kinds: [▸nws], channels: [portal]}
        blackouts:
          - {from: 2026-11-22T00:00, to: ▸2026-11-21T00:00, why: ▸{}}
        releases: {signers: ▸0, stage_ahead: ▸5s, publish_within: ▸1h, not_after: 15m}
        alerts: ▸&a
          - {when: [▸hold], to: ▸*a}
        """)
    )
    problems = problems_of(text)
    assert [(p.line, p.column) for p in problems] == places
    assert [p.path for p in problems if p.path.startswith("slots")] == [
        "slots[0].rule",
        "slots[0].at",
        "slots[0].kinds[0]",
    ]


@pytest.mark.parametrize(
    ("word", "hint"),
    [
        ("timezone: UTC", "zone"),
        ("Languages: [vi]", "languages"),
        ("ID: x", "id"),
    ],
)
def test_attack_32_an_unknown_key_is_answered_with_the_one_meant(word: str, hint: str) -> None:
    (problem,) = problems_of(with_change("  zone:", f"  {word}\n  zone:"))
    assert hint in problem.hint


@pytest.mark.parametrize(
    ("old", "new", "hint"),
    [
        ("chain: [check]", "chain: [chek]", "Did you mean 'check'?"),
        ("Asia/Ho_Chi_Minh", "Ho Chi Minh", "Did you mean 'Asia/Ho_Chi_Minh'?"),
        ("Asia/Ho_Chi_Minh", "asia/saigon", "Did you mean 'Asia/Saigon'?"),
        ("[vi, en]\nag", "[vn, en]\nag", "Did you mean 'vi'?"),
        ("stage_ahead: 10m", "stage_ahead: 10", "10s, 10m or 10h"),
        ("to: 2026-11-22T00:00", "to: 2026-11-22T00:00+07:00", "Leave the offset out"),
    ],
)
def test_attack_32_the_hint_says_how_to_mend_it(old: str, new: str, hint: str) -> None:
    assert hint in problems_of(with_change(old, new))[0].hint


@pytest.mark.parametrize(
    ("zone", "wall"),
    [
        ("Europe/Berlin", "2027-03-28T02:30"),
        ("America/New_York", "2027-03-14T02:00"),
        ("Australia/Lord_Howe", "2026-10-04T02:15"),
    ],
)
def test_attack_32_a_blackout_cannot_begin_at_a_time_that_does_not_exist(
    zone: str, wall: str
) -> None:
    text = with_change("Asia/Ho_Chi_Minh", zone)
    text, places = marked(
        with_change(
            "from: 2026-11-21T00:00, to: 2026-11-22", f"from: ▸{wall}, to: 2027-11-22", text
        )
    )
    (problem,) = problems_of(text)
    assert (problem.line, problem.column) == places[0]
    assert "does not exist in" in problem.what


@pytest.mark.parametrize(
    ("zone", "rule", "at", "day"),
    [
        ("Europe/Berlin", "FREQ=DAILY", "02:30", "2026-03-29"),
        ("Europe/Berlin", "FREQ=WEEKLY;BYDAY=SU", "02:00", "2026-03-29"),
        ("America/New_York", "FREQ=YEARLY;BYMONTH=3;BYDAY=2SU", "02:59", "2026-03-08"),
        ("Australia/Lord_Howe", "FREQ=MONTHLY;BYDAY=1SU", "02:29", "2026-10-04"),
    ],
)
def test_attack_32_a_slot_cannot_fall_on_a_time_that_does_not_exist(
    zone: str, rule: str, at: str, day: str
) -> None:
    text = with_change("Asia/Ho_Chi_Minh", zone)
    text = with_change("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", rule, text)
    text, places = marked(with_change('at: "09:30"', f'at: ▸"{at}"', text))
    (problem,) = problems_of(text)
    assert (problem.line, problem.column) == places[0]
    assert problem.what == f"{at} does not exist in {zone} on {day}"


@pytest.mark.parametrize(
    ("zone", "rule", "at"),
    [
        ("Asia/Ho_Chi_Minh", "FREQ=DAILY", "02:30"),
        ("Europe/Berlin", "FREQ=DAILY", "03:00"),
        ("Europe/Berlin", "FREQ=DAILY", "01:59"),
        ("Europe/Berlin", "FREQ=WEEKLY;BYDAY=MO,TU", "02:30"),
        ("Australia/Lord_Howe", "FREQ=DAILY", "02:30"),
    ],
)
def test_a_slot_beside_a_gap_is_fine(zone: str, rule: str, at: str) -> None:
    text = with_change("Asia/Ho_Chi_Minh", zone)
    text = with_change("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", rule, text)
    assert config(with_change('at: "09:30"', f'at: "{at}"', text)).newsroom.zone == zone


def test_attack_32_an_alias_bomb_is_refused_without_growing() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 30)]
    problems = problems_of("\n".join(lines))
    assert sum("an alias" in p.what for p in problems) == 290
    assert sum("an anchor" in p.what for p in problems) == 30
    assert (problems[0].line, problems[0].column) == (1, 1)


@pytest.mark.parametrize("opening", ["[", "{a: ", "- ", "{? "])
def test_attack_32_deep_nesting_stops_at_a_limit(opening: str) -> None:
    problems = problems_of("x: " + opening * 100_000 if opening != "- " else opening * 100_000)
    assert [p.what for p in problems] == ["nested too deep"]
    assert problems[0].column <= (MAX_DEPTH + 2) * len(opening) + 3


def test_attack_32_a_huge_file_is_refused_by_its_size(tmp_path: Path) -> None:
    file = tmp_path / "calendar.yaml"
    file.write_bytes(b"# " + b"x" * MAX_BYTES)
    with pytest.raises(ConfigError, match="mistakes: 1") as caught:
        load(file)
    assert "bytes" in caught.value.problems[0].what


def test_attack_32_too_many_values_stop_the_reading() -> None:
    (problem,) = problems_of("x:\n" + "- 1\n" * (MAX_NODES + 10))
    assert problem.what == "too many entries"
    assert problem.line == MAX_NODES - 1


def test_attack_32_a_flood_of_mistakes_is_cut_off() -> None:
    kinds = "".join(f"  k{n}: {{chain: [steep], wrong: {n}}}\n" for n in range(2_000))
    problems = problems_of(with_change("  news: {", kinds + "  news: {"))
    assert len(problems) == 2 * MAX_PROBLEMS
    assert len(problems_of(b"\0" * 10_000)) <= MAX_PROBLEMS + 1


@pytest.mark.parametrize(
    ("raw", "places", "said"),
    [
        (b"newsroom:\n  id: \xff\xfe\n", [(2, 7), (2, 8)], "is not UTF-8"),
        ("newsroom:\n  # Tòa\0\n".encode(), [(2, 8)], "a NUL character"),
        (b"newsroom:\n\tid: x\n  \tname: y\n", [(2, 1), (3, 3)], "a tab in the indentation"),
        ("newsroom: # \u202e\n".encode(), [(1, 13)], "U+202E"),
        (b"newsroom: x\ragencies: y\n", [(1, 12)], "U+000D"),
        ("newsroom: \u2028x\n".encode(), [(1, 11)], "U+2028"),
        (b"newsroom: \x1b[2J\n", [(1, 11)], "U+001B"),
    ],
)
def test_attack_32_bytes_that_are_no_plain_text_are_told_where_they_stand(
    raw: bytes, places: list[tuple[int, int]], said: str
) -> None:
    odd = [p for p in problems_of(raw) if said in p.what]
    assert [(p.line, p.column) for p in odd] == places


@pytest.mark.parametrize("escape", ["\\0", "\\e[2J", "\\u202e", "\\ud800", "\\x9b"])
def test_attack_32_escapes_do_not_smuggle_controls_in(escape: str) -> None:
    text, places = marked(with_change("vi: bảo trì", f'vi: ▸"{escape}"'))
    (problem,) = problems_of(text)
    assert (problem.line, problem.column) == places[0]
    assert "an escape for the invisible character" in problem.what


@pytest.mark.parametrize(
    "bad",
    [
        'vi: "\\U00110000"',
        'vi: "\\q"',
        'vi: "open',
        "vi: [1, 2",
        "vi: a: b",
        "vi: %x",
        "vi: @x",
        "vi: `x`",
        "? ",
    ],
)
def test_attack_32_what_is_no_yaml_is_told_in_words(bad: str) -> None:
    problems = problems_of(with_change("vi: bảo trì", bad))
    assert problems
    assert all(p.line >= 25 for p in problems)


@pytest.mark.parametrize(
    "text", ["", "# only a comment\n", "[]", "hello", "12", "---\n...\n", "\ufeff"]
)
def test_attack_32_an_empty_or_foreign_file_says_what_belongs_in_it(text: str) -> None:
    (problem,) = problems_of(text)
    assert "expected a mapping" in problem.what
    assert "newsroom:" in problem.hint


def test_attack_32_a_password_in_an_address_is_not_repeated() -> None:
    text = with_change("http://127.0.0.1:8601", "https://desk:hunter2@portal.example.org")
    with pytest.raises(ConfigError) as caught:
        load_bytes(text.encode())
    assert "the address holds a user name" in str(caught.value)
    assert "hunter2" not in json.dumps(caught.value.details) + str(caught.value)


def test_attack_32_problems_are_safe_to_print() -> None:
    text = with_change("chain: [check]", 'chain: ["\\\\x1b]0;owned", "[@click=app.quit]x"]')
    with pytest.raises(ConfigError) as caught:
        load_bytes(text.encode(), "bad\x1b[31m.yaml")
    assert "\x1b" not in str(caught.value)


def test_a_good_file_is_read_as_written() -> None:
    good = config()
    assert good.newsroom.languages == ("vi", "en")
    assert good.kinds["statement"].chain == ("appraise", "review", "check")
    assert good.kind_languages("statement") == ("vi", "en")
    assert good.kind_languages("news") == ("vi",)
    assert good.releases.stage_ahead == 600
    assert good.kinds["news"].limits.summary == (40, 900)
    short = config(with_change("urgent: true", "urgent: true, limits: {body: 300}"))
    assert short.kinds["urgent"].limits.body == (0, 300)
    assert good.channel("press").path == "var/press"
    assert good.channel("portal").required
    assert good.name(good.blackouts[0].why, "en") == "bảo trì"
    with pytest.raises(NotFound, match="portl") as caught:
        good.channel("portl")
    assert "portal" in caught.value.hint


def test_alerts_name_targets_and_the_mail_server_they_leave_by() -> None:
    alerts = dedent("""
        alerts:
          - when: [waiting-2h, unsigned-30m]
            to: {smtp: a@example.org, webhook: "https://hooks.example.org/a", credential: hook}
            escalate_to: {smtp: b@example.org}
        mail: {server: SMTP.example.org, from: desk@example.org, user: desk, credential: mail}
        """)
    good = config(GOOD + alerts)
    (alert,) = good.alerts
    assert alert.to.credential == "hook"
    assert alert.escalate_to is not None
    assert alert.escalate_after == 900
    assert good.mail is not None
    assert (good.mail.server, good.mail.port) == ("smtp.example.org", None)
    assert (good.mail.security, good.mail.sender) == ("starttls", "desk@example.org")
    plain = "mail: {server: 127.0.0.1, security: none, from: a@example.org}\n"
    assert config(GOOD + plain).mail is not None


def test_what_yaml_1_1_would_mangle_stays_what_was_typed() -> None:
    text = with_change('at: "09:30"', "at: 09:30")
    assert config(text).slots[0].at.hour == 9
    assert config(with_change('at: "09:30"', "at: 12:30:15", text=GOOD)).slots[0].at.second == 15
    no = with_change("vi: Bộ Y tế, en: Health", "vi: no, en: on")
    assert config(no).agencies[1].name == {"vi": "no", "en": "on"}


def test_text_is_normalised_on_the_way_in() -> None:
    nfd = with_change("Cục Thống kê", "Cu\u0323c Tho\u0302\u0301ng ke\u0302")
    assert config(nfd).agencies[0].name["vi"] == "Cục Thống kê"


def test_windows_line_ends_and_a_byte_order_mark_change_nothing() -> None:
    text = "\ufeff" + GOOD.replace("\n", "\r\n")
    assert config(text) == config()
    (problem,) = problems_of(text.replace("chain: [check]", "chain: [chek]"))
    assert (problem.line, problem.column) == (14, 20)


def test_a_comment_changes_the_places_but_not_the_configuration() -> None:
    moved = config("# one more line\n" + GOOD)
    assert moved == config()
    assert moved.marks.key(("kinds", "news")).line == 14


def test_a_gate_and_a_driver_can_be_registered() -> None:
    text = with_change("gates: [summary],", "gates: [terms],")
    text = with_change("driver: desk, url", "driver: wire, url", text)
    good = load_bytes(text.encode(), known_gates=["terms", "summary", "sources", "translation"],
                      known_drivers=["wire", "folder"])  # fmt: skip
    assert good.channels[0].driver == "wire"


def test_the_configuration_cannot_be_changed() -> None:
    with pytest.raises(Exception, match="frozen"):
        config().releases.signers = 1  # type: ignore[misc]


def test_a_calendar_that_is_not_there_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="no such calendar"):
        load(tmp_path / "calendar.yaml")
    with pytest.raises(NotFound, match="folder is not a calendar"):
        load(tmp_path)


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_a_calendar_that_cannot_be_read_says_so(tmp_path: Path) -> None:
    file = tmp_path / "calendar.yaml"
    file.write_text(GOOD)
    file.chmod(0)
    with pytest.raises(Unavailable):
        load(file)


def test_the_calendar_of_the_project_is_good() -> None:
    report = check(ROOT / "calendar.yaml")
    assert report.ok
    assert all("has no key" in w.what for w in report.warnings)
    good = load(ROOT / "calendar.yaml")
    assert len(good.agencies) >= 10
    assert len(good.kinds) >= 6
    assert [kind for kind in good.kinds.values() if kind.urgent]
    assert {len(kind.chain) for kind in good.kinds.values()} == {1, 2, 3}
    assert [c.driver for c in good.channels] == ["desk", "desk", "folder"]
    assert {s.rule.frequency for s in good.slots} >= {"WEEKLY", "MONTHLY"}
