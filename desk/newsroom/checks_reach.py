"""Checks of whom calendar.yaml reaches: those who are alerted, the mail server, reporters."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from desk.newsroom import addresses, values
from desk.newsroom.checks_view import Found, View
from desk.newsroom.marks import Path
from desk.phrase import phrase


def check_alerts(view: View) -> Iterator[Found]:
    """Alerts reach somebody, and what waits for nobody is not escalated."""
    for path, part in view.each("alerts"):
        for key in ("to", "escalate_to"):
            yield from _target(view, (*path, key), part.get(key))
        words = [word for _, word in view.words(part, path, "when")]
        if "escalate_to" in part and not any(word.startswith(values.AHEAD) for word in words):
            yield Found(
                (*path, "escalate_to"),
                "nothing here waits for people, so nothing is escalated",
                "Add waiting or unsigned-30m to when:, or take it out",
                at_key=True,
            )
        if "escalate_after" in part and "escalate_to" not in part:
            what = "nobody is told after that span"
            yield Found((*path, "escalate_after"), what, "Write escalate_to: too", at_key=True)


def _target(view: View, path: Path, value: Any) -> Iterator[Found]:
    """A mail address needs a mail server, a webhook beyond this machine TLS."""
    target = view.mapping(value)
    if value == {} or target.keys() == {"credential"}:
        yield Found(path, "nobody is told", "Write smtp: or webhook:")
    if "smtp" in target and "mail" not in view.root:
        yield Found(
            (*path, "smtp"),
            "there is no mail server to send it by",
            "Write for example mail: {server: smtp.example.org, from: desk@example.org}",
        )
    url = view.parsed(addresses.parse_url, target.get("webhook"))
    if url and url.startswith("http:") and not addresses.is_loopback(url):
        what = "a webhook outside this machine is spoken to over https"
        yield Found((*path, "webhook"), what, "Start it with https://")
    if "credential" in target and "webhook" not in target:
        what = "only a webhook has a secret here"
        hint = "The mail server's stands in mail: as credential"
        yield Found((*path, "credential"), what, hint, at_key=True)


def check_mail(view: View) -> Iterator[Found]:
    """No password without a user, nor either over a line that others can read."""
    part = view.mapping(view.root.get("mail"))
    host = view.parsed(addresses.parse_host, part.get("server"))
    if part.get("security") == "none" and host and not addresses.is_loopback_host(host):
        yield Found(
            ("mail", "security"),
            "a mail server on another host is spoken to with TLS",
            "Write starttls (port 587) or tls (port 465)",
        )
    for one, other in (("user", "credential"), ("credential", "user")):
        if one in part and other not in part:
            what = phrase("'{key}' needs '{other}'", key=one, other=other)
            yield Found(("mail", one), what, phrase("Add {key}:", key=other), at_key=True)


def check_press(view: View) -> Iterator[Found]:
    """Reporters can reach the press contact."""
    contact = view.at(("press", "contact"))
    if isinstance(contact, dict) and not {"phone", "email"} & contact.keys():
        what = phrase("nobody can reach the press contact")
        yield Found(("press", "contact"), what, "Add phone: or email:", at_key=True)
