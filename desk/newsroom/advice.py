"""Advice: what calendar.yaml may say, but an administrator should know about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from desk.errors import Problem
from desk.newsroom.checks import HORIZON
from desk.newsroom.config import NewsroomConfig
from desk.newsroom.document import dotted
from desk.newsroom.marks import Path
from desk.newsroom.values import is_loopback
from desk.newsroom.zones import changes


def warnings(config: NewsroomConfig, unstaffed: Iterable[str] = ()) -> list[Problem]:
    """Warnings with their places. `unstaffed`: ids of agencies for which nobody writes."""
    found = [*_channels(config), *_languages(config), *_rules(config), *_folds(config)]
    idle = set(unstaffed)
    for index, agency in enumerate(config.agencies):
        if agency.id in idle:
            path = ("agencies", index, "id")
            what = f"nobody in the roster writes for '{agency.id}'"
            found.append(_at(config, path, what, "Give somebody the role author: desk roster add"))
    return found


def _at(config: NewsroomConfig, path: Path, what: str, hint: str) -> Problem:
    mark = config.marks.value(path)
    return Problem(mark.line, mark.column, what, hint, dotted(path))


def _channels(config: NewsroomConfig) -> Iterator[Problem]:
    addresses: dict[str, str] = {}
    for index, channel in enumerate(config.channels):
        path = ("channels", index)
        if channel.driver == "desk" and channel.key is None:
            yield _at(
                config,
                (*path, "id"),
                f"channel '{channel.id}' has no key, so its receipts cannot be checked",
                "Copy it from the portal (desk portal status); adopt refuses without it",
            )
        if channel.url and channel.url.startswith("http:") and not is_loopback(channel.url):
            yield _at(
                config,
                (*path, "url"),
                f"channel '{channel.id}' is spoken to without TLS",
                "Use https:// outside this machine",
            )
        if channel.url and channel.url in addresses:
            what = f"'{addresses[channel.url]}' sends to the same address"
            yield _at(config, (*path, "url"), what, "One channel per portal, in all its languages")
        addresses.setdefault(channel.url or "", channel.id)
    if not any(channel.required for channel in config.channels):
        yield _at(
            config,
            ("channels",),
            "no channel is required, so a release may go out nowhere and count as released",
            "Set required: true on the home portal",
        )


def _languages(config: NewsroomConfig) -> Iterator[Problem]:
    served = {language for channel in config.channels for language in channel.languages}
    for kind_id, kind in config.kinds.items():
        path = ("kinds", kind_id)
        for language in config.kind_languages(kind_id):
            if language not in served:
                what = f"no channel takes '{kind_id}' in {language}"
                yield _at(config, path, what, "Add the language to a channel")
        if "translation" in kind.gates and len(config.kind_languages(kind_id)) == 1:
            what = f"'{kind_id}' waits for a translation, but has one language"
            yield _at(config, (*path, "gates"), what, "Take the gate out or add a language")


def _rules(config: NewsroomConfig) -> Iterator[Problem]:
    if config.releases.signers == 1:
        yield _at(
            config,
            ("releases", "signers"),
            "one person alone can sign a release",
            "Use 2 or more signers outside a trial",
        )


def _folds(config: NewsroomConfig) -> Iterator[Problem]:
    """Slots and blackouts whose wall time occurs twice: allowed, since the choice is fixed."""
    folds = [one for one in changes(config.newsroom.zone, *HORIZON) if not one.gap]
    for index, slot in enumerate(config.slots):
        for fold in folds:
            days = sorted({fold.start.date(), fold.end.date()})
            hit = [day for day in days if fold.covers(datetime.combine(day, slot.at))]
            hit = [day for day in hit if slot.last is None or day <= slot.last]
            if hit and slot.rule.days(hit[0], hit[0], slot.first):
                what = f"{slot.at:%H:%M} occurs twice on {hit[0]}: the earlier is taken"
                yield _at(config, ("slots", index, "at"), what, "Choose another time to be clear")
                break
    for index, blackout in enumerate(config.blackouts):
        for key, wall in (("from", blackout.start), ("to", blackout.end)):
            if any(fold.covers(wall) for fold in folds):
                what = f"{wall:%Y-%m-%d %H:%M} occurs twice: the longer blackout is taken"
                path = ("blackouts", index, key)
                yield _at(config, path, what, "Choose another time to be clear")
