"""The committed vectors: made once from fixed seeds, compared ever after.

`python -m tests.trust.vectors` writes those that are not there yet; it never changes one.
"""

from __future__ import annotations

import base64
import json
import sys
from pathlib import Path
from typing import Any

from desk.portal.contract import stagecrypt
from desk.trust.acts import FIELDS, Act, write
from desk.trust.canonical import canonical, digest, digest_bytes
from desk.trust.envelope import pae
from desk.trust.log import Head, checkpoint, next_entry
from desk.trust.seal import Name, Reader, wrap_info

from .house import (
    ADMINS,
    AT,
    GATES,
    NEWSROOM,
    PIN,
    ROOT,
    TIME,
    UID,
    WALL,
    ZONE,
    digest_of,
    ident,
    identity,
    policy_document,
    roster_document,
    seed,
)

FOLDER = Path(__file__).parent.parent / "data" / "vectors"
PEOPLE = ("writer", "reviewer", "lead-1", "lead-2", "pub-1", "portal", "recovery", *ADMINS)
GOOD = [
    {"b": 1, "a": True, "": []},
    {"text": 'Tiếng Việt "có dấu" \\ / \b\f\n\r\t\u0001\u007f\u2028'},
    {"\U0001f600": 1, "￿": 2, "é": 3, "z": 4, "Z": 5, "10": 6, "9": 7},
    [2**53 - 1, -(2**53) + 1, 0, False, {"nested": {"empty": {}}}],
]
BAD = {
    "decomposed text": '{"a":"e\u0302"}',
    "a duplicate key": '{"a":1,"a":1}',
    "a float": '{"a":1.5}',
    "a float that is whole": '{"a":1.0}',
    "an exponent": '{"a":1e2}',
    "minus zero": '{"a":-0}',
    "an integer past 2^53": '{"a":9007199254740992}',
    "null": '{"a":null}',
    "a blank": '{"a": 1}',
    "keys in another order": '{"b":1,"a":2}',
    "keys by code point": '{"￿":2,"\U0001f600":1}',
    "an escape that is not needed": '{"a":"\\u0041"}',
    "an escaped slash": '{"a":"\\/"}',
    "capital hex in an escape": '{"a":"\\u001F"}',
    "a lone surrogate": '{"a":"\\ud83d"}',
    "a line end after it": '{"a":1}\n',
    "two values": "{}{}",
}


def keys() -> dict[str, Any]:
    people = {
        name: {
            "seed": seed(name).hex(),
            "sign": identity(name).sign_public,
            "read": identity(name).read_public,
        }
        for name in PEOPLE
    }
    return {"newsroom": NEWSROOM, "root": ROOT, "fingerprint": PIN, "uid": UID, "people": people}


def forms() -> dict[str, Any]:
    return {
        "good": [
            {"value": value, "bytes": canonical(value).hex(), "sha256": digest(value)}
            for value in GOOD
        ],
        "bad": [{"what": what, "bytes": text.encode().hex()} for what, text in BAD.items()],
    }


def _acts() -> list[tuple[Act, tuple[str, ...]]]:
    item, release = ident("i", "vector"), ident("r", "vector")
    moment = {"at": AT, "zone": ZONE, "wall": WALL}
    parent = {"parent": digest_of("parent")}
    signoff = {"signoff": digest_of("signoff")}
    staged = signoff | {"channel": "portal", "address": digest_of("address")}
    fields: dict[str, tuple[str, dict[str, Any]]] = {
        "roster": ("roster", {"version": 1, "document": roster_document()}),
        "policy": ("policy", {"version": 2, "document": policy_document()} | parent),
        "resume": ("newsroom", {"head": digest_of("head"), "seq": 42}),
        "item.revise": (item, {
            "revision": ident("v", "vector", 16), "number": 2, "language": "vi",
            "item_kind": "statement", "agency": "thong-ke", "content": digest_of("content"),
            "message": ident("m", "vector"), "notes": digest_of("notes"), "code": "SAO MAI",
        } | parent),
        "item.approve": (item, {
            "revision": digest_of("revision"), "step": "review", "gates": GATES, "roster": 3,
            "acknowledged": [digest_of("finding")], "termbase": "1",
        }),
        "item.return": (item, {"revision": digest_of("revision"), "step": "review",
                               "reason": digest_of("reason")}),
        "item.withdraw": (item, {"revision": digest_of("revision"), "mode": "takedown",
                                 "note": "Đính chính số liệu"} | parent),
        "release.plan": (release, moment | {"code": "SAO MAI", "channels": ["portal", "press"],
                                            "items": [item], "slot": "morning"}),
        "release.edit": (release, parent | {"channels": ["portal"], "items": [item],
                                            "code": "SAO MAI"}),
        "release.move": (release, parent | moment | {"note": "Dời lịch", "slot": "morning",
                                                     "fold": "later"}),
        "release.confirm": (release, parent),
        "release.postpone": (release, parent | {"note": "Hoãn"}),
        "release.cancel": (release, parent | {"note": "Hủy"}),
        "release.recall": (release, parent | signoff | {"reason": digest_of("reason")}),
        "release.sign": (release, parent | {
            "at": AT, "zone": ZONE, "not_after": "2026-11-20T08:15:00Z", "publish_within": 900,
            "channels": ["portal", "press"], "policy": digest_of("policy"), "policy_version": 2,
            "items": [{"item": item, "revision": digest_of("revision"), "language": "vi"}],
            "roster_version": 3, "termbase": "1",
        }),
        "release.hold": ("*", {"nonce": digest_of("nonce"), "reason": digest_of("reason")}),
        "release.lift": ("*", {"hold": digest_of("hold")}),
        "publisher.staged": (release, staged),
        "publisher.released": (release, staged | {
            "opened_ms": 1_795_161_600_004, "revisions": [digest_of("revision")],
            "receipt": digest_of("receipt"),
        }),
        "publisher.failed": (release, signoff | {"channel": "portal", "code": "http-500"}),
        "publisher.missed": (release, signoff | {"code": "not-staged"}),
        "publisher.ack": (release, {"act": digest_of("act"), "outcome": "in-force"}),
        "publisher.alarm": ("newsroom", {"code": "log", "detail": "thiếu 1 mục"}),
    }  # fmt: skip
    return [_signed(name, subject, own) for name, (subject, own) in fields.items()]


def _signed(name: str, subject: str, own: dict[str, Any]) -> tuple[Act, tuple[str, ...]]:
    who = {"person": ("writer",), "leads": ("lead-1", "lead-2"), "publisher": ("pub-1",),
           "root": ("admin-1", "admin-2"), "script": ("portal",)}  # fmt: skip
    signers = who[FIELDS[name].signed_by]
    value = {"newsroom": UID, "subject": subject} | own
    if FIELDS[name].signed_by in ("person", "publisher"):
        value |= {"actor": signers[0], "time": TIME}
    elif FIELDS[name].signed_by in ("root", "script"):
        value |= {"time": TIME}
    return write(name, value, *(identity(s) for s in signers)), signers


def _shown(act: Act, signers: tuple[str, ...]) -> dict[str, Any]:
    return {
        "payload_type": act.envelope.payload_type,
        "payload": act.envelope.payload.decode(),
        "pae": base64.b64encode(pae(act.envelope.payload_type, act.envelope.payload)).decode(),
        "digest": act.digest,
        "signatures": [
            {"by": name, "keyid": s.keyid, "sig": base64.b64encode(s.sig).decode()}
            for name, s in zip(signers, act.envelope.signatures, strict=True)
        ],
        "envelope_sha256": digest_bytes(act.envelope.to_json()),
    }


def acts() -> dict[str, Any]:
    return {act.kind.name: _shown(act, signers) for act, signers in _acts()}


def later() -> dict[str, Any]:
    """Kinds and fields that came after the first vectors, which stay as they are."""
    item, release = ident("i", "vector"), ident("r", "vector")
    revision = {"revision": digest_of("revision")}
    fields: dict[str, tuple[str, dict[str, Any]]] = {
        "item.restore": (item, revision | {"withdrawal": digest_of("withdrawal")}),
        "item.revise, a quick fix": (item, {
            "revision": ident("v", "quick fix", 16), "number": 3, "language": "vi",
            "item_kind": "statement", "agency": "thong-ke", "content": digest_of("mended"),
            "message": ident("m", "vector"), "parent": digest_of("parent"), "quick_fix": True,
        }),
        "item.approve, a quick fix": (item, revision | {
            "step": "check", "roster": 3,
            "gates": [*GATES, {"id": "quick-fix", "version": 1, "outcome": "pass",
                               "input": digest_of("both texts")}],
        }),
        "people.delegate": ("people", {
            "to": "reviewer", "role": "check", "agency": "thong-ke", "from": TIME,
            "until": "2026-12-21T07:00:00Z", "note": "Nghỉ phép",
        }),
        "people.delegate, for every agency": ("people", {
            "to": "reviewer", "role": "lead", "agency": "*", "from": TIME, "until": TIME,
        }),
        "people.undelegate": ("people", {"delegation": digest_of("delegation")}),
        "people.remind": (item, {"to": ["lead-1", "reviewer"], "step": "review"}),
        "terms.change": ("terms", {
            "number": 31, "base": digest_of("entries"), "after": digest_of("other entries"),
            "change": digest_of("change"), "people": 2,
        }),
        **_contacts(),
        "release.grant": (release, {
            "parent": digest_of("parent"), "at": AT, "zone": ZONE, "wall": WALL,
            "until": "2026-11-20T10:00:00Z", "script": "gdp-feed", "once": True,
            "key": identity("portal").sign_public, "note": "Chờ số liệu",
        }),
        "release.trigger": (release, {
            "grant": digest_of("grant"), "signoff": digest_of("signoff"),
        }),
        "release.sign, with a trigger": (release, {
            "parent": digest_of("grant"), "at": AT, "zone": ZONE, "publish_within": 900,
            "not_after": "2026-11-20T10:00:00Z", "channels": ["portal", "press"],
            "items": [{"item": item, "revision": digest_of("revision"), "language": "vi"}],
            "policy": digest_of("policy"), "policy_version": 2, "roster_version": 3,
            "trigger": {"grant": digest_of("grant"), "key": identity("portal").sign_public,
                        "script": "gdp-feed"},
        }),
    }  # fmt: skip
    return {
        label: _shown(*_signed(label.partition(",")[0], subject, own))
        for label, (subject, own) in fields.items()
    }


def _contacts() -> dict[str, tuple[str, dict[str, Any]]]:
    """Acts about contacts and enquiries."""
    contact, enquiry = ident("c", "vector"), ident("q", "vector")
    parent = {"parent": digest_of("parent")}
    until = "2026-11-20T10:00:00Z"
    value = {"format": 1, "agency": "thong-ke", "name": {"vi": "Văn phòng – người phát ngôn 1"}}
    return {
        "contacts.change": ("contacts", {"entries": [
            {"id": contact, "value": value, "private": digest_of("private")},
            {"id": "kinh-te@thong-ke"} | parent,
        ]}),
        "contact.available": (ident("r", "vector"), {
            "contact": contact, "can": "yes", "from": AT, "until": until,
        }),
        "enquiry.open": (enquiry, {
            "question": digest_of("question"), "enquirer": digest_of("enquirer"),
            "language": "en", "agency": "thong-ke", "topic": "kinh-te", "contact": contact,
            "due": until,
        }),
        "enquiry.assign": (enquiry, parent | {"contact": contact, "due": until}),
        "enquiry.answer": (enquiry, parent | {"item": ident("i", "vector")}),
        "enquiry.close": (enquiry, parent | {
            "outcome": "answered", "revision": digest_of("revision"),
        }),
        "enquiry.close, declined": (enquiry, parent | {
            "outcome": "declined", "reason": digest_of("reason"),
        }),
        "enquiry.reopen": (enquiry, parent | {"due": until}),
        "enquiry.forget": (enquiry, parent),
    }  # fmt: skip


def log() -> dict[str, Any]:
    head, entries = Head(), []
    for act, _ in _acts():
        entry = next_entry(head, act.envelope.to_json())
        head = Head(entry.seq, entry.hash)
        entries.append({"seq": entry.seq, "kind": act.kind.name, "previous": entry.previous,
                        "hash": entry.hash})  # fmt: skip
    sealed = checkpoint(UID, head, TIME, identity("pub-1"))
    return {"entries": entries, "checkpoint": json.loads(sealed.to_json())}


def seals() -> dict[str, Any]:
    name = Name(UID, "revision", ident("i", "vector"), ident("v", "vector", 16))
    reader = Reader("reviewer", identity("reviewer").read_public)
    address = stagecrypt.bundle_address(UID, "portal", digest_of("signoff"))
    key = stagecrypt.bundle_key(seed("publisher secret"), address)
    text = "Bản tin thử".encode()
    return {
        "name": {"newsroom": name.newsroom, "kind": name.kind, "subject": name.subject,
                 "id": name.id},
        "aad": {part: name.aad(part).decode() for part in ("content", "notes", "asset:a-0")},
        "reader": {"id": reader.id, "key": reader.key},
        "wrap_info": wrap_info(name, reader).decode(),
        "bundle": {
            "channel": "portal", "manifest": digest_of("signoff"), "address": address,
            "secret": seed("publisher secret").hex(), "key": key.hex(), "plaintext": text.hex(),
            "sealed": stagecrypt.seal_bundle(key, address, text).hex(),
            "asset_sha256": digest_bytes(text),
            "asset": b"".join(
                stagecrypt.seal_asset(key, address, digest_bytes(text), [text])
            ).hex(),
        },
    }  # fmt: skip


ALL = {"keys": keys, "canonical": forms, "acts": acts, "later": later, "log": log, "seals": seals}


def text_of(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    for name, make in ALL.items():
        path = FOLDER / f"{name}.json"
        if not path.exists():
            path.write_text(text_of(make()), encoding="utf-8")
            sys.stderr.write(f"{path.name}\n")
