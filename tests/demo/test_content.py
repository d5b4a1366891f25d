"""The sample content: complete in both languages, sourced, with files that are what they say."""

from __future__ import annotations

import unicodedata
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from desk.demo.assets import SampleAsset, asset_files
from desk.demo.content import LANGUAGES, SampleMessage, SampleText, messages
from desk.demo.content.bundle.chart import CENSUSES, WORDS, chart
from desk.demo.content.bundle.sheet import sheet
from desk.items.body import parse, reference_problems
from desk.items.figures import figures, uncovered
from desk.items.legal import legal_citations, uncovered_citations
from desk.text import safe_text

ROOT = Path(__file__).parents[2]
ORIGINALS = messages()
TEXTS = [
    pytest.param(language, text, id=f"{message.id}-{language}")
    for message in ORIGINALS
    for language, text in message.texts.items()
]
MESSAGES = [pytest.param(message, id=message.id) for message in ORIGINALS]
ASSETS = [
    pytest.param(asset, id=asset.path.name)
    for asset in {a.path: a for language in LANGUAGES for a in asset_files(language)}.values()
]

every_text = pytest.mark.parametrize(("language", "text"), TEXTS)
every_message = pytest.mark.parametrize("message", MESSAGES)
every_asset = pytest.mark.parametrize("asset", ASSETS)


def _strings(text: SampleText) -> list[str]:
    rows = [value for row in (*text.sources, *text.legal) for value in row.values()]
    return [text.headline, text.summary, text.body, *text.places, *text.subjects, *rows]


def _ids(rows: tuple[object, ...]) -> list[str]:
    return [row["id"] for row in rows]  # type: ignore[index]


# The newsroom


def test_the_newsroom_of_the_demo_knows_every_agency_section_and_kind() -> None:
    newsroom = yaml.safe_load((ROOT / "calendar.yaml").read_text(encoding="utf-8"))
    sections = {agency["id"]: agency["sections"] for agency in newsroom["agencies"]}
    for message in ORIGINALS:
        assert message.section in sections[message.agency], message.id
        assert message.kind in newsroom["kinds"], message.id


def test_the_sample_is_wide() -> None:
    assert len(ORIGINALS) >= 12
    assert len({message.agency for message in ORIGINALS}) >= 6
    kinds = {message.kind for message in ORIGINALS}
    assert kinds >= {"statement", "news", "data", "document", "qa", "press-kit", "urgent"}


@every_message
def test_a_message_is_within_the_limits_of_its_kind(message: SampleMessage) -> None:
    newsroom = yaml.safe_load((ROOT / "calendar.yaml").read_text(encoding="utf-8"))
    limits = newsroom["kinds"][message.kind]["limits"]
    for text in message.texts.values():
        for name in ("headline", "summary", "body"):
            given = limits[name]
            least, most = given if isinstance(given, list) else (1, given)
            assert least <= len(getattr(text, name)) <= most


# The texts


@every_text
def test_text_is_clean_nfc(language: str, text: SampleText) -> None:
    for string in _strings(text):
        assert string == unicodedata.normalize("NFC", string)
        assert string == safe_text(string, multiline=True)
        assert string.strip()
        assert "\u00a0" not in string
        assert "\u00ad" not in string


@every_text
def test_short_and_full_version_have_their_lengths(language: str, text: SampleText) -> None:
    assert 100 <= len(text.summary) <= 400
    assert 150 <= len(text.body.split()) <= 400
    assert "\n" not in text.summary
    assert "\n" not in text.headline


@every_text
def test_body_is_commonmark_without_problems(language: str, text: SampleText) -> None:
    body = parse(text.body)
    assert list(body.problems) == []
    assert list(reference_problems(body, _ids(text.sources), _ids(text.legal))) == []


@every_text
def test_every_figure_has_a_source(language: str, text: SampleText) -> None:
    assert uncovered(parse(text.body), language, _ids(text.sources)) == []


@every_text
def test_every_legal_text_has_a_link(language: str, text: SampleText) -> None:
    assert uncovered_citations(parse(text.body), language, _ids(text.legal)) == []
    assert all(entry["url"].startswith("https://") for entry in (*text.legal, *text.sources))


@every_text
def test_headline_and_summary_say_no_figure_that_the_body_does_not(
    language: str, text: SampleText
) -> None:
    in_body = {figure.value for figure in figures(parse(text.body).text, language)}
    for short in (text.headline, text.summary):
        assert {figure.value for figure in figures(short, language)} <= in_body


@every_message
def test_both_languages_say_the_same(message: SampleMessage) -> None:
    assert tuple(message.texts) == LANGUAGES
    vi, en = (message.texts[language] for language in LANGUAGES)
    assert [(row["id"], row.get("number", "")) for row in vi.legal] == [
        (row["id"], row.get("number", "")) for row in en.legal
    ]
    assert _ids(vi.sources) == _ids(en.sources)
    assert vi.body.count("## ") == en.body.count("## ")
    assert vi.body.count("[^") == en.body.count("[^")
    told = [
        sorted(figure.value for figure in figures(parse(text.body).text, language))
        for language, text in message.texts.items()
    ]
    assert told[0] == told[1]


