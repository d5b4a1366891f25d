"""Gates: what an editor is told before anybody can approve."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from desk import gates
from desk.errors import UsageError
from desk.gates import Finding, GateInput, GateResult, Limits, finding, gate, registry
from desk.trust.canonical import digest

POLICY = {
    "chain": ["review"],
    "gates": ["summary", "sources", "legal", "translation", "assets", "length"],
    "languages": ["vi", "en"],
    "urgent": False,
}
VI: dict[str, Any] = {
    "format": 1,
    "salt": "0" * 64,
    "item": "i-0000000001",
    "message": "m-0000000001",
    "language": "vi",
    "kind": "statement",
    "agency": "thong-ke",
    "headline": "Kinh tế quý III tăng 7,4%",
    "summary": "Kinh tế quý III tăng 7,4% so với cùng kỳ năm trước, cao hơn dự báo.",
    "body": (
        "Tổng sản phẩm trong nước quý III tăng 7,4% so với cùng kỳ.[^1] Khu vực dịch vụ đóng góp "
        "nhiều nhất.\n\nXuất khẩu đạt 405,5 tỷ USD.[^1] Số liệu được công bố theo Nghị định số "
        "94/2022/NĐ-CP[^l1] tại cả nước và được cập nhật mỗi quý một lần.\n\n"
        "![Biểu đồ](bieu-do.svg)\n"
    ),
    "sources": [{"id": "1", "title": "Bảng 3", "url": "https://example.org/bang-3"}],
    "legal": [{"id": "l1", "title": "Nghị định", "number": "94/2022/NĐ-CP",
               "url": "https://example.org/nghi-dinh"}],
    "assets": [{"id": "a-0000000001", "name": "bieu-do.svg", "media_type": "image/svg+xml",
                "size": 1234, "sha256": "1" * 64, "role": "graphic", "alt": "Biểu đồ GDP"}],
}  # fmt: skip
EN: dict[str, Any] = {
    **VI,
    "item": "i-0000000002",
    "language": "en",
    "headline": "Economy grows 7.4% in the third quarter",
    "summary": "The economy grew 7.4 percent in the third quarter, more than forecast.",
    "body": (
        "GDP grew 7.4% in the third quarter.[^1] Services contributed most.\n\nExports reached "
        "USD 405.5 billion.[^1] The data are published under Decree No. 94/2022/ND-CP[^l1] and "
        "are brought up to date once every quarter, for the whole country.\n"
    ),
    "assets": [],
    "translates": {"item": VI["item"], "content": digest(VI)},
}


def check(
    gate_id: str, others: tuple[dict[str, Any], ...] = (EN,), /, **changes: Any
) -> GateResult:
    given = GateInput({**VI, **changes}, POLICY, others)
    (result,) = gates.run([gate_id], given)
    return result


def said(result: GateResult) -> list[tuple[str, str]]:
    return [(found.severity, found.field) for found in result.findings]


def test_a_good_item_passes_every_gate_in_both_languages() -> None:
    for content, other in ((VI, EN), (EN, VI)):
        results = gates.run(POLICY["gates"], GateInput(content, POLICY, (other,)))
        assert [(r.id, r.outcome, r.findings) for r in results] == [
            (name, "pass", ()) for name in POLICY["gates"]
        ]


def test_every_finding_speaks_both_languages() -> None:
    broken = {
        **VI, "headline": "", "summary": "", "sources": [], "legal": [{"id": "l1", "title": ""}],
        "body": "GDP tăng 9%. <b>x</b> Luật Báo chí năm 2016. [x](javascript:y) ![a](b.png) [^8]",
        "assets": [{"id": "a-1", "name": "../x", "role": "picture", "media_type": "text/html",
                    "size": 10**9, "alt": ""}],
    }  # fmt: skip
    results = gates.run(POLICY["gates"], GateInput(broken, POLICY))
    assert {r.outcome for r in results} == {"fail"}
    for result in results:
        for found in result.findings:
            assert found.gate == result.id
            assert found.message
            assert found.message_vi
            assert found.message != found.message_vi


def test_summary_must_be_there() -> None:
    assert check("summary", summary=" ").outcome == "fail"


def test_a_figure_only_in_the_summary_is_pointed_out() -> None:
    result = check("summary", summary="Kinh tế quý III tăng 7,5% so với cùng kỳ.")
    assert (result.outcome, said(result)) == ("warn", [("warning", "summary")])
    found = result.findings[0]
    assert "Kinh tế quý III tăng 7,5% so với cùng kỳ."[found.start : found.end] == "7,5%"


def test_a_figure_without_source_fails_with_its_place() -> None:
    body = "Mở đầu.\n\nGDP tăng *7,4%*."
    result = check("sources", body=body)
    assert result.outcome == "fail"
    found = next(f for f in result.findings if f.severity == "error")
    assert (found.line, found.column) == (3, 11)
    assert body[found.start : found.end] == "7,4%"
    assert found.hint


def test_a_footnote_that_leads_nowhere_fails() -> None:
    assert check("sources", body=VI["body"] + "\nThêm.[^7]").outcome == "fail"


def test_an_uncited_source_only_warns() -> None:
    more = [*VI["sources"], {"id": "2", "title": "Bảng 4"}]
    assert check("sources", sources=more).outcome == "warn"


@pytest.mark.parametrize(
    "source",
    [
        {"id": "1", "title": "Bảng", "url": "javascript:x"},
        {"id": "1", "title": ""},
        {"id": "", "title": "Bảng"},
    ],
)
def test_a_bad_source_fails(source: dict[str, str]) -> None:
    assert check("sources", sources=[source]).outcome == "fail"


def test_a_legal_text_without_link_or_address_fails() -> None:
    assert check("legal").outcome == "pass"
    assert check("legal", body=VI["body"].replace("[^l1]", "")).outcome == "fail"
    assert check("legal", legal=[{"id": "l1", "title": "Nghị định"}]).outcome == "fail"


def test_a_missing_language_fails() -> None:
    assert said(check("translation", ())) == [("error", "language")]
    stranger = {**EN, "message": "m-0000000009"}
    assert check("translation", (stranger,)).outcome == "fail"


def test_figures_that_differ_between_languages_warn_on_both_sides() -> None:
    other = {**EN, "body": EN["body"].replace("405.5", "405.8")}
    result = check("translation", (other,))
    texts = " ".join(found.message for found in result.findings)
    assert result.outcome == "warn"
    assert "405,5" in texts
    assert "405.8" in texts


def test_a_small_number_may_be_a_word_in_the_other_language() -> None:
    vi = {**VI, "body": VI["body"] + "\nCó 5 tỉnh.[^1]"}
    en = {**EN, "body": EN["body"] + "\nThere are five provinces.[^1]",
          "translates": {"item": VI["item"], "content": digest(vi)}}  # fmt: skip
    (result,) = gates.run(["translation"], GateInput(vi, POLICY, (en,)))
    assert result.findings == ()


def test_a_translation_of_an_older_text_warns_on_either_side() -> None:
    newer = {**VI, "salt": "2" * 64}
    for content, other in ((newer, EN), (EN, newer)):
        (result,) = gates.run(["translation"], GateInput(content, POLICY, (other,)))
        assert (result.outcome, said(result)) == ("warn", [("warning", "translates")])


@pytest.mark.parametrize(
    "change",
    [
        {"name": "../bieu-do.svg"},
        {"name": "bieu-do\u202e.svg"},
        {"role": "poster"},
        {"media_type": "text/html"},
        {"size": 10**9},
        {"size": 0},
        {"alt": " "},
    ],
)
def test_attack_31_an_unfit_asset_fails(change: dict[str, Any]) -> None:
    assert check("assets", assets=[{**VI["assets"][0], **change}]).outcome == "fail"


def test_a_picture_from_elsewhere_or_a_name_used_twice_fails() -> None:
    assert check("assets", assets=[]).outcome == "fail"
    twice = [VI["assets"][0], {**VI["assets"][0], "id": "a-2", "name": "BIEU-DO.svg"}]
    assert check("assets", assets=twice).outcome == "fail"


def test_length_is_measured_and_the_body_is_sound() -> None:
    assert check("length", headline="a" * 200).outcome == "fail"
    assert check("length", headline="một\nhai").outcome == "fail"
    assert check("length", summary="Ngắn.").outcome == "warn"
    assert check("length", body="Ngắn.").outcome == "warn"
    assert check("length", body="").outcome == "fail"
    assert check("length", body=VI["body"] + "<b>x</b>").outcome == "fail"
    given = GateInput(VI, POLICY, (EN,), Limits(body_most=10))
    assert gates.run(["length"], given)[0].outcome == "fail"


def test_the_input_digest_changes_with_everything_a_gate_looks_at() -> None:
    seen = {
        check("sources").input_digest,
        check("legal").input_digest,
        check("sources", salt="3" * 64).input_digest,
        check("sources", ()).input_digest,
        gates.run(["sources"], GateInput(VI, {**POLICY, "urgent": True}, (EN,)))[0].input_digest,
        gates.run(["sources"], GateInput(VI, POLICY, (EN,), Limits(headline=9)))[0].input_digest,
    }
    assert len(seen) == 6
    assert check("sources").input_digest == check("sources").input_digest


def test_an_unknown_gate_is_an_error_that_names_the_known_ones() -> None:
    with pytest.raises(UsageError) as error:
        gates.run(["sumary"], GateInput(VI, POLICY))
    assert "summary" in error.value.hint


def test_the_registry_knows_the_gates_a_kind_may_name() -> None:
    assert set(POLICY["gates"]) <= set(gates.known())


def test_a_new_gate_is_one_function(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_GATES", dict(registry._GATES))

    @gate("exclamation", version=3)
    def exclamation(given: GateInput) -> Iterator[Finding]:
        if "!" in given.text("headline"):
            yield finding("warning", "headline", ("Shouting", "Có dấu chấm than"))

    result = check("exclamation", headline="Tin!")
    assert (result.version, result.outcome, result.findings[0].gate) == (3, "warn", "exclamation")
    with pytest.raises(ValueError, match="twice"):
        gate("exclamation", version=1)(exclamation)
