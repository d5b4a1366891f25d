"""A portal's reasons: English on the wire, and told in the language of whoever reads them."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from desk.channels.line import Answer as Heard
from desk.errors import Reason, Refused, because
from desk.locales import set_language, set_zone, told
from desk.phrase import Phrase, instant
from desk.portal.answers import forbidden


@pytest.fixture(autouse=True)
def _vietnamese() -> Iterator[None]:
    set_language("vi")
    set_zone(lambda: "Asia/Ho_Chi_Minh")
    yield
    set_language("en")
    set_zone(str)


def heard(*reasons: Reason) -> tuple[Reason, ...]:
    """What the newsroom's end makes of the portal's answer."""
    body = json.dumps(forbidden("The release may not go out", reasons=reasons).body()).encode()
    return Heard(403, json.loads(body), body).reasons()


def test_reasons_cross_the_wire_and_are_told_in_the_readers_language() -> None:
    since = instant("2026-11-20T07:39:00Z")
    signers = because(
        "signers", "{count} of {signers} leads have signed", count=1, signers=2, who=["lead-2"]
    )
    held = because("held", "held by {person} since {time}", person="lead-2", time=since)
    plain = Reason("manifest", "another sign-off is in force")
    found = heard(signers, held, plain)
    assert found == (signers, held, plain), "programs and logs read the same English"
    assert [told(one.text) for one in found] == [
        "1/2 trưởng ca trực đã ký",
        "lead-2 tạm dừng từ 14:39:00 20/11/2026 GMT+7",
        told("another sign-off is in force"),
    ]
    assert told(found[2].text) != found[2].text
    assert "1/2 trưởng ca trực đã ký" in told(Refused("The portal refuses", found).message)


@pytest.mark.parametrize(
    "phrases",
    [
        None,
        7,
        [],
        {"no": "phrase"},
        {"one text": {"template": "{a.__class__}", "values": {"a": ""}}},
    ],
)
def test_what_a_portal_says_of_its_sentences_is_not_trusted(phrases: object) -> None:
    error = {"code": "refused", "title": "No", "reasons": [{"rule": "r", "text": "one text"}]}
    (reason,) = Heard(403, {"error": error, "phrases": phrases}, b"").reasons()
    assert (reason.rule, str(reason.text)) == ("r", "one text")
    assert not isinstance(reason.text, Phrase)


def test_endless_words_of_a_portal_are_cut() -> None:
    (reason,) = heard(because("r", "{text}", text="a" * 5000))
    assert len(reason.text) == 500
