"""The OpenAPI document says what the running server does: routes, requests and answers."""

from __future__ import annotations

import json
import re
from pathlib import Path
from urllib.parse import unquote

import httpx
import jsonschema
import pytest

from desk.portal import api
from desk.portal.openapi import SCHEMAS, document
from desk.trust.envelope import Envelope

from .test_release import FILM

COMMITTED = Path(__file__).parents[2] / "docs" / "portal-openapi.json"
PAYLOADS = {
    "stage": "StagePayload", "commit": "CommitPayload", "recall": "RecallPayload",
    "withdraw": "WithdrawPayload", "epoch": "EpochPayload", "calendar": "CalendarPayload",
    "receipt": "ReceiptPayload",
}  # fmt: skip


def valid(value, schema) -> None:
    whole = dict(schema) | {"components": {"schemas": SCHEMAS}}
    jsonschema.Draft202012Validator(whole).validate(value)


def test_the_committed_document_is_the_generated_one():
    assert json.loads(COMMITTED.read_text("utf-8")) == document(), "run: make docs"


def test_every_route_of_the_server_is_described_and_nothing_else():
    described = {
        (verb.upper(), path) for path, calls in document()["paths"].items() for verb in calls
    }
    served = {
        (verb, route.path) for route in api.routes() for verb in route.methods if verb != "HEAD"
    }
    assert described == served


def described_call(request):
    path = unquote(request.url.path)
    for template, calls in document()["paths"].items():
        if re.fullmatch(re.sub(r"{\w+}", "[^/]+", template), path):
            return calls.get(request.method.lower())
    return None


async def test_what_goes_over_the_wire_is_what_the_document_says(setup):
    seen: list[tuple[str, int]] = []
    payloads: set[str] = set()

    def look_into(value) -> None:
        if isinstance(value, dict) and "payloadType" in value:
            envelope = Envelope.from_value(value)
            name = re.fullmatch(r"application/vnd\.desk\.portal\.(\w+)\.v1\+json",
                                envelope.payload_type)  # fmt: skip
            if name:
                valid(envelope.body(), SCHEMAS[PAYLOADS[name[1]]])
                payloads.add(name[1])
        for inner in value.values() if isinstance(value, dict) else value:
            if isinstance(inner, (dict, list)):
                look_into(inner)

    async def check(response) -> None:
        call = described_call(response.request)
        if call is None:
            return
        await response.aread()
        assert str(response.status_code) in call["responses"], (call, response.status_code)
        seen.append((call["operationId"], response.status_code))
        answer = call["responses"][str(response.status_code)].get("content", {})
        if "application/json" in answer:
            valid(response.json(), answer["application/json"]["schema"])
            look_into(response.json())
        given = call.get("requestBody", {}).get("content", {})
        if "application/json" in given:
            try:
                sent = json.loads(response.request.content)
            except httpx.RequestNotRead:  # a commit goes out in two writes
                sent = json.loads(commit.call[1])
            valid(sent, given["application/json"]["schema"])
            look_into(sent)

    driver = setup.driver
    for line in (driver._line, driver._bulk):
        line.client.event_hooks["response"].append(check)
    world = setup.world
    item, act = world.write_item("one", assets=[FILM])
    two, _ = world.write_item("two")
    release, signoff = world.plan_release("first", [item])
    other, other_signoff = world.plan_release("second", [two])
    bundle, recalled = world.bundle(release, signoff), world.bundle(other, other_signoff)
    await setup.prepare()
    await driver.stage(bundle, world.acts)
    await driver.stage(recalled, world.acts)
    await driver.readback(recalled)
    await driver.recall(recalled.address)
    with pytest.raises(Exception, match="recalled"):
        await driver.stage(recalled, world.acts)
    commit = await driver.prebuild_commit([bundle])
    await driver.commit(commit)
    setup.clock.advance(300)
    await driver.commit(commit)
    await setup.published(bundle.address)
    away = world.act("item.withdraw", item, "lead-1", revision=act, mode="withdraw", note="x")
    await driver.withdraw([away.envelope])
    assert payloads == set(PAYLOADS)
    wanted = {("commits", 425), ("commits", 200), ("put_bundle", 409), ("receipts", 200),
              ("put_asset", 200), ("delete_bundle", 204), ("withdrawals", 200)}  # fmt: skip
    assert wanted <= set(seen)
    valid(json.loads(bundle.bundle.to_bytes()), SCHEMAS["BundlePlaintext"])
