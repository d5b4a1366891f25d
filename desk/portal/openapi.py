"""The contract as an OpenAPI 3.1 document, made from the routes that the server has.

`docs/portal-openapi.json` is this, written out; a test compares both with the running server.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Mapping
from typing import Any

from desk.portal import api
from desk.portal.contract.fields import ASSET, HEX64, ITEM, NEWSROOM, RELEASE
from desk.portal.contract.wire import STATES

Schema = dict[str, Any]


def _pattern(pattern: re.Pattern[str]) -> Schema:
    return {"type": "string", "pattern": f"^{pattern.pattern}$"}


def _object(required: Mapping[str, Schema], optional: Mapping[str, Schema] | None = None) -> Schema:
    return {
        "type": "object",
        "required": sorted(required),
        "properties": {**required, **(optional or {})},
        "additionalProperties": False,
    }


def _ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def _list(items: Schema) -> Schema:
    return {"type": "array", "items": items}


_HEX = _pattern(HEX64)
_WHOLE: Schema = {"type": "integer", "minimum": 0}
_TEXT: Schema = {"type": "string"}
_INSTANT: Schema = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$"}
_SEALED = _object({"sha256": _HEX, "size": _WHOLE})
_BASE64: Schema = {"type": "string", "contentEncoding": "base64"}

SCHEMAS: dict[str, Schema] = {
    "Envelope": _object(
        {
            "payload": _BASE64,
            "payloadType": _TEXT,
            "signatures": _list(_object({"keyid": _HEX, "sig": _BASE64})),
        }
    )
    | {"description": "DSSE over Ed25519. The payload is canonical JSON (RFC 8785)."},
    "Error": {
        "type": "object",
        "required": ["error"],
        "properties": {
            "error": _object(
                {"code": _TEXT, "title": _TEXT},
                {
                    "message": _TEXT,
                    "reasons": _list(_object({"rule": _TEXT, "text": _TEXT, "who": _list(_TEXT)})),
                },
            ),
            "wait_ms": _WHOLE,
            "epoch": _WHOLE,
            "version": _WHOLE,
            "missing": _list(_HEX),
            "phrases": {
                "type": "object",
                "description": "How sentences of `error` were made, by their English text: so "
                "that they can be told in another language. Left out where none is needed.",
            },
        },
        "additionalProperties": False,
    },
    "StagePayload": _object(
        {
            "newsroom": _pattern(NEWSROOM), "channel": _TEXT, "address": _HEX,
            "release": _pattern(RELEASE), "at": _INSTANT, "not_after": _INSTANT,
            "manifest": _HEX, "epoch": _WHOLE, "time": _INSTANT, "key_sha256": _HEX,
            "cipher_sha256": _HEX, "cipher_size": _WHOLE, "assets": _list(_SEALED),
        }
    ),
    "CommitPayload": _object(
        {
            "newsroom": _pattern(NEWSROOM), "epoch": _WHOLE, "time": _INSTANT,
            "bundles": _list(
                _object({"address": _HEX, "key": _BASE64}, {"trigger": _ref("Envelope")})
            ),
        }
    ),
    "RecallPayload": _object(
        {"newsroom": _pattern(NEWSROOM), "address": _HEX, "epoch": _WHOLE, "time": _INSTANT}
    ),
    "WithdrawPayload": _object(
        {
            "newsroom": _pattern(NEWSROOM), "epoch": _WHOLE, "time": _INSTANT,
            "acts": _list(_HEX),
        }
    ),
    "EpochPayload": _object(
        {"newsroom": _pattern(NEWSROOM), "publisher": _TEXT, "time": _INSTANT, "nonce": _HEX},
        {"portal": _HEX, "roster": _WHOLE, "rosters": _list(_HEX)},
    ),
    "CalendarPayload": _object(
        {
            "newsroom": _pattern(NEWSROOM), "version": _WHOLE, "epoch": _WHOLE, "time": _INSTANT,
            "calendar": {"type": "object"},
        }
    ),
    "ReceiptPayload": _object(
        {
            "format": _WHOLE, "portal": _HEX, "newsroom": _pattern(NEWSROOM), "channel": _TEXT,
            "address": _HEX, "release": _pattern(RELEASE), "manifest": _HEX,
            "state": {"enum": list(STATES)}, "at": _INSTANT, "epoch": _WHOLE, "items": _WHOLE,
            "opened_ms": _WHOLE, "late_us": _WHOLE,
        },
        {
            "published_ms": _WHOLE,
            "verified": _list(
                _object(
                    {
                        "item": _pattern(ITEM), "language": _TEXT, "number": _WHOLE,
                        "content": _HEX, "good": {"type": "boolean"},
                    }
                )
            ),
        },
    ),
    "BundlePlaintext": _object(
        {
            "format": _WHOLE, "newsroom": _pattern(NEWSROOM), "channel": _TEXT,
            "release": _pattern(RELEASE), "at": _INSTANT, "not_after": _INSTANT,
            "items": _list(
                _object(
                    {
                        "item": _pattern(ITEM), "language": _TEXT, "number": _WHOLE, "act": _HEX,
                        "content": _BASE64, "ninjs": {"type": "object"}, "ninjs_digest": _HEX,
                    },
                    {"first_at": _INSTANT},
                )
            ),
            "assets": _list(
                _object(
                    {
                        "id": _pattern(ASSET), "sha256": _HEX, "size": _WHOLE,
                        "media_type": _TEXT, "name": _TEXT, "ciphertext_sha256": _HEX,
                        "ciphertext_size": _WHOLE,
                    }
                )
            ),
        }
    ),
    "Staged": _object(
        {"state": {"enum": list(STATES)}, "missing": _list(_HEX), "receipt": _ref("Envelope")}
    ),
    "Rehearsed": _object({"items": _WHOLE, "waits": {"type": "boolean"}}),
    "Receipt": _object({"receipt": _ref("Envelope")}),
    "Receipts": _object({"receipts": _list(_ref("Envelope"))}),
    "Time": _object({"ms": _WHOLE, "sure": {"type": "boolean"}}, {"roster": _HEX, "epoch": _WHOLE}),
    "Epoch": _object({"epoch": _WHOLE}),
    "Acts": _object({"acts": _list(_ref("Envelope"))}),
    "Version": _object({"version": _WHOLE}),
    "Withdrawn": _object({"withdrawn": _list(_pattern(ITEM))}),
    "Standing": _object(
        {
            "newsroom": _pattern(NEWSROOM), "key": _HEX, "roster": _WHOLE, "policy": _WHOLE,
            "calendar": _WHOLE, "epoch": _WHOLE, "holder": _TEXT,
            "bundles": _list(
                _object(
                    {
                        "address": _HEX, "release": _pattern(RELEASE),
                        "state": {"enum": list(STATES)}, "at": _INSTANT,
                    }
                )
            ),
            "withdrawn": _list(_HEX),
        }
    ),
}  # fmt: skip

_ACTS = _object({"acts": _list(_ref("Envelope"))})
_STAGE = _object(
    {"envelope": _ref("Envelope"), "acts": _list(_ref("Envelope")), "ciphertext": _BASE64}
)
_WITHDRAW = _object({"envelope": _ref("Envelope"), "acts": _list(_ref("Envelope"))})
_BYTES = "bytes"

# handler -> (request, answers by status); an answer is a schema's name, bytes, or nothing
CALLS: dict[str, tuple[Schema | str | None, dict[int, str]]] = {
    "time": (None, {200: "Time"}),
    "receipts": (None, {200: "Receipt", 404: "Error"}),
    "standing": (None, {200: "Standing"}),
    "known_acts": (None, {200: "Acts"}),
    "epochs": (_ref("Envelope"), {200: "Epoch", 201: "Epoch", 403: "Error", 409: "Error"}),
    "put_roster": (_ACTS, {200: "Version", 403: "Error", 409: "Error"}),
    "put_policy": (_ACTS, {200: "Version", 403: "Error", 409: "Error"}),
    "put_calendar": (_ref("Envelope"), {200: "Version", 403: "Error", 409: "Error"}),
    "put_bundle": (
        _STAGE,
        {200: "Staged", 201: "Staged", 403: "Error", 409: "Error", 410: "Error"},
    ),
    "rehearsals": (_STAGE, {200: "Rehearsed", 403: "Error", 409: "Error", 410: "Error"}),
    "get_bundle": (None, {200: _BYTES, 404: "Error"}),
    "get_acts": (None, {200: "Acts", 404: "Error"}),
    "delete_bundle": (_ref("Envelope"), {204: "", 403: "Error", 404: "Error", 409: "Error"}),
    "put_asset": (_BYTES, {200: "Staged", 404: "Error", 409: "Error"}),
    "get_asset": (None, {200: _BYTES, 404: "Error"}),
    "commits": (
        _ref("Envelope"),
        {200: "Receipts", 403: "Error", 404: "Error", 409: "Error", 410: "Error", 425: "Error",
         503: "Error"},
    ),
    "withdrawals": (_WITHDRAW, {200: "Withdrawn", 403: "Error", 409: "Error"}),
}  # fmt: skip

_MEANINGS = {
    200: "Done, or done before", 201: "Made", 204: "Taken back", 400: "Malformed",
    401: "The bearer token is missing or wrong", 403: "Judged not good; `reasons` say why",
    404: "Nothing is here", 409: "Against what is there: `code` says what",
    410: "Too late, finally",
    413: "Too large", 425: "Too early; `wait_ms` milliseconds are left",
    503: "Not sure of the time, or storage fails; try again",
}  # fmt: skip


def _content(what: Schema | str) -> dict[str, Any]:
    if what == _BYTES:
        return {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
    schema = _ref(what) if isinstance(what, str) else what
    return {"application/json": {"schema": schema}}


def _answer(status: int, what: str) -> dict[str, Any]:
    answer: dict[str, Any] = {"description": _MEANINGS[status]}
    if what:
        answer["content"] = _content(what)
    return answer


def _operation(path: str, handler: api.Handler, guarded: bool) -> dict[str, Any]:
    request, answers = CALLS[handler.__name__]
    if guarded:
        answers = answers | {401: "Error"}
    if request is not None:
        answers = answers | {400: "Error", 413: "Error"}
    parameters: list[dict[str, Any]] = [
        {
            "name": name,
            "in": "path",
            "required": True,
            "schema": _pattern(NEWSROOM) if name == "newsroom" else _HEX,
        }
        for name in re.findall(r"{(\w+)}", path)
    ]
    if handler.__name__ == "commits":
        parameters.append(
            {
                "name": "Idempotency-Key",
                "in": "header",
                "required": True,
                "schema": {"type": "string", "minLength": 16, "maxLength": 200},
            }
        )
    operation: dict[str, Any] = {
        "operationId": handler.__name__,
        "summary": inspect.getdoc(handler) or "",
        "responses": {str(s): _answer(s, what) for s, what in sorted(answers.items())},
    }
    if parameters:
        operation["parameters"] = parameters
    if request is not None:
        operation["requestBody"] = {"required": True, "content": _content(request)}
    if guarded:
        operation["security"] = [{"token": []}]
    return operation


def document() -> dict[str, Any]:
    """The OpenAPI document of the contract, v1."""
    paths: dict[str, dict[str, Any]] = {}
    for table, guarded in ((api.OPEN, False), (api.GUARDED, True)):
        for (verb, path), handler in table.items():
            paths.setdefault(path, {})[verb.lower()] = _operation(path, handler, guarded)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Desk portal contract",
            "version": "1",
            "description": "How a publisher stages, opens and withdraws sealed releases at a "
            "portal. See docs/portal-contract.md.",
        },
        "paths": dict(sorted(paths.items())),
        "components": {
            "schemas": SCHEMAS,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }
