"""Search over 100,000 released items: the first one, which takes them all in, and later ones."""

from __future__ import annotations

import json
import random
import tempfile
from functools import partial
from pathlib import Path

from sqlalchemy import insert

from benchmarks.measure import Figure, timed
from desk.percentile import percentile
from desk.search.find import Finder
from models.tables import ITEMS, PUBLIC_TEXTS, REVISIONS

COUNT = 100_000
WORDS = (
    "lạm", "phát", "tăng", "trưởng", "xuất", "khẩu", "nông", "sản", "cấp", "cứu", "giáo", "dục",
    "đường", "sắt", "cao", "tốc", "đầu", "tư", "công", "ngân", "sách", "chuyển", "đổi", "số",
    "quốc", "hội", "chính", "phủ", "nghị", "quyết", "thông", "tư", "doanh", "nghiệp",
)  # fmt: skip
QUERIES = ("lam phat", "lạm phát", '"đầu tư công"', "cao toc agency:y-te", "duong sat after:2025")


def run(quick: bool) -> list[Figure]:
    """The first search, which makes the index, then each query five times."""
    from tests.screens.newsroom_world import build

    count = COUNT // 10 if quick else COUNT
    with tempfile.TemporaryDirectory() as folder:
        newsroom = build(Path(folder))
        _fill(newsroom.room.store, count)
        finder = Finder(newsroom.room, newsroom.actor("lead-1"))
        first = timed(lambda: finder.find(QUERIES[0])) / 1000
        laps = [timed(partial(finder.find, query)) for query in QUERIES * 5]
    what = f"search over {count:,} public items"
    return [
        Figure(f"{what}: the first, which makes the index", round(first, 2), "s"),
        Figure(f"{what}, p50", round(percentile(laps, 0.5), 1), "ms"),
        Figure(f"{what}, p99", round(percentile(laps, 0.99), 1), "ms"),
    ]


def _fill(store, count: int) -> None:  # type: ignore[no-untyped-def]
    chance = random.Random(7)
    with store.write() as connection:
        for start in range(0, count, 5_000):
            items, revisions, texts = [], [], []
            for number in range(start, min(start + 5_000, count)):
                digest, item = f"{number:064x}", f"i-{number:010d}"
                headline = " ".join(chance.choices(WORDS, k=8)).capitalize()
                body = " ".join(chance.choices(WORDS, k=60))
                items.append({
                    "id": item, "language": "vi", "kind": "news", "message": "", "code": "",
                    "agency": chance.choice(("y-te", "thong-ke")), "latest": digest, "number": 1,
                    "state": "released", "waiting_for": "", "public": "live"})  # fmt: skip
                revisions.append({
                    "digest": digest, "item": item, "id": f"v-{number}", "number": 1, "parent": "",
                    "author": "editor-tk", "state": "released", "steps_done": "",
                    "time": f"{2024 + number % 3}-{number % 12 + 1:02d}-01T00:00:00Z",
                    "released_in": ""})  # fmt: skip
                content = {"headline": headline, "summary": "", "body": body}
                texts.append({"revision": digest, "item": item, "language": "vi",
                              "headline": headline,
                              "content": json.dumps(content, ensure_ascii=False)})  # fmt: skip
            connection.execute(insert(ITEMS), items)
            connection.execute(insert(REVISIONS), revisions)
            connection.execute(insert(PUBLIC_TEXTS), texts)
