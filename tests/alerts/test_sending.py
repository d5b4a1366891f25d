"""Mail and webhooks to real servers on loopback, good ones and bad ones."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import hmac
import json
import re
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.alerts.events import Event
from desk.alerts.home import Home
from desk.alerts.mail import MailSender
from desk.alerts.message import Voice, compose
from desk.alerts.sending import NotSent
from desk.alerts.targets import Target
from desk.alerts.webhook import WebhookSender, signature
from desk.clock import FakeClock
from desk.errors import NotFound
from desk.newsroom.config import Mail
from desk.text import safe_text
from tests.alerts.conftest import Certificate, Trap
from tests.alerts.servers import PASSWORD, Hook, Post, stopping

pytestmark = [
    pytest.mark.filterwarnings("ignore:Requiring AUTH:UserWarning"),
    pytest.mark.filterwarnings("ignore:.*auth_required:UserWarning"),
]
VOICE = Voice("desk-vn", "Asia/Ho_Chi_Minh", ("vi", "en"))
HELD = Event(
    "held", "held 1", "2026-11-20T01:00:00Z", "r-0123456789", "SAO MAI", release="r-0123456789",
    at="2026-11-20T08:00:00Z", who=("checker",),
)  # fmt: skip
TO = Target("smtp", "truc-ban@example.org")
NAME = "0123456789abcdef01234567"
SECRET = "a shared secret of good length"


def mailer(port: int, security: str = "none", ca: Path | None = None, **more: Any) -> MailSender:
    login = {"user": "desk", "credential": "mail"} if more.pop("login", False) else {}
    settings = Mail(server=more.pop("server", "127.0.0.1"), port=port, security=security,
                    **{"from": "desk@example.org"}, **login)  # fmt: skip
    return MailSender(settings, lambda name: PASSWORD, FakeClock(), ca=ca, **more)


def hooker(ca: Path | None = None, **more: Any) -> WebhookSender:
    return WebhookSender(lambda name: SECRET, FakeClock(), ca=ca, **more)


def target(hook: Hook) -> Target:
    return Target("webhook", hook.url, "webhook")


async def fails(sending: Any) -> str:
    """The one word with which it fails."""
    with pytest.raises(NotSent) as caught:
        await sending
    assert re.fullmatch(r"[A-Za-z0-9-]+", caught.value.message)
    return caught.value.message


@contextmanager
def mail_server(**more: Any) -> Any:
    with stopping(Post(**more)) as server:
        yield server


# -- mail ---------------------------------------------------------------------------------------


async def test_a_mail_says_it_in_both_languages_and_plain_text(post: Post) -> None:
    await mailer(post.port).send(TO, compose(VOICE, [HELD], HELD.time), NAME)
    (mail,) = post.mails
    assert mail["Subject"] == "[Desk desk-vn] Đợt công bố SAO MAI (r-0123456789) đang tạm dừng."
    assert (mail["From"], mail["To"]) == ("desk@example.org", "truc-ban@example.org")
    assert mail["Message-ID"] == f"<{NAME}@example.org>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Date"].datetime.isoformat() == "2026-11-20T01:00:00+00:00"
    assert mail.get_content_type() == "text/plain"
    text = mail.get_content()
    assert "Đợt công bố SAO MAI (r-0123456789) đang tạm dừng." in text
    assert "Release SAO MAI (r-0123456789) is on hold." in text
    assert "15:00:00 20/11/2026 (Asia/Ho_Chi_Minh), 2026-11-20T08:00:00Z" in text
    assert "By: checker" in text
    assert "Việc cần làm: Chưa công bố khi còn tạm dừng" in text
    assert "two leads lift the hold: desk release lift r-0123456789" in text
    assert "Gửi chậm" not in text
    assert [line.strip("-") for line in text.splitlines() if "---" in line] == ["", ""]
    assert post.envelopes == [("desk@example.org", ["truc-ban@example.org"])]


def test_a_mail_that_was_held_up_says_so_and_sends_nobody_to_sign_what_is_over() -> None:
    unsigned = Event("unsigned-30m", "u", "2026-11-20T07:30:00Z", "r-0123456789", "SAO MAI", "1/2",
                     "r-0123456789", "2026-11-20T08:00:00Z", who=("lead-2",))  # fmt: skip
    early = compose(VOICE, [unsigned], "2026-11-20T07:30:04Z").text
    assert "desk release sign r-0123456789" in early
    assert "Sent late" not in early
    late = compose(VOICE, [unsigned], "2026-11-20T08:20:00Z").text
    assert "desk release sign" not in late
    assert "Việc cần làm: Thời điểm công bố đã qua" in late
    assert "Sent late, it may have changed; sent at: 15:20:00 20/11/2026" in late


@pytest.mark.parametrize("security", ["starttls", "tls"])
async def test_over_tls_the_password_goes_to_the_right_server(
    certificate: Certificate, security: str
) -> None:
    with mail_server(security=security, context=certificate.server, password=PASSWORD) as server:
        sender = mailer(server.port, security, certificate.cert, login=True)
        await sender.send(TO, compose(VOICE, [HELD], HELD.time), NAME)
        assert server.logins == [("desk", PASSWORD)]
        assert len(server.mails) == 1


@pytest.mark.parametrize("security", ["starttls", "tls"])
async def test_attack_30_a_wrong_certificate_gets_no_password_and_no_alert(
    certificate: Certificate, security: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.setenv(name, str(certificate.cert))
    monkeypatch.setenv("SSL_CERT_DIR", str(certificate.cert.parent))
    with mail_server(security=security, context=certificate.server, password=PASSWORD) as server:
        sender = mailer(server.port, security, login=True)
        word = await fails(sender.send(TO, compose(VOICE, [HELD], HELD.time), NAME))
        assert word == "SSLCertVerificationError"
        assert (server.logins, server.mails) == ([], [])


async def test_attack_30_a_certificate_for_another_name_is_wrong(certificate: Certificate) -> None:
    with mail_server(security="starttls", context=certificate.server) as server:
        sender = mailer(server.port, "starttls", certificate.cert, server="localhost")
        word = await fails(sender.send(TO, compose(VOICE, [HELD], HELD.time), NAME))
        assert word == "SSLCertVerificationError"
        assert server.mails == []


async def test_attack_30_a_server_that_offers_no_tls_gets_nothing(post: Post) -> None:
    sender = mailer(post.port, "starttls", login=True)
    word = await fails(sender.send(TO, compose(VOICE, [HELD], HELD.time), NAME))
    assert word == "SMTPNotSupportedError"
    assert (post.mails, post.logins) == ([], [])


async def test_attack_30_a_mail_server_that_names_another_is_not_followed(
    post: Post, trap: Trap, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("ALL_PROXY", "all_proxy", "SMTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(name, f"socks5://127.0.0.1:{trap.port}")
    post.answer = lambda: f"551 not here; try <truc-ban@127.0.0.1:{trap.port}>"  # RFC 5321, 3.4
    word = await fails(mailer(post.port).send(TO, compose(VOICE, [HELD], HELD.time), NAME))
    assert word == "SMTPDataError-551"
    assert (post.greeted, trap.connections, trap.received) == (1, 0, b"")


async def test_a_line_without_tls_never_leaves_the_machine() -> None:
    sender = mailer(25, "none", server="192.0.2.1")
    assert await fails(sender.send(TO, compose(VOICE, [HELD], HELD.time), NAME)) == "no-tls"


async def test_a_wrong_password_is_told_by_its_number_alone(certificate: Certificate) -> None:
    with mail_server(security="tls", context=certificate.server, password="another") as server:
        sender = mailer(server.port, "tls", certificate.cert, login=True)
        word = await fails(sender.send(TO, compose(VOICE, [HELD], HELD.time), NAME))
        assert word == "SMTPAuthenticationError-535"
        assert server.mails == []


async def test_a_server_that_refuses_the_mail_is_told_by_its_number_alone(post: Post) -> None:
    post.answer = lambda: "554 no: SAO MAI is a bad subject"
    word = await fails(mailer(post.port).send(TO, compose(VOICE, [HELD], HELD.time), NAME))
    assert word == "SMTPDataError-554"


async def test_a_server_that_is_not_there_and_one_that_hangs(trap: Trap) -> None:
    message = compose(VOICE, [HELD], HELD.time)
    assert await fails(mailer(1).send(TO, message, NAME)) == "ConnectionRefusedError"
    word = await fails(mailer(trap.port, timeout=1.0).send(TO, message, NAME))
    assert word in ("TimeoutError", "SMTPServerDisconnected")
    assert (trap.connections, trap.received) == (1, b"")


async def test_a_server_that_drips_is_cut_off_after_the_longest_time() -> None:
    """It answers within each timeout, but never with a whole line."""
    ended = asyncio.Event()

    async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while not reader.at_eof():
                writer.write(b"2")
                await writer.drain()
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(reader.read(1), 0.02)
        writer.close()
        ended.set()

    server = await asyncio.start_server(drip, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    sender = mailer(port, timeout=60.0, longest=0.3)
    await fails(sender.send(TO, compose(VOICE, [HELD], HELD.time), NAME))
    await ended.wait()
    server.close()


async def test_what_is_under_way_can_be_broken_off(trap: Trap) -> None:
    sender = mailer(trap.port, timeout=60.0, longest=60.0)
    sending = asyncio.create_task(fails(sender.send(TO, compose(VOICE, [HELD], HELD.time), NAME)))
    await asyncio.to_thread(trap.came.wait, 90)
    sender.cut()
    assert await sending in ("SMTPServerDisconnected", "TimeoutError", "OSError")


async def test_without_a_mail_server_nothing_is_sent() -> None:
    sender = MailSender(None, lambda name: "", FakeClock())
    assert await fails(sender.send(TO, compose(VOICE, [HELD], HELD.time), NAME)) == "no-server"


hostile = st.text(max_size=80) | st.sampled_from(
    ["a\r\nBcc: all@example.org", "a\nSubject: x", "\x1b]0;x\x07", "\u202egnp.exe", "=?utf-8?q?x?=",
     "a\r\n\r\nbody", "{0.__class__}", "%s", "\x00", "." * 500]
)  # fmt: skip


@given(hostile, hostile, st.lists(hostile, max_size=3))
def test_attack_14_no_name_begins_a_header_a_line_or_a_sequence(
    code: str, state: str, who: list[str]
) -> None:
    from email import message_from_bytes, policy

    event = Event("waiting-1h", "k", HELD.time, "i-0123456789", code, state, at=HELD.at,
                  release="r-0123456789", who=tuple(who))  # fmt: skip
    message = compose(VOICE, [event], HELD.time)
    assert len(message.subject) <= 120
    assert message.subject == safe_text(message.subject)
    assert message.text == safe_text(message.text, multiline=True)
    assert all(value == safe_text(value) for value in _strings(message.document))
    plain = compose(VOICE, [_plain(event)], HELD.time)
    assert len(message.text.split("\n")) == len(plain.text.split("\n"))
    settings = Mail(server="localhost", **{"from": "desk@example.org"})
    raw = mailer(25).compose(settings, TO, message, NAME).as_bytes()
    found = message_from_bytes(raw, policy=policy.default)
    assert found["Subject"] == message.subject
    assert sorted(found.keys()) == sorted(
        ["From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "MIME-Version",
         "Content-Type", "Content-Transfer-Encoding"]
    )  # fmt: skip


def _strings(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for each in value.values() for text in _strings(each)]
    if isinstance(value, list):
        return [text for each in value for text in _strings(each)]
    return [value] if isinstance(value, str) else []


def _plain(event: Event) -> Event:
    who = ("x",) if ", ".join(event.who) else ()
    return Event(event.kind, "k", event.time, event.subject, "x", "x", at=event.at,
                 release=event.release, who=who)  # fmt: skip


# -- webhooks -----------------------------------------------------------------------------------


async def test_a_webhook_gets_signed_json(hook: Hook) -> None:
    await hooker().send(target(hook), compose(VOICE, [HELD], HELD.time), NAME)
    ((path, headers, body),) = hook.requests
    assert path == "/alerts"
    assert headers["Desk-Delivery"] == NAME
    moment, mac = re.fullmatch(r"t=(\d+),v1=([0-9a-f]{64})", headers["Desk-Signature"]).groups()  # type: ignore[union-attr]
    expected = hmac.new(SECRET.encode(), moment.encode() + b"." + body, hashlib.sha256).hexdigest()
    assert hmac.compare_digest(mac, expected)
    (alert,) = json.loads(body)["alerts"]
    assert all("desk release lift r-0123456789" in text for text in alert.pop("do").values())
    assert alert == {
        "kind": "held", "subject": "r-0123456789", "release": "r-0123456789", "code": "SAO MAI",
        "time": "2026-11-20T01:00:00Z", "at": "2026-11-20T08:00:00Z", "who": ["checker"],
        "text": {
            "vi": "Đợt công bố SAO MAI (r-0123456789) đang tạm dừng.",
            "en": "Release SAO MAI (r-0123456789) is on hold.",
        },
    }  # fmt: skip


def test_the_signature_is_the_one_that_was_agreed() -> None:
    """A vector for whoever writes a receiver; it never changes."""
    assert signature("secret", 1_795_136_400, b'{"format": 1}') == (
        "t=1795136400,v1=913245399bbccabd5403748b05c9314ba137008562d8797194f26fc3718e350f"
    )


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_attack_30_a_redirect_to_another_host_is_not_followed(
    hook: Hook, trap: Trap, status: int
) -> None:
    hook.answers, hook.location = [status], f"http://127.0.0.1:{trap.port}/elsewhere"
    word = await fails(hooker().send(target(hook), compose(VOICE, [HELD], HELD.time), NAME))
    assert word == f"http-{status}"
    assert (trap.connections, trap.received) == (0, b"")


async def test_attack_30_proxies_of_the_environment_are_not_asked(
    hook: Hook, trap: Trap, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "all_proxy"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{trap.port}")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    await hooker().send(target(hook), compose(VOICE, [HELD], HELD.time), NAME)
    assert (len(hook.requests), trap.connections) == (1, 0)


async def test_attack_30_a_wrong_certificate_gets_no_bytes(
    certificate: Certificate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate.cert))
    monkeypatch.setenv("SSL_CERT_DIR", str(certificate.cert.parent))
    server = Hook(certificate.server)
    with stopping(server):
        message = compose(VOICE, [HELD], HELD.time)
        assert await fails(hooker().send(target(server), message, NAME)) == "ConnectError"
        assert server.requests == []
        await hooker(certificate.cert).send(target(server), message, NAME)
        assert len(server.requests) == 1


async def test_a_webhook_without_tls_never_leaves_the_machine() -> None:
    away = Target("webhook", "http://192.0.2.1/x", "webhook")
    assert await fails(hooker().send(away, compose(VOICE, [HELD], HELD.time), NAME)) == "no-tls"


async def test_a_webhook_that_refuses_hangs_or_is_not_there(hook: Hook, trap: Trap) -> None:
    message = compose(VOICE, [HELD], HELD.time)
    hook.answers = [500]
    assert await fails(hooker().send(target(hook), message, NAME)) == "http-500"
    silent = Target("webhook", f"http://127.0.0.1:{trap.port}/", "webhook")
    assert await fails(hooker(timeout=1.0).send(silent, message, NAME)) == "ReadTimeout"
    assert await fails(hooker(longest=0.2).send(silent, message, NAME)) == "timeout"
    gone = Target("webhook", "http://127.0.0.1:1/", "webhook")
    assert await fails(hooker().send(gone, message, NAME)) == "ConnectError"


async def test_without_its_secret_a_webhook_is_not_called(hook: Hook, tmp_path: Path) -> None:
    sender = WebhookSender(Home(tmp_path / "state").secret, FakeClock())
    with pytest.raises(NotFound, match="webhook"):
        await sender.send(target(hook), compose(VOICE, [HELD], HELD.time), NAME)
    assert hook.connections == 0
