"""Attacks 14, 15 and 18: nothing readable before the instant, anywhere that can be looked."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import itertools
import json
import os
import re
from collections.abc import Iterator
from pathlib import Path

import httpx

from desk.approvals import decide
from desk.demo import newsroom as demo
from desk.items import drafts
from desk.trust.canonical import canonical
from tests.scenarios import scenario

from .harness import Desk, desk, wait_for


def files(d: Desk) -> Iterator[tuple[Path, bytes]]:
    """Every file of the newsroom and its bytes; what a program has removed meanwhile is none."""
    for folder, _, names in os.walk(d.root):  # goes past folders that are gone
        for file in (Path(folder, name) for name in names):
            with contextlib.suppress(FileNotFoundError):
                if file.is_file():
                    yield file, file.read_bytes()


def hits(d: Desk, words: list[bytes]) -> list[str]:
    """Files and process arguments that hold one of the words."""
    found = []
    for file, data in files(d):
        found += [f"{file.relative_to(d.root)}: {w!r}" for w in words if w in data]
    for process in d.processes.values():
        for name in ("cmdline", "environ"):
            place = Path(f"/proc/{process.pid}/{name}")
            # Of programs that hold keys nobody but root reads the environment (desk/dumps.py).
            if place.exists() and os.access(place, os.R_OK):
                found += [f"{name}: {w!r}" for w in words if w in place.read_bytes()]
    return found


def spellings(text: str) -> list[bytes]:
    """How a text may stand in a file: UTF-8, UTF-16, JSON escapes, base64 without its edges."""
    plain = text.encode()
    coded = [base64.b64encode(b"x" * shift + plain)[4:-4] for shift in range(3)]
    return [plain, text.encode("utf-16-le"), json.dumps(text)[1:-1].encode(), *coded]


@scenario
def test_attack_14_canary_nowhere_before_the_instant() -> None:
    with desk() as d:
        d.start_publisher()
        editor = d.n.actor("editor-1")
        title, name, reason = ("CANARY-TITLE-81f3", "canary-name-5b2e.svg", "CANARY-WHY-90ce")
        draft = drafts.new(
            d.n.room, editor, kind="news", agency="thong-ke", language="vi", code="TIN",
            changes={"headline": f"Số liệu {title}", "summary": title, "body": title},
        )  # fmt: skip
        asset = d.root.parent / f"{d.root.name}-{name}"
        asset.write_text("<svg xmlns='http://www.w3.org/2000/svg'><title>CANARY-SVG</title></svg>")
        try:
            drafts.attach(d.n.room, editor, draft.item, asset, role="graphic", alt="x")
        finally:
            asset.unlink()
        decide.give_back(d.n.room, d.n.actor("lead-1"), d.n.items[0], reason)
        d.n.items.clear()
        demo.write_items(d.n, 2, lambda _: None)
        words = [w for text in (d.n.canary, title, name, reason, "CANARY-SVG")
                 for w in spellings(text)]  # fmt: skip
        d.release()
        d.staged()
        assert hits(d, words) == []
        for secret in d.n.seeds.values():
            assert hits(d, [secret, secret.hex().encode()]) == []
        d.until(0.4)
        assert hits(d, words) == []
        d.released()
        d.caught_up()
        # Afterwards the released text is public; drafts, notes and reasons still are not.
        private = [w for text in (title, name, reason, "CANARY-SVG") for w in spellings(text)]
        assert hits(d, private) == []
        public = ("var/press/", "portals/portal/portal.db", "var/desk.db")
        found = hits(d, spellings(d.n.canary))
        assert any(hit.startswith("portals/portal/") for hit in found)
        assert [hit for hit in found if not hit.startswith(public)] == []


def digests_in(d: Desk) -> set[str]:
    """Every 64-hex word that is stored or staged anywhere."""
    found: set[str] = set()
    for _, data in files(d):
        found |= {m.decode() for m in re.findall(rb"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])", data)}
        for coded in re.findall(rb"[A-Za-z0-9+/]{80,}={0,2}", data):
            with contextlib.suppress(ValueError):
                plain = base64.b64decode(coded[: len(coded) // 4 * 4])
                found |= {m.decode() for m in re.findall(rb"[0-9a-f]{64}", plain)}
    return found


@scenario
def test_attack_15_templated_figure_cannot_be_guessed() -> None:
    """Somebody who knows all but the figure tries every figure against every digest there is."""
    with desk(items=0) as d:
        editor = d.n.actor("editor-1")
        figure = "4,7"
        changes = {"headline": f"GDP tăng {figure}%", "summary": f"GDP quý III tăng {figure}%.",
                   "body": f"GDP quý III tăng {figure}% [^1].",
                   "sources": [{"id": "1", "title": "Cục Thống kê"}]}  # fmt: skip
        draft = drafts.new(
            d.n.room, editor, kind="news", agency="thong-ke", language="vi", code="GDP",
            changes=changes,
        )  # fmt: skip
        from desk.items import revisions

        revisions.submit(d.n.room, editor, draft.item, notes="")
        with d.n.room.reading(draft.item) as view:
            state = view.record.items[draft.item]
        known = digests_in(d)
        assert state.current.content in known
        content = json.loads(_content(d, draft.item))
        for whole, part in itertools.product(range(10), range(10)):
            guess = {k: _swap(v, figure, f"{whole},{part}") for k, v in content.items()}
            unsalted = {k: v for k, v in guess.items() if k != "salt"}
            texts = [canonical(unsalted), json.dumps(guess, ensure_ascii=False).encode()]
            texts += [str(guess[k]).encode() for k in ("headline", "summary", "body")]
            texts.append(canonical({**unsalted, "salt": "0" * 64}))
            for text in texts:
                assert hashlib.sha256(text).hexdigest() not in known


def _swap(value: object, old: str, new: str) -> object:
    return value.replace(old, new) if isinstance(value, str) else value


def _content(d: Desk, item: str) -> bytes:
    from desk.store import sealed
    from desk.trust.seal import Name

    with d.n.room.reading(item) as view:
        revision = view.record.items[item].current
        name = Name(view.record.newsroom, "revision", item, revision.id)
        key = sealed.key_for(view.connection, name, d.n.actor("editor-1").opener)
        return sealed.get(view.connection, key, "content")


@scenario
def test_attack_18_everything_at_the_portal_before_the_instant() -> None:
    """Guessed addresses, lists, error pages, feed, search, assets, ranges: only ciphertext."""
    with desk() as d:
        d.start_publisher()
        d.release(25)
        d.staged()
        url, canary = d.urls["portal"], d.n.canary
        record = d.record()
        address = d.address["portal"]
        titles = [record.items[i].code for i in d.n.items]
        sealed = (d.portal_db().parent / "sealed" / address).iterdir()
        paths = ["/", "/?lang=en", "/?lang=vi", "/feed.atom", "/feed.atom?lang=en",
                 "/calendar.ics", f"/search?q={canary}", "/search?q=GDP", "/search?q=%25",
                 "/search?q=kiem", f"/v1/bundles/{address}", f"/v1/receipts/{address}",
                 "/v1/bundles", "/v1/bundles/", "/v1/newsrooms", "/items", "/items/", "/sealed",
                 "/../portal.db", "/%2e%2e/portal.db", "/static/../../portal.db", "/openapi.json",
                 "/nowhere", f"/v1/bundles/{'0' * 64}", "/v1/bundles/x"]  # fmt: skip
        paths += [f"/v1/bundles/{address}/assets/{file.name}" for file in sealed]
        for item in d.n.items:
            paths += [f"/items/{item}", f"/items/{item}.json", f"/items/{item}/assets/a-0000000000",
                      f"/items/{item}?lang=en", f"/items/{item}/"]  # fmt: skip
        headers: tuple[dict[str, str], ...] = (
            {}, {"Range": "bytes=0-99999"}, {"Authorization": "Bearer x"},
            {"Accept": "application/json", "If-None-Match": "*"},
        )  # fmt: skip
        looks = 0
        with httpx.Client(base_url=url, trust_env=False, timeout=90) as client:
            ways = itertools.product(("GET", "POST", "HEAD", "OPTIONS"), headers, paths)
            for method, extra, path in ways:  # every path once before any in another way
                if d.left() < 1:
                    break
                answer = client.request(method, path, headers=extra)
                looks += 1
                assert not any(title in answer.text for title in titles)
                if path.startswith("/search"):  # it says what was searched for
                    assert not any(item in answer.text for item in d.n.items)
                else:
                    assert canary not in answer.text
                if path.startswith("/items/"):
                    assert answer.status_code in (307, 404, 405), (path, answer.status_code)
        assert looks > 2 * len(paths)
        d.until(-1)
        wait_for(
            lambda: canary in httpx.get(f"{url}/items/{d.n.items[0]}.json").text, "public after T"
        )
