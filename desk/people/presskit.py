"""The press kit for one language: a zip of what is public already, and who speaks to what.

Nothing sealed is opened for its texts: they are those that stand in clear because they were
released and verified, and not withdrawn since. Files of a released item are added as far as the
reader's key opens them, by their safe names.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import select

from desk.clock import now, to_wall
from desk.errors import DeskError, NotFound, TrustError, UsageError
from desk.items import revisions
from desk.items.assets import safe_name
from desk.newsroom.room import Actor, Room, View
from desk.people import contact_exchange
from desk.people.contacts import Board, board_of
from desk.phrase import phrase
from desk.press import as_markdown
from desk.text import safe_text
from desk.trust.acts import CONTACTS, LANGUAGE
from desk.trust.canonical import digest_bytes
from desk.trust.state import SEEN, RevisionState
from models.tables import ITEMS, PUBLIC_TEXTS, REVISIONS

FIRST = (1980, 1, 1, 0, 0, 0)  # every entry's time, so that one kit is one sequence of bytes
MOST = 500  # items


@dataclass(frozen=True)
class Kit:
    """A written press kit: where, how many items, files and contacts; `missing`: files that were
    left out, since the reader's key does not open them."""

    path: str
    language: str
    items: int
    files: int
    contacts: int
    missing: tuple[str, ...]


def write(
    room: Room, actor: Actor, language: str, path: Path, *, agency: str = "", newsroom: str = ""
) -> Kit:
    """Write the kit of a language as a zip at `path`, which must not exist.

    `agency` narrows it; `newsroom` is the name that it bears. Raises UsageError, NotFound when
    nothing is public in that language, TrustError when a public text is not the signed one.
    """
    if not LANGUAGE(language):
        raise UsageError("Not a language", language[:20], "Such as vi, en, fr")
    with room.reading(CONTACTS) as view:
        board = board_of(view)
        zone, press = str(view.policy.document["zone"]), view.policy.press
        texts = list(_texts(view, language, agency))
        if not texts:
            raise NotFound("Nothing is public in that language", language)
        entries: dict[str, bytes] = {}
        missing: list[str] = []
        for item, revision, document in texts:
            entries[f"items/{item}/{item}.md"] = _markdown(document).encode()
            entries[f"items/{item}/{item}.json"] = _json(document)
            _add_files(view, actor, item, revision, document, entries, missing)
    files = len(entries) - 2 * len(texts)
    people = [c for c in board.contacts.values() if agency in ("", c.agency)]
    entries["contacts.vcf"] = contact_exchange.export(board, "vcard", agency).encode()
    entries["contacts.csv"] = contact_exchange.export(board, "csv", agency).encode()
    entries["topics.md"] = _topics(board, language, agency).encode()
    day = f"{to_wall(now(room.clock), zone):%d/%m/%Y %H:%M}"
    if press is not None:
        entries["press.md"] = as_markdown(press, language).encode()
    extra = ("press.md",) if press else ()
    entries["README.md"] = _readme(texts, newsroom, language, day, extra).encode()
    _zip(path, entries)
    return Kit(str(path), language, len(texts), files, len(people), tuple(missing))


def _texts(view: View, language: str, agency: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """The newest public text of each item of that language: item, revision, document."""
    query = (
        select(ITEMS.c.id, REVISIONS.c.digest, PUBLIC_TEXTS.c.content)
        .join(REVISIONS, REVISIONS.c.item == ITEMS.c.id)
        .join(PUBLIC_TEXTS, PUBLIC_TEXTS.c.revision == REVISIONS.c.digest)
        .where(ITEMS.c.language == language, ITEMS.c.public.in_(SEEN))
        .where(REVISIONS.c.state == "released")
        .order_by((ITEMS.c.kind == "press-kit").desc(), ITEMS.c.id, REVISIONS.c.number.desc())
    )
    if agency:
        query = query.where(ITEMS.c.agency == agency)
    seen: set[str] = set()
    for row in view.connection.execute(query):
        if row.id not in seen and len(seen) < MOST:
            seen.add(row.id)
            if not _signed(view, row.id, row.digest, row.content).withdrawn:
                yield row.id, row.digest, json.loads(row.content)


def _signed(view: View, item: str, digest: str, content: str) -> RevisionState:
    """The revision as it was signed. Raises TrustError when the stored text is another."""
    state = view.with_subjects(item).record.items.get(item)
    revision = state.revisions.get(digest) if state else None
    if revision is None or digest_bytes(content.encode()) != revision.content:
        raise TrustError(
            "Not the signed bytes", phrase("{item}, its public text", item=item),
            "Somebody altered the database: desk audit verify",
        )  # fmt: skip
    return revision


def _add_files(
    view: View, actor: Actor, item: str, revision: str, document: dict[str, Any],
    entries: dict[str, bytes], missing: list[str],
) -> None:  # fmt: skip
    about = view.with_subjects(item)
    for asset in document.get("assets", ()):
        name = f"items/{item}/{safe_name(str(asset['name']))}"
        try:
            entries[name] = revisions.asset(about, actor, item, revision, str(asset["id"]))
        except DeskError:
            missing.append(name)


def _markdown(document: dict[str, Any]) -> str:
    lines = [f"# {document['headline']}", str(document["summary"]), str(document["body"]).strip()]
    sources = [f"- [{one['id']}] {one['title']}" for one in document.get("sources", ())]
    return "\n\n".join([*lines, *(["\n".join(sources)] if sources else [])]) + "\n"


def _json(document: dict[str, Any]) -> bytes:
    shown = {name: value for name, value in document.items() if name != "salt"}
    return (json.dumps(shown, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def _topics(board: Board, language: str, agency: str) -> str:
    """Who speaks to what, with what is public of them."""
    blocks = []
    for topic in sorted(board.topics.values(), key=lambda one: one.id):
        if agency not in ("", topic.agency):
            continue
        lines = [f"## {topic.called(language)}"]
        for contact in (board.contacts[c] for c in topic.order if c in board.contacts):
            facts = [contact.called(language), contact.phone, contact.email]
            lines.append("- " + " · ".join(fact for fact in facts if fact))
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks) + "\n"


def _readme(
    texts: list[tuple[str, str, dict[str, Any]]], newsroom: str, language: str, day: str,
    extra: tuple[str, ...],
) -> str:  # fmt: skip
    lines = [f"# {newsroom or 'Press kit'}", f"{day} · {language}", ""]
    lines += [f"- items/{item}: {safe_text(doc['headline'])}" for item, _, doc in texts]
    lines += ["", ", ".join((*extra, "contacts.vcf", "contacts.csv", "topics.md")), ""]
    return "\n".join(lines)


def _zip(path: Path, entries: dict[str, bytes]) -> None:
    """One archive, made anew: in order, with one time, so that the same kit has the same bytes."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in sorted(entries.items()):
            info = zipfile.ZipInfo(name, FIRST)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            archive.writestr(info, data)
    try:
        with path.open("xb") as file:
            file.write(made.getvalue())
    except FileExistsError:
        raise UsageError("That file exists already", str(path), "Give another name") from None
    except OSError as error:
        raise UsageError("Cannot write there", f"{path}: {error.strerror}") from None
