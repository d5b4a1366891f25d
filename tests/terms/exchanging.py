"""Entries for the tests of what other tools read and write: one with every field, and any."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from hypothesis import strategies as st

from desk.terms.entry import Citation, Entry, Form, Source

DATA = Path(__file__).parent.parent / "data" / "terms"
SOURCE = Citation(Source("H", "House style", "page 3", date(2026, 1, 2), "https://example.org/h"),
                  "rule 7")  # fmt: skip
FULL = Entry(
    id="lien-hop-quoc",
    language="vi",
    forms=(Form("Liên hợp quốc", "preferred"), Form("LHQ", "admitted"),
           Form("Liên hiệp quốc", "deprecated"), Form("Hội quốc liên", "superseded"),
           Form("UNO.", "forbidden")),
    rule="Viết Liên hợp quốc.",
    source=SOURCE,
    concept="united-nations",
    severity="error",
    case="exact",
    scope=frozenset({"headline", "body"}),
    left=("cựu", "ngoài"),
    right=("học",),
    since=date(2020, 3, 5),
    until=date(2030, 1, 1),
    historical=True,
    exceptions=("Nhà Liên hiệp quốc",),
    owner="terms",
    match=("Đại hội đồng Liên hiệp quốc họp.", "Hội quốc liên họp.", "UNO. họp."),
    clean=("Liên hợp quốc họp.",),
)  # fmt: skip

WORD = st.text(st.sampled_from("abcđêTổngủ 1/.-'\"=+@|\\&<>#:*?()[]"), min_size=1, max_size=12)
TEXT = WORD.map(lambda text: " ".join(text.split())).filter(bool)


@st.composite
def entries(draw: st.DrawFn) -> tuple[Entry, ...]:
    found = []
    for number in range(draw(st.integers(1, 4))):
        texts = draw(st.lists(TEXT, min_size=2, max_size=5, unique_by=str.casefold))
        statuses = draw(st.lists(
            st.sampled_from(["admitted", "deprecated", "superseded", "forbidden"]),
            min_size=len(texts) - 1, max_size=len(texts) - 1,
        ))  # fmt: skip
        order = ["preferred", "admitted", "deprecated", "superseded", "forbidden"]
        forms = [Form(texts[0], "preferred")]
        forms += [Form(t, s) for t, s in zip(texts[1:], sorted(statuses, key=order.index),
                                            strict=True)]  # fmt: skip
        variants = [form.text for form in forms if not form.standard]
        found.append(
            Entry(
                id=f"e-{number}",
                language=draw(st.sampled_from(["vi", "en"])),
                forms=tuple(forms),
                rule=draw(TEXT),
                source=SOURCE,
                concept=draw(st.sampled_from([f"e-{number}", "shared"])),
                severity=draw(st.sampled_from(["error", "warning", "info"])),
                left=tuple(draw(st.lists(TEXT, max_size=2, unique=True))),
                match=tuple(variants),
                clean=(f"x {texts[0]} x",),
            )
        )
    return tuple(found)
