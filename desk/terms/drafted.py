"""An entry as a person writes it in a form: a few texts, several forms divided by bars."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from desk.errors import UsageError
from desk.locales import _
from desk.terms.entry import Entry
from desk.terms.exchange.built import slug
from desk.terms.plain import entry_of, plain
from desk.text import nfc

BAR = "|"
_RULES = {"vi": "Viết {form}.", "en": "Write {form}."}


@dataclass(frozen=True)
class Drafted:
    """The texts of the form. `use`, `avoid`, `was`, `match` and `clean` hold several, by bars."""

    language: str = "vi"
    use: str = ""
    avoid: str = ""
    was: str = ""
    severity: str = "warning"
    rule: str = ""
    source: str = ""
    place: str = ""
    match: str = ""
    clean: str = ""


def parts(text: str) -> list[str]:
    """The texts between bars."""
    found = (" ".join(nfc(part).split()) for part in text.split(BAR))
    return [part for part in found if part]


def drafted(entry: Entry) -> Drafted:
    """An entry as the form shows it."""

    def of(*statuses: str) -> str:
        return f" {BAR} ".join(form.text for form in entry.forms if form.status in statuses)

    return Drafted(
        entry.language, of("preferred", "admitted"), of("deprecated", "forbidden"),
        of("superseded"), entry.severity, entry.rule, entry.source.source.title,
        entry.source.place, f" {BAR} ".join(entry.match), f" {BAR} ".join(entry.clean),
    )  # fmt: skip


def entry_from(draft: Drafted, base: Entry | None = None) -> Entry:
    """The entry that a form says. What the form does not show stays as in `base`.

    Raises UsageError for what is missing, ConfigError for what cannot be an entry.
    """
    use = parts(draft.use)
    if not use:
        raise UsageError("What is to be written?", "the standard form is missing")
    if not draft.source.strip():
        raise UsageError("A source is needed", "every rule says where it is written")
    value: dict[str, Any] = plain(base) if base else {"id": slug(use[0])}
    known = {form.text: form.status for form in base.forms} if base else {}
    wrong = [(text, "deprecated") for text in parts(draft.avoid)]
    wrong += [(text, "superseded") for text in parts(draft.was)]
    right = [(text, "preferred" if n == 0 else "admitted") for n, text in enumerate(use)]
    same = {"deprecated": ("deprecated", "forbidden"), "admitted": ("preferred", "admitted")}
    value |= {
        "language": draft.language.strip(),
        "forms": [
            {"text": text, "status": known[text]
             if known.get(text) in same.get(status, ()) else status}
            for text, status in [*right, *wrong]
        ],
        "severity": draft.severity.strip(),
        "rule": nfc(draft.rule).strip() or rule_of(draft.language.strip(), use[0]),
        "source": _source(draft, base),
        "examples": {"match": parts(draft.match), "clean": parts(draft.clean)},
    }  # fmt: skip
    return entry_of(value, _("the entry"))


def rule_of(language: str, form: str) -> str:
    """The rule of an entry whose writer gave none, in the language of the entry."""
    return _RULES.get(language, _RULES["en"]).format(form=form)


def _source(draft: Drafted, base: Entry | None) -> dict[str, str]:
    title, place = nfc(draft.source).strip(), nfc(draft.place).strip()
    if base is not None and title == base.source.source.title:
        kept: dict[str, str] = {**plain(base)["source"]}
        kept.pop("where", None)
        return kept | ({"where": place} if place and place != base.source.source.place else {})
    return {"id": slug(title), "title": title} | ({"where": place} if place else {})
