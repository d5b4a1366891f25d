"""Advice: what calendar.yaml may say, but an administrator should know about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from desk.errors import Problem
from desk.newsroom.addresses import is_loopback
from desk.newsroom.checks_days import HORIZON
from desk.newsroom.config import NewsroomConfig
from desk.newsroom.document import dotted
from desk.newsroom.marks import Path
from desk.newsroom.zones import changes
from desk.phrase import phrase


def warnings(config: NewsroomConfig, unstaffed: Iterable[str] = ()) -> list[Problem]:
    """Warnings with their places. `unstaffed`: ids of agencies for which nobody writes."""
    found = [*_channels(config), *_languages(config), *_rules(config), *_folds(config)]
    idle = set(unstaffed)
    for index, agency in enumerate(config.agencies):
        if agency.id in idle:
            path = ("agencies", index, "id")
            what = phrase("nobody in the roster writes for '{agency}'", agency=agency.id)
            hint = phrase("Give somebody the role author: desk roster add")
            found.append(_at(config, path, what, hint))
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
                phrase(
                    "channel '{channel}' has no key, so its receipts cannot be checked",
                    channel=channel.id,
                ),
                phrase("Copy it from the portal (desk portal status); adopt refuses without it"),
            )
        if channel.url and channel.url.startswith("http:") and not is_loopback(channel.url):
            yield _at(
                config,
                (*path, "url"),
                phrase("channel '{channel}' is spoken to without TLS", channel=channel.id),
                phrase("Use https:// outside this machine"),
            )
        if channel.url and channel.url in addresses:
            what = phrase("'{channel}' sends to the same address", channel=addresses[channel.url])
            hint = phrase("One channel per portal, in all its languages")
            yield _at(config, (*path, "url"), what, hint)
        addresses.setdefault(channel.url or "", channel.id)
    if not any(channel.required for channel in config.channels):
        yield _at(
            config,
            ("channels",),
            phrase("no channel is required, so a release may go out nowhere and count as released"),
            phrase("Set required: true on the home portal"),
        )


def _languages(config: NewsroomConfig) -> Iterator[Problem]:
    served = {language for channel in config.channels for language in channel.languages}
    for kind_id, kind in config.kinds.items():
        path = ("kinds", kind_id)
        for language in config.kind_languages(kind_id):
            if language not in served:
                what = phrase(
                    "no channel takes '{kind}' in {language}", kind=kind_id, language=language
                )
                yield _at(config, path, what, phrase("Add the language to a channel"))
        if "translation" in kind.gates and len(config.kind_languages(kind_id)) == 1:
            what = phrase("'{kind}' waits for a translation, but has one language", kind=kind_id)
            hint = phrase("Take the gate out or add a language")
            yield _at(config, (*path, "gates"), what, hint)


def _rules(config: NewsroomConfig) -> Iterator[Problem]:
    if config.releases.signers == 1:
        yield _at(
            config,
            ("releases", "signers"),
            phrase("one person alone can sign a release"),
            phrase("Use 2 or more signers outside a trial"),
        )


def _folds(config: NewsroomConfig) -> Iterator[Problem]:
    """Slots and blackouts whose wall time occurs twice: allowed, since the choice is fixed."""
    clear = phrase("Choose another time to be clear")
    folds = [one for one in changes(config.newsroom.zone, *HORIZON) if not one.gap]
    for index, slot in enumerate(config.slots):
        for fold in folds:
            days = sorted({fold.start.date(), fold.end.date()})
            hit = [day for day in days if fold.covers(datetime.combine(day, slot.at))]
            hit = [day for day in hit if slot.last is None or day <= slot.last]
            if hit and slot.rule.days(hit[0], hit[0], slot.first):
                what = phrase(
                    "{time} occurs twice on {day}: the earlier is taken",
                    time=f"{slot.at:%H:%M}",
                    day=hit[0],
                )
                yield _at(config, ("slots", index, "at"), what, clear)
                break
    for index, blackout in enumerate(config.blackouts):
        for key, wall in (("from", blackout.start), ("to", blackout.end)):
            if any(fold.covers(wall) for fold in folds):
                what = phrase(
                    "{wall} occurs twice: the longer blackout is taken",
                    wall=f"{wall:%Y-%m-%d %H:%M}",
                )
                yield _at(config, ("blackouts", index, key), what, clear)
