"""A demo that is kept: key files for its posts, and two scripts to act and to start it again.

For trying out only: one passphrase opens all six keys, and it lies beside them.
"""

from __future__ import annotations

import os
import secrets
import shlex
import sys
from pathlib import Path

from desk.demo.headless import Stage
from desk.demo.newsroom import NEWSROOM, POSTS, PUBLISHER
from desk.locales import _
from desk.newsroom.pins import PinFile
from desk.trust.keyfile import Cost, KeyFile

CHEAP = Cost(iterations=1, lanes=1, memory_kib=8_192)  # guards nothing: the passphrase is beside it
ENVIRONMENT, SERVICES, PASSPHRASE = "env.sh", "services.sh", "passphrase"


def keep(stage: Stage) -> None:
    """Write keys, settings, pins and scripts into the newsroom's folder."""
    newsroom, root = stage.newsroom, stage.newsroom.root
    passphrase = "thu-nghiem-" + secrets.token_hex(6)
    _write(root / PASSPHRASE, passphrase + "\n", 0o600)
    keys = KeyFile(root / "keys", lambda _what, _new: bytearray(passphrase.encode()), CHEAP)
    for person in POSTS:
        keys.save(NEWSROOM, person, newsroom.seeds[person])
    settings = root / "config" / "desk" / "settings.yaml"
    settings.parent.mkdir(parents=True, mode=0o700)
    _write(settings, f'key_store: file\nkey_folder: "{root / "keys"}"\n', 0o600)
    PinFile(root / "state" / "desk", root).save(newsroom.room.pin)
    _write(root / ENVIRONMENT, _environment(root), 0o644)
    _write(root / SERVICES, _services(stage), 0o755)


def _write(path: Path, text: str, mode: int) -> None:
    descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, mode)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)


def _environment(root: Path) -> str:
    """What a shell sources to act as the posts."""
    code = shlex.quote(str(Path(__file__).resolve().parents[2]))
    here = shlex.quote(str(root))
    return f"""\
# Act as the posts of this try-out newsroom:  . {here}/{ENVIRONMENT}
export XDG_CONFIG_HOME={here}/config XDG_STATE_HOME={here}/state DESK_NEWSROOM={here}
desk() {{ PYTHONPATH={code} {shlex.quote(sys.executable)} -m desk "$@"; }}
# as_post lead-1 queue list    acts with that post's key; the passphrase comes from the file
as_post() {{ post="$1"; shift; desk --key "$post" --passphrase-fd 3 "$@" 3<{here}/{PASSPHRASE}; }}
"""


def _services(stage: Stage) -> str:
    """What starts the portals and the publisher again, until Ctrl+C."""
    root = stage.newsroom.root
    desk = f"PYTHONPATH={shlex.quote(str(Path(__file__).resolve().parents[2]))} "
    desk += f"{shlex.quote(sys.executable)} -m desk"
    lines = ["#!/bin/sh", "# The portals and the publisher of this try-out newsroom.", "set -e"]
    lines.append("trap 'kill $pids 2>/dev/null; wait' EXIT INT TERM")
    for name, url in stage.urls.items():
        state, port = shlex.quote(str(root / "portals" / name)), url.rpartition(":")[2]
        lines.append(f'{desk} portal serve --state {state} --port {port} & pids="$pids $!"')
    home, here = shlex.quote(str(stage.newsroom.home.path)), shlex.quote(str(root))
    lines.append(f'{desk} publisher run --state {home} --newsroom {here} & pids="$pids $!"')
    return "\n".join([*lines, "wait", ""])


def told(stage: Stage) -> str:
    """How to go on with a kept newsroom, for a person."""
    root = shlex.quote(str(stage.newsroom.root))
    posts = ", ".join(POSTS)
    return _(
        "Kept in {root}, for trying out only.\n"
        "  sh {root}/{services}      starts its portals and its publisher ({publisher}) again\n"
        "  . {root}/{environment}           then, in the same shell:\n"
        "  as_post lead-1 queue list      acts as a post: {posts}\n"
        "  desk --key lead-1              opens the desk; the passphrase is in {root}/{passphrase}"
    ).format(
        root=root, services=SERVICES, environment=ENVIRONMENT, passphrase=PASSPHRASE, posts=posts,
        publisher=PUBLISHER,
    )  # fmt: skip
