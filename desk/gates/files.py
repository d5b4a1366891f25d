"""The gate on assets: each is what its role wants, described, named safely, and used."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from desk.gates.registry import Finding, GateInput, finding, gate
from desk.items.assets import LIMITS, MB, OFFICE, ROLES, safe_name
from desk.phrase import phrase
from desk.text import one_line

_SEEN = frozenset({"picture", "graphic", "video"})  # what a reader who cannot see must be told


@gate("assets", version=1)
def assets(given: GateInput) -> Iterator[Finding]:
    """Roles, types, sizes, names, descriptions; pictures in the body are attached."""
    names: set[str] = set()
    for asset in given.entries("assets"):
        yield from _asset(given, asset)
        name = str(asset.get("name", "")).casefold()
        if name in names:
            shown = one_line(name, 60)
            says = (f"Two assets are named {shown}", f"Hai tệp cùng tên {shown}")
            yield finding("error", "assets", says)
        names.add(name)
    attached = {str(a.get("name")) for a in given.entries("assets")} | set(given.ids("assets"))
    for picture in given.body.pictures:
        if picture.url not in attached:
            shown = one_line(picture.url, 60)
            yield finding(
                "error",
                "body",
                (f"The picture {shown} is not attached", f"Hình {shown} chưa được đính kèm"),
                hint="Attach it; pictures from elsewhere are not shown",
                at=(picture.start, picture.start + 1),
                body=given.body,
            )


def _asset(given: GateInput, asset: Mapping[str, Any]) -> Iterator[Finding]:
    name = str(asset.get("name", ""))
    shown = one_line(name, 60) or one_line(str(asset.get("id", "")), 20)
    role, media_type = str(asset.get("role", "")), str(asset.get("media_type", ""))
    office = bool(given.kind_policy.get("office")) and role == "document"
    if role not in ROLES:
        says = (f"{shown} has no known role", f"Tệp {shown} chưa có vai trò hợp lệ")
        yield finding("error", "assets", says)
        return
    if media_type not in ROLES[role] and not (office and media_type == OFFICE):
        says = (
            f"{shown} is {one_line(media_type, 60)}, which is no {role}",
            f"Tệp {shown} là {one_line(media_type, 60)}, không hợp với vai trò {role}",
        )
        yield finding("error", "assets", says)
    size = asset.get("size", 0)
    if not isinstance(size, int) or not 0 < size <= LIMITS[role]:
        most = LIMITS[role] // MB
        says = (f"{shown} has more than {most} MB", f"Tệp {shown} vượt quá {most} MB")
        yield finding("error", "assets", says)
    if safe_name(name) != name:
        says = (f"{shown} has an unsafe name", f"Tên tệp {shown} không an toàn")
        yield finding("error", "assets", says, hint=phrase("Name it {name}", name=safe_name(name)))
    if not str(asset.get("alt", "")).strip():
        says = (f"{shown} has no description", f"Tệp {shown} chưa có mô tả")
        hint = "Say what it shows, for readers who cannot see it"
        yield finding("error" if role in _SEEN else "warning", "assets", says, hint=hint)
