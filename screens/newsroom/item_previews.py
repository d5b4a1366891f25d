"""What the public will get of an item: every channel, every language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from desk.clock import parse_instant
from desk.items import preview
from screens.newsroom.item import opened
from screens.newsroom.item_views import files_of, text_of
from screens.newsroom.part import Part
from screens.source.item_room import Preview


class ItemPreviewsPart(Part):
    """Answers the previews of the item screen."""

    def item_previews(self, item: str) -> Sequence[Preview]:
        """What every channel would get, in each of its languages."""
        house = self._house
        names = house.channel_names()
        with house.room.reading(item) as view:
            found = preview.texts(view, house.actor, item)
            at = preview.instant_of(view, item)
            kind = str(next(iter(found.values()))["kind"])
            places = preview.places(view, kind)
        return [
            self._preview(channel, names.get(channel, channel), code, found.get(code), at)
            for channel, code in places
        ]

    def _preview(
        self, channel: str, name: str, code: str, document: Mapping[str, Any] | None, at: str
    ) -> Preview:
        moment = parse_instant(at) if at else None
        if document is None:
            return Preview(channel, name, code, None, moment)
        return Preview(
            channel, name, code, text_of(document), moment, str(document["item"]),
            *self._called(str(document["agency"]), str(document["kind"]), code),
            files_of(document),
        )  # fmt: skip

    def _called(self, agency: str, kind: str, code: str) -> tuple[str, str]:
        """Agency and kind by the names that readers of that language get."""
        config = self._house.config()
        if config is None:
            return agency, kind
        agencies = {one.id: one.name for one in config.agencies}
        kinds = {id: one.name for id, one in config.kinds.items()}
        return (config.name(agencies.get(agency), code, agency),
                config.name(kinds.get(kind), code, kind))  # fmt: skip

    def item_serve(self, item: str) -> str:
        """Serve the preview on this machine until the item is closed."""
        from desk.items import preview_site  # late: the portal's pages are slow to import

        house, known = self._house, opened(self)
        server = preview_site.serve(house.room, house.actor, item, house.config())
        with known.lock:
            before = known.enders.pop(item, None)
            known.enders[item] = server.stop
        if before is not None:
            before()
        return server.address
