"""Targets: who is told about which events, as calendar.yaml says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Literal
from urllib.parse import urlsplit

from desk.alerts.events import ALARMING, Event, base, spanned
from desk.newsroom.config import AlertTarget, NewsroomConfig
from desk.newsroom.values import AHEAD

Means = Literal["smtp", "webhook"]
WEBHOOK_SECRET = "webhook"  # noqa: S105 - the name of a secret


@dataclass(frozen=True)
class Target:
    """One address. `credential` names the secret that signs a webhook."""

    means: Means
    address: str
    credential: str = ""

    @property
    def id(self) -> str:
        """The target as the outbox knows it."""
        return f"{self.means} {self.address}"

    @property
    def shown(self) -> str:
        """The target for logs and screens: the path of a webhook may be a secret."""
        if self.means == "smtp":
            return self.address
        name = sha256(self.address.encode()).hexdigest()[:6]
        return f"{urlsplit(self.address).netloc}#{name}"


@dataclass(frozen=True)
class Route:
    """These kinds of events go there; `escalated` seconds after the first alert, 0 for that."""

    kinds: frozenset[str]
    target: Target
    escalated: int = 0

    def takes(self, event: Event) -> bool:
        """Whether that event is told there."""
        if event.escalated != self.escalated:
            return False
        if event.kind == "reminded":  # goes where it is told that people are waited for
            return any(base(kind) in AHEAD for kind in self.kinds)
        return event.kind in self.kinds or ("alarm" in self.kinds and event.kind in ALARMING)


def routes(config: NewsroomConfig) -> tuple[Route, ...]:
    """Every route of the newsroom, in the order of the file."""
    found = []
    for alert in config.alerts:
        kinds = frozenset(map(spanned, alert.when))
        found += [Route(kinds, target) for target in _targets(alert.to)]
        if alert.escalate_to:
            found += [
                Route(kinds, target, alert.escalate_after) for target in _targets(alert.escalate_to)
            ]
    return tuple(found)


def _targets(to: AlertTarget) -> Iterator[Target]:
    if to.smtp:
        yield Target("smtp", to.smtp)
    if to.webhook:
        yield Target("webhook", to.webhook, to.credential or WEBHOOK_SECRET)


def targets(config: NewsroomConfig) -> dict[str, Target]:
    """Every target once, by its id."""
    return {route.target.id: route.target for route in routes(config)}
