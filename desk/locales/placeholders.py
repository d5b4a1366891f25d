"""What stands in capitals in a command line for what a reader puts there, in their language."""

from __future__ import annotations

import re

from desk.locales import N_, _

_PLACEHOLDERS = frozenset({
    N_("ADDRESS"), N_("AGENCY"), N_("ARGS"), N_("ASSET"), N_("CHANNEL"), N_("CODE"), N_("COLUMN"),
    N_("CONTACT"), N_("CURSOR"), N_("DATE"), N_("DIGEST"), N_("ENQUIRY"), N_("ENTRY"), N_("FIELD"),
    N_("FILE"), N_("FILTER"), N_("FINGERPRINT"), N_("FIRST"), N_("FOLDER"), N_("FORM"),
    N_("INTEGER"), N_("ITEM"), N_("KIND"), N_("LANG"), N_("LINE"), N_("MINUTES"), N_("NAME"),
    N_("NEW"), N_("NOUN"), N_("NUMBER"), N_("OLD"), N_("OPTIONS"), N_("PAGE"), N_("PATH"),
    N_("PERSON"), N_("QUERY"), N_("READ"), N_("RELEASE"), N_("ROLE"), N_("SECOND"), N_("SECONDS"),
    N_("SEQ"), N_("SETTING"), N_("SIGN"), N_("SUBJECT"), N_("TEXT"), N_("TIME"), N_("TITLE"),
    N_("TOPIC"), N_("VALUE"), N_("VERB"), N_("WORDS"),
})  # fmt: skip
"""What stands in capitals for what a reader has to put there. HEX, URL and such are the same."""
_WORD = re.compile(r"[A-Z]{3,}")


def placeholders(text: str) -> str:
    """`--key PERSON` as the reader's language writes it."""
    text = text.replace("INTEGER RANGE", "INTEGER")
    return _WORD.sub(lambda met: _(met[0]) if met[0] in _PLACEHOLDERS else met[0], text)
