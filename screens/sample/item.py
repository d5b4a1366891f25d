"""The sample's items opened: text, findings, files, history, the other language, previews."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from desk.clock import now
from desk.errors import NotFound
from screens.sample.items import SampleItems
from screens.sample.memory import DIGEST, called, digest
from screens.sample.release import GATES
from screens.sample.texts import OLDER, TEXTS
from screens.source.item_room import (
    Both,
    ItemAround,
    ItemCheck,
    ItemFile,
    ItemFinding,
    ItemLimits,
    ItemText,
    ItemView,
    Keep,
    Preview,
    RevisionEntry,
    Saved,
)
from screens.source.queue_room import DiffLine
from screens.source.shared import Gate, Outcome

LIMITS = ItemLimits(150, 400, 12_000)
FILES = (
    ItemFile("f-1", "gdp-quy-3.png", "image/png", 184_320, digest(3), "picture",
             "Biểu đồ cột: mức tăng GDP theo quý", "GDP theo quý, 2024–2026"),
    ItemFile("f-2", "bang-3.pdf", "application/pdf", 96_210, digest(5), "document", ""),
)  # fmt: skip
WRONG = "Tổng cục thống kê"
RIGHT = "Cục Thống kê"


class SampleItem(SampleItems):
    """Answers the item screen. What is saved is forgotten; the version counts on."""

    version = 7

    def item_open(self, item: str) -> ItemView:
        """Open it: the figures with a draft, the others as they were handed in."""
        row = self.item_row(item)
        pair = {"i-1": ("i-2", "en"), "i-2": ("i-1", "vi")}.get(item)
        return ItemView(
            item, "SAO-MAI" if row.sealed else "QUY-3", row.language, row.kind, row.agency,
            row.state, self.item_text(item), FILES if item == "i-1" else (), LIMITS,
            self.version if row.mine else 0, DIGEST, row.number, row.at if row.mine else None,
            pair, () if pair else ("en",), 0, row.recovered, (),
            called("Thiếu nguồn cho mức giảm dần.", "The source of the reduction is missing.")
            if row.state == "returned" else "",
        )  # fmt: skip

    def item_leave(self, item: str) -> None:
        """Nobody else was told."""

    def item_around(self, item: str) -> ItemAround:
        """A colleague has the figures open."""
        return ItemAround(self.item_row(item).others)

    def item_save(self, item: str, old: ItemText, new: ItemText, version: int, base: str) -> Saved:
        """Count on."""
        self._done("save", item)
        return self._saved()

    def _saved(self) -> Saved:
        self.version += 1
        return Saved(self.version, now(self.clock), FILES)

    def item_check(self, item: str, text: ItemText) -> ItemCheck:
        """A former name is an error, a missing description a warning."""
        found = []
        if (at := text.body.find(WRONG)) >= 0:
            line = text.body.count("\n", 0, at) + 1
            column = at - text.body.rfind("\n", 0, at)
            message = called(
                "“Tổng cục thống kê” là tên cũ: viết “Cục Thống kê”",
                "“Tổng cục thống kê” is a former name: write “Cục Thống kê”",
            )
            found.append(
                ItemFinding("terms", "error", "body", message, "", at, at + len(WRONG), line,
                            column, "cuc-thong-ke", suggestions=(RIGHT,))
            )  # fmt: skip
        if item == "i-1":
            message = called("bang-3.pdf chưa có mô tả", "bang-3.pdf has no description")
            found.append(ItemFinding("assets", "warning", "assets", message))
        if not text.legal:
            message = called("chưa nêu căn cứ pháp lý", "no legal basis is named")
            found.append(ItemFinding("legal", "info", "legal", message))
        bad = {one.gate: one.severity for one in reversed(found) if one.severity != "info"}
        gates = tuple(
            replace(gate, outcome=bad[gate.gate], note="") if gate.gate in bad
            else Gate(gate.gate, "ok") for gate in GATES
        )  # fmt: skip
        return ItemCheck(gates, tuple(found))

    def item_keep(self, item: str, finding: ItemFinding, reason: str, version: int) -> Saved:
        """Remember it."""
        self._done("keep", item, finding.entry, reason)
        return self._saved()

    # Two versions

    def item_both(self, item: str, base: ItemText) -> Both | None:
        """The colleague's version, which says 7.1 per cent."""
        if item != "i-1":
            return None
        theirs = replace(TEXTS[item], body=self._older(TEXTS[item].body))
        return Both(TEXTS[item], theirs, "editor-tk", self.version)

    @staticmethod
    def _older(body: str) -> str:
        return body.replace("tăng **7,4%** so với cùng kỳ năm trước", OLDER)

    def item_merge(self, base: ItemText, mine: ItemText, theirs: ItemText) -> ItemText:
        """Mine: nothing clashes here."""
        return mine

    def item_settle(self, item: str, both: Both, mine: ItemText, keep: Keep) -> Outcome:
        """Remember it."""
        self._done("settle", item, keep)
        return Outcome(called("Đã thống nhất", "Settled"))

    # Files

    def item_attach(
        self, item: str, path: str, role: str, alt: str, caption: str, version: int
    ) -> Saved:
        """Remember it."""
        self._done("attach", item, path)
        return self._saved()

    def item_describe(
        self, item: str, file: str, role: str, alt: str, caption: str, version: int
    ) -> Saved:
        """Remember it."""
        self._done("describe", item, file, alt)
        return self._saved()

    def item_detach(self, item: str, file: str, version: int) -> Saved:
        """Remember it."""
        self._done("detach", item, file)
        return self._saved()

    def item_bytes(self, item: str, file: str) -> bytes:
        """There are none: the sample keeps no files."""
        raise NotFound("Not in this sample", file, "desk demo has the whole newsroom")

    # The past

    def item_text(self, item: str) -> ItemText:
        """What the item says."""
        return TEXTS.get(item) or ItemText(self.item_row(item).title)

    def item_revision(self, item: str, digest: str) -> ItemText:
        """What it said before."""
        text = self.item_text(item)
        return replace(text, body=self._older(text.body))

    def item_history(self, item: str) -> Sequence[RevisionEntry]:
        """The draft and four revisions."""
        draft = RevisionEntry(0, "review-2", self.ago(2), "draft")
        states = ("returned", "returned", "approved", "submitted")
        past = [
            RevisionEntry(n, "editor-tk", self.ago(400 - 90 * n), state, digest(n))
            for n, state in enumerate(states, 1)
        ]
        return [draft, *reversed(past)]

    def item_diff(self, item: str, older: int, newer: int) -> tuple[DiffLine, ...]:
        """One line."""
        return (
            DiffLine("…", called("toàn văn", "full version")),
            DiffLine("-", f"Tổng sản phẩm trong nước (GDP) quý III ước {OLDER} [^1]."),
            DiffLine("+", TEXTS["i-1"].body.partition("\n")[0]),
        )

    def item_put_back(self, item: str) -> Outcome:
        """Remember it."""
        self._done("put-back", item)
        return Outcome(called("Đã lấy lại", "Put back"))

    def item_reset(self, item: str) -> Outcome:
        """Remember it."""
        self._done("reset", item)
        return Outcome(called("Đã lấy lại bản đã gửi", "Begun again"))

    # Out of the house

    def item_previews(self, item: str) -> Sequence[Preview]:
        """Portal and press in Vietnamese, the foreign channel in English."""
        at = self.start
        return [
            Preview(channel, name, code, TEXTS[of], at, of, agency, kind,
                    FILES if of == "i-1" else ())
            for channel, name, code, of, agency, kind in (
                ("portal", "Cổng tin", "vi", "i-1", "Cục Thống kê", "Số liệu thống kê"),
                ("press", "Báo chí", "vi", "i-1", "Cục Thống kê", "Số liệu thống kê"),
                ("foreign", "Đối ngoại", "en", "i-2", "National Statistics Office", "Data release"),
            )
        ]  # fmt: skip

    def item_serve(self, item: str) -> str:
        """Nothing is served from memory."""
        raise NotFound("Not in this sample", item, "desk demo has the whole newsroom")

    def item_submit(self, item: str, version: int, notes: str, passphrase: str) -> Outcome:
        """Remember it, when the passphrase is right."""
        self._unlock(passphrase)
        self._done("submit", item, notes)
        return Outcome(called("Đã gửi thành bản 5.", "Submitted as rev 5."))
