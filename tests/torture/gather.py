"""Gathering: what came of a schedule, read from channels, log and processes when all is at rest."""

from __future__ import annotations

import contextlib
import json
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import httpx

from desk.clock import epoch_ns
from desk.demo.newsroom import PUBLISHER as NAME
from desk.publisher.bundles import Vault, build_bundle, wanted
from desk.store.sealed import Opener
from desk.trust.acts import NEEDS_ACK
from desk.trust.canonical import canonical, digest, digest_bytes
from desk.trust.judge import judge, release_state
from desk.trust.record import Record
from tests.attacks.harness import PROJECT, Desk
from tests.torture.outcome import Outcome, Shown, Signed, Standing
from tests.torture.plan import PORTALS

if TYPE_CHECKING:
    from tests.torture.run import Run
    from tests.torture.watch import Watch


def signed_now(d: Desk, release: str) -> dict[str, Signed]:
    """The bundles that a release has been signed for just now, from the signed revisions."""
    record = d.record()
    signoff = record.releases[release].signoff
    assert signoff is not None
    vault = Vault(d.n.room.store, record.newsroom, Opener(NAME, d.n.home.identity()))
    found = {}
    for channel in signoff.fields["channels"]:
        facts = wanted(record, signoff, channel)
        if facts.parts:
            bundle = build_bundle(facts, vault, d.n.home.secret())
            items = {
                item.item: (digest(dict(item.ninjs)), digest_bytes(item.content))
                for item in bundle.bundle.items
            }
            found[facts.address] = Signed(
                facts.address, release, channel, epoch_ns(facts.at), epoch_ns(facts.not_after),
                items,
            )  # fmt: skip
    return found


# -- whether it is over ---------------------------------------------------------------------------


def unsettled(run: Run) -> str:
    """What is not at rest yet, or ''."""
    d = run.d
    status = d.status()
    with d.sql() as db:
        (last,) = db.execute("SELECT max(seq) FROM log").fetchone()
    alive = all(d.processes[name].poll() is None for name in run.homes)
    if not alive or status.get("head") != last or status.get("owed") != 0:
        return f"the publisher is at {status.get('head')} of {last}, owes {status.get('owed')}"
    if status["halted"]:
        return f"halted: {status['halted']}"
    record = d.record()
    waiting = [name for name, release in run.ids.items() if not _over(d, record, release)]
    if waiting:
        return f"{', '.join(waiting)} not decided"
    if unanswered := _unanswered(d, record):
        return f"not answered: {', '.join(unanswered)}"
    odd = {state: n for state, n in status["compared"].items() if state != "same"}
    return f"compared: {odd}" if odd else ""


def _over(d: Desk, record: Record, release: str) -> bool:
    """Whether nothing more is to be expected of a release."""
    known = record.releases.get(release)
    if known is None:
        return True  # lost with the machine
    if release_state(record, release) in ("released", "missed", "cancelled", "postponed"):
        return True
    if set(known.channels) <= {*known.opened, *known.failed}:
        return True
    return bool(set(_reasons(d, record, release)) - {"item-elsewhere"})  # that may still end


def _reasons(d: Desk, record: Record, release: str) -> tuple[str, ...]:
    rules = [reason.rule for reason in judge(record, release).reasons]
    return tuple(dict.fromkeys([*rules, *d.reasons(release)]))


def _unanswered(d: Desk, record: Record) -> tuple[str, ...]:
    """Acts that the publisher owes an answer."""
    return tuple(
        f"{act.kind.name} of {act.subject}" for act in d.acts()
        if act.kind.name in NEEDS_ACK and act.digest not in record.acked
    )  # fmt: skip


# -- what came of it ------------------------------------------------------------------------------


def gather(run: Run, watch: Watch) -> Outcome:
    """Everything that the checker looks at."""
    d = run.d
    record = d.record()
    names = {release: name for name, release in run.ids.items()}
    acts = Counter(
        (act.subject, str(act.fields["channel"])) for act in d.acts("publisher.released")
    )
    opened = [watch.openings[key] for key in sorted(watch.openings)]
    return Outcome(
        signed=tuple(run.signed.values()),
        openings=tuple(opened),
        shown=tuple(_shown(d, record)),
        standing=tuple(
            _standing(d, record, release, name, acts)
            for release, name in names.items() if release in record.releases
        ),
        stops=tuple(run.stops.values()),
        withdrawn=frozenset(
            (item.id, revision.content) for item in record.items.values()
            for revision in item.revisions.values() if revision.withdrawn
        ),
        alarms=tuple(
            f"{act.fields['code']} {act.fields['detail']}" for act in d.acts("publisher.alarm")
        ),
        unanswered=_unanswered(d, record),
        faults=tuple(dict.fromkeys([*run.faults, *_traces({run.home, d.root})])),
        audit=_audit(d),
        patient=run.plan.patient,
        refuses=run.plan.refuses,
        unsettled=watch.problem,
        granted=dict(run.granted),
        notes=tuple(run.notes),
    )  # fmt: skip


def _standing(
    d: Desk, record: Record, release: str, name: str, acts: Counter[tuple[str, str]]
) -> Standing:
    known = record.releases[release]
    signoff = known.signoff.digest if known.signoff else ""
    return Standing(
        release, name, release_state(record, release), known.channels, signoff,
        tuple(known.opened), dict(known.failed), release_state(record, release) == "missed",
        _reasons(d, record, release),
        {channel: n for (of, channel), n in acts.items() if of == release},
    )  # fmt: skip


def _shown(d: Desk, record: Record) -> Iterator[Shown]:
    """Every item of the newsroom on every channel, as the public sees it."""
    for item in record.items.values():
        for portal in PORTALS:
            yield _on_portal(d, portal, item.id)
        yield _in_folder(d, item.id, item.language)


def _on_portal(d: Desk, portal: str, item: str) -> Shown:
    answer = httpx.get(f"{d.urls[portal]}/items/{item}.json", trust_env=False, timeout=20)
    with contextlib.closing(sqlite3.connect(d.portal_db(portal), timeout=20)) as db:
        rows = db.execute(
            "SELECT v.content FROM versions v JOIN bundles b USING (address) "
            "WHERE v.item = ? AND b.visible = 1 AND v.good = 1", (item,),
        ).fetchall()  # fmt: skip
    if answer.status_code != 200:
        return Shown(portal, item, "gone" if answer.status_code == 410 else "absent", len(rows))
    content = digest_bytes(rows[-1][0]) if rows else ""
    return Shown(portal, item, "live", len(rows), digest_bytes(canonical(answer.json())), content)


def _in_folder(d: Desk, item: str, language: str) -> Shown:
    found = sorted(d.press.glob(f"[0-9]*/*/{item}.{language}.json"))
    if not found:
        gone = list(d.press.glob(f"[0-9]*/*/{item}.{language}.withdrawn.json"))
        return Shown("press", item, "gone" if gone else "absent", 0)
    marks = {file.parent for file in d.press.glob(f"[0-9]*/*/{item}.{language}.corrected.json")}
    shown = next((file for file in found if file.parent not in marks), found[-1])
    content = shown.with_suffix(".content.json")
    return Shown(
        "press", item, "live", len(found), digest_bytes(canonical(json.loads(shown.read_bytes()))),
        digest_bytes(content.read_bytes()),
    )  # fmt: skip


def _audit(d: Desk) -> str:
    """What `desk audit verify` says against the log, with the publisher's checkpoints."""
    checkpoints = d.root / "checkpoints.jsonl"
    given = ["--checkpoints", str(checkpoints)] if checkpoints.exists() else []
    done = subprocess.run(
        [sys.executable, "-m", "desk", "audit", "verify", "--newsroom", d.root, "--root",
         d.n.fingerprint, *given, "--json"],
        capture_output=True, text=True, cwd=PROJECT, check=False, timeout=120,
    )  # fmt: skip
    return "" if done.returncode == 0 else f"exit {done.returncode}: {done.stdout}{done.stderr}"


def _traces(folders: set[Path]) -> Iterator[str]:
    """What the processes have written down that only a fault in Desk makes them write."""
    for file in sorted(file for folder in folders for file in folder.glob("*.log")):
        text = file.read_text("utf-8", errors="replace")
        for line in text.splitlines():
            if line.startswith("Traceback") or '"event": "bug"' in line:
                yield f"{file.name}: {line[:300]}"