@every_message
def test_both_languages_cite_the_same_numbered_texts(message: SampleMessage) -> None:
    cited = [
        {
            citation.number
            for citation in legal_citations(parse(text.body).text, language)
            if "/" in citation.number
        }
        for language, text in message.texts.items()
    ]
    assert cited[0] == cited[1]


def test_contacts_are_posts_in_reserved_domains() -> None:
    for message in ORIGINALS:
        for text in message.texts.values():
            words = text.body.split()
            mails = [word.strip(".,;") for word in words if "@" in word]
            assert all(mail.endswith("@example.org") for mail in mails)


# Many messages


@given(st.integers(min_value=0, max_value=200))
@settings(max_examples=20)
def test_any_number_of_messages_are_distinct(n: int) -> None:
    made = messages(n)
    assert len(made) == n
    assert len({message.id for message in made}) == n
    for language in LANGUAGES:
        assert len({message.texts[language].headline for message in made}) == n


def test_copies_are_numbered_and_carry_no_files() -> None:
    copy = messages(len(ORIGINALS) + 1)[-1]
    assert copy.kind == ORIGINALS[0].kind
    assert copy.texts["vi"].headline.endswith(f"– bản sao số {len(ORIGINALS) + 1}")
    assert copy.texts["en"].headline.endswith(f"– copy {len(ORIGINALS) + 1}")
    assert ORIGINALS[0].assets
    assert not copy.assets


def test_a_negative_number_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        messages(-1)


# The files

_MAGIC = {
    "application/pdf": b"%PDF-",
    "image/png": b"\x89PNG\r\n\x1a\n",
    "video/webm": b"\x1a\x45\xdf\xa3",
}


def test_one_press_kit_carries_the_whole_bundle_in_every_language() -> None:
    (kit,) = [message for message in ORIGINALS if message.assets]
    assert kit.kind == "press-kit"
    for language in LANGUAGES:
        roles = [asset.role for asset in kit.assets[language]]
        assert roles == ["text", "document", "picture", "graphic", "video"]


@every_asset
def test_asset_is_of_its_type_and_small(asset: SampleAsset) -> None:
    content = asset.path.read_bytes()
    assert 0 < len(content) < 300_000
    if asset.media_type in _MAGIC:
        assert content.startswith(_MAGIC[asset.media_type])
    elif asset.media_type == "image/svg+xml":
        assert ET.fromstring(content).tag == "{http://www.w3.org/2000/svg}svg"
    else:
        assert asset.media_type == "text/plain"
        text = content.decode("utf-8")
        assert text == unicodedata.normalize("NFC", text)


@every_asset
def test_asset_is_described_for_those_who_cannot_see_it(asset: SampleAsset) -> None:
    assert len(asset.alt) >= 20 or asset.role == "text"
    assert asset.caption
    assert asset.alt == unicodedata.normalize("NFC", asset.alt)


def test_a_language_without_a_bundle_is_refused() -> None:
    with pytest.raises(KeyError):
        asset_files("fr")


@pytest.mark.parametrize("language", LANGUAGES)
def test_committed_chart_is_what_the_code_draws(language: str) -> None:
    (graphic,) = [asset for asset in asset_files(language) if asset.role == "graphic"]
    assert graphic.path.read_text(encoding="utf-8") == chart(language)
    assert "<script" not in chart(language)
    assert "href" not in chart(language)


@pytest.mark.parametrize("language", LANGUAGES)
@given(moment=st.floats(min_value=0, max_value=1))
def test_no_frame_of_the_film_shows_a_false_figure(language: str, moment: float) -> None:
    true = {f"{value:.1f}".replace(".", WORDS[language].decimal) for _, value in CENSUSES}
    shown = {
        element.text or ""
        for element in ET.fromstring(chart(language, moment)).iter(
            "{http://www.w3.org/2000/svg}text"
        )
    }
    decimals = {words for words in shown if WORDS[language].decimal in words and len(words) == 4}
    assert decimals <= true


@pytest.mark.parametrize("language", LANGUAGES)
def test_alt_text_of_the_chart_tells_every_figure(language: str) -> None:
    (graphic,) = [asset for asset in asset_files(language) if asset.role == "graphic"]
    for year, value in CENSUSES:
        assert str(year) in graphic.alt
        assert f"{value:.1f}".replace(".", WORDS[language].decimal) in graphic.alt


@pytest.mark.parametrize("language", LANGUAGES)
def test_fact_sheet_is_set_from_the_press_kit(language: str) -> None:
    (kit,) = [message for message in ORIGINALS if message.assets]
    page = sheet(language, kit.texts[language])
    assert f'<html lang="{language}">' in page
    assert chart(language) in page
    assert "[^" not in page
    for row in (*kit.texts[language].sources, *kit.texts[language].legal):
        assert row["title"] in page
