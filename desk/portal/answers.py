"""Every answer of the portal that is not a success: a status, a code, and words for people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from desk.errors import DeskError, Reason
from desk.kept_phrase import with_phrases


class Answer(DeskError):
    """An HTTP answer (RFC 9110) with a code that programs act on. Raised where it is found out."""

    def __init__(
        self,
        status: int,
        code: str,
        title: str,
        message: str = "",
        *,
        wait_ms: int | None = None,
        reasons: Sequence[Reason] = (),
        extra: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(title, message)
        self.status = status
        self.code = code
        self.wait_ms = wait_ms
        self.reasons = tuple(reasons)
        self.extra = dict(extra or {})

    def body(self) -> dict[str, Any]:
        """The JSON body: English, and how its sentences were made, for readers of any language."""
        error: dict[str, Any] = {"code": self.code, "title": self.title}
        if self.message:
            error["message"] = self.message
        if self.reasons:
            error["reasons"] = [reason.as_json() for reason in self.reasons]
        value: dict[str, Any] = {"error": error, **self.extra}
        if self.wait_ms is not None:
            value["wait_ms"] = self.wait_ms
        return with_phrases(value)

    def headers(self) -> dict[str, str]:
        """Retry-After in whole seconds, rounded up, where waiting helps."""
        if self.wait_ms is None:
            return {}
        return {"Retry-After": str(max(1, -(-self.wait_ms // 1000)))}


def unauthorised() -> Answer:
    """The bearer token is missing or wrong; nothing is said about what is asked for."""
    return Answer(401, "token", "A bearer token is needed")


def not_found() -> Answer:
    """The one answer for everything that is not there, or not to be known."""
    return Answer(404, "not_found", "Nothing is here")


def malformed(error: DeskError) -> Answer:
    """The message is not what the contract says."""
    return Answer(400, "malformed", error.title, error.message)


def forbidden(title: str, message: str = "", reasons: Sequence[Reason] = ()) -> Answer:
    """Judged not good: signatures, rules, the wrong newsroom or channel."""
    return Answer(403, "refused", title, message, reasons=reasons)


def conflict(code: str, title: str, message: str = "", **extra: Any) -> Answer:
    """Against what the portal has: an old epoch, other bytes, an older version."""
    return Answer(409, code, title, message, extra=extra)


def too_early(wait_ms: int) -> Answer:
    """The instant has not come on the portal's clock (RFC 8470 lends the status)."""
    return Answer(425, "too_early", "The instant has not come", wait_ms=max(1, wait_ms))


def too_late() -> Answer:
    """The signed `not_after` has passed: final."""
    return Answer(410, "too_late", "The time for this release has passed")


def unsure_of_time(wait_ms: int = 1000) -> Answer:
    """The portal's clock jumped; nothing opens until it is sure again."""
    return Answer(503, "clock", "The portal is not sure of the time", wait_ms=wait_ms)


def unavailable(code: str, title: str, message: str = "") -> Answer:
    """Storage or another part does not work now; trying again may help."""
    return Answer(503, code, title, message, wait_ms=1000)
