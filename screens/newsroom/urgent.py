"""Urgent items over the verbs: the same as `desk item urgent --now`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from desk.releases import clashes
from desk.releases import urgent as verbs
from screens.newsroom.agenda import clash_text
from screens.newsroom.items import ItemsPart
from screens.source.urgent import UrgentChoices, UrgentDone, UrgentPlace

WRITTEN = ("headline", "summary", "body")


class UrgentPart(ItemsPart):
    """Answers the calls of `UrgentSource`."""

    def urgent_choices(self) -> UrgentChoices:
        """What this reader may write at once."""
        known = self.items_choices()
        with self._house.room.reading() as view:
            kinds = [one for one in known.kinds if view.policy.kinds[one[0]]["urgent"]]
            if not kinds:
                verbs.kind_of(view)  # tells that there is none, and where to look
        languages = tuple(one for one in known.languages if one[0] in dict(kinds))
        return UrgentChoices(tuple(kinds), known.agencies, languages)

    def _channels(self, language: str) -> tuple[list[str], str]:
        with self._house.room.reading() as view:
            return verbs.channels_of(view, language), str(view.policy.document["zone"])

    def urgent_clashes(self, place: UrgentPlace) -> Sequence[str]:
        """What speaks against a release as soon as possible."""
        house = self._house
        config = house.config()
        if config is None:
            return ()
        channels, zone = self._channels(place.language)
        moment = verbs.soon(house.room, zone)
        found = clashes.before(house.room, config, moment, channels, [], kinds=[place.kind])
        return tuple(map(clash_text, found))

    def urgent(self, place: UrgentPlace, texts: Mapping[str, str], passphrase: str) -> UrgentDone:
        """Write, submit, plan, confirm."""
        house = self._house
        channels, zone = self._channels(place.language)
        actor = house.unlock(passphrase)
        done = verbs.urgent(
            house.room, actor, verbs.soon(house.room, zone), kind=place.kind, agency=place.agency,
            language=place.language, channels=channels, code=texts.get("code", ""),
            changes={name: texts[name] for name in WRITTEN if texts.get(name)},
        )  # fmt: skip
        return UrgentDone(done.item, done.release, done.confirmed)
