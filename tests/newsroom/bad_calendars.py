"""Bad calendars: what is changed in the good one, and what must be told about it."""

from __future__ import annotations

from tests.newsroom.sample import GOOD

ALERTS = "alerts: [{{{}}}]\nslots:\n"

# What is changed in the good file, with ▸ before each place that must be told, and what is said
# there, in file order.
BAD: dict[str, tuple[str, str, list[str]]] = {
    # -- YAML that is more than plain
    "duplicate key": ("  zone: Asia", "  zone: UTC\n  ▸zone: Asia", ["'zone' is given twice"]),
    "duplicate top key": ("agencies:\n", "▸newsroom: {}\nagencies:\n", ["given twice"]),
    "duplicate in flow": ("chain: [check], u", "chain: [check], ▸chain: [review], u", ["twice"]),
    "duplicate after NFC": (
        "languages: [vi]}",
        "languages: [vi]}\n  ▸\u1ec1: {chain: [review]}\n  ▸e\u0302\u0300: {chain: [review]}",
        ["'ề' is not an id", "'ề' is given twice"],
    ),
    "anchor": ("zone: Asia", "zone: ▸&z Asia", ["an anchor, &z"]),
    "alias": ("zone: Asia/Ho_Chi_Minh", "zone: ▸*z", ["an alias, *z"]),
    "merge key": ("  urgent: {", "  urgent: {▸<<: {a: b}, ", ["a merge key"]),
    "tag": ("signers: 2", "signers: ▸!!int 2", ["a tag, tag:yaml.org,2002:int"]),
    "python tag": (
        "zone: Asia/Ho_Chi_Minh",
        "zone: ▸▸!!python/object/apply:os.system [id]",
        ["a tag, tag:yaml.org,2002:python/object", "found a list"],
    ),
    "key that is a list": ("  urgent: {", "  ▸[a, b]: 1\n  urgent: {", ["a key that is not text"]),
    "second document": ("agencies:\n", "---\nagencies:\n", ["another document"]),
    # -- keys
    "unknown top key": ("slots:\n", "▸slot:\n", ["unknown key 'slot'"]),
    "unknown key": ("  zone:", "  ▸timezone: UTC\n  zone:", ["unknown key 'timezone'"]),
    "missing keys": ("chain: [check], urgent", "urgent", ["'chain' is missing"]),
    "missing part": (GOOD[GOOD.index("releases:") :], "", ["'releases' is missing"]),
    # -- types
    "text for number": ("signers: 2", 'signers: ▸"2"', ["a whole number, found the text '2'"]),
    "fraction": ("signers: 2", "signers: ▸2.0", ["a whole number, found the number"]),
    "yes is no bool": ("urgent: true", "urgent: ▸yes", ["true or false, found the text 'yes'"]),
    "number for bool": ("required: false", "required: ▸0", ["true or false, found the number"]),
    "text for list": ("chain: [check]", "chain: ▸check", ["a list, found the text 'check'"]),
    "list for mapping": ("releases: {signers: 2", "releases: ▸[]\n▸x: {y: 2", ["a mapping", "x"]),
    "mapping for list": ("[portal, press]", "▸{a: b}", ["a list, found a mapping"]),
    "nothing": ("zone: Asia/Ho_Chi_Minh", "zone:▸", ["expected a time zone, found nothing"]),
    "number for text": ("at: \"09:30\"", "at: ▸930", ["a time of day, found the number '930'"]),
    "empty list": ("[vi, en]\nagencies", "▸[]\nagencies", ["at least one entry"]),
    "huge number": ("signers: 2", "signers: ▸" + "9" * 5000, ["a whole number"]),
    # -- single values
    "id": ("id: desk-test", "id: ▸Desk Test", ["'Desk Test' is not an id"]),
    "kind id": ("  urgent: {", "  ▸Tin khẩn: {", ["'Tin khẩn' is not an id"]),
    "empty name": ("vi: bảo trì", "vi: ▸\"\"", ["the text is empty"]),
    "zone": ("Asia/Ho_Chi_Minh", "▸Asia/Saigonn", ["unknown time zone 'Asia/Saigonn'"]),
    "zone with a path": ("Asia/Ho_Chi_Minh", "▸../etc/passwd", ["unknown time zone"]),
    "country for language": ("[vi, en]\nag", "[▸vn, en]\nag", ["unknown language 'vn'"]),
    "span without unit": ("stage_ahead: 10m", "stage_ahead: ▸10", ["the span 10 has no unit"]),
    "span with a blank": ("stage_ahead: 10m", "stage_ahead: ▸10 m", ["'10 m' is not a span"]),
    "span in other digits": ("stage_ahead: 10m", "stage_ahead: ▸١m", ["is not a span"]),
    "stage too short": ("stage_ahead: 10m", "stage_ahead: ▸29s", ["the span 29s is too short"]),
    "no signers": ("signers: 2", "signers: ▸0", ["at least 1"]),
    "empty chain": ("chain: [check]", "chain: ▸[]", ["at least one entry"]),
    "time": ('at: "09:30"', 'at: ▸"25:00"', ["there is no time '25:00'"]),
    "time in words": ('at: "09:30"', "at: ▸9h30", ["'9h30' is not a time of day"]),
    "wall with offset": ("to: 2026-11-22T00:00", "to: ▸2026-11-22T00:00Z", ["is not a wall time"]),
    "no such day": ("from: 2026-11-21T", "from: ▸2026-02-30T", ["there is no day '2026-02-30'"]),
    "file url": ('"http://127.0.0.1:8601"', "▸file:///etc/passwd", ["is not an http address"]),
    "url with query": ("127.0.0.1:8601\"", "127.0.0.1:8601/?a=b\"", ["query"]),
    "url with a bad port": ("127.0.0.1:8601", "127.0.0.1:99999", ["is not an address"]),
    "url without host": ('"http://127.0.0.1:8601"', '▸"http:///x"', ["names no host"]),
    "path climbs": ("path: var/press", "path: ▸var/../../press", ["climbs with '..'"]),
    "path expands": ("path: var/press", "path: ▸~/press", ["is not taken as a path"]),
    "path is the root": ("path: var/press", "path: ▸./", ["is not a folder of its own"]),
    "key of a channel": ("8601\", l", "8601\", key: ▸abc, l", ["'abc' is not a key"]),
    # -- rules
    "rule": ("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "▸FREQ=WEEKLY;BYDAY=MON", ["'MON'"]),
    "hourly rule": ("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "▸FREQ=HOURLY", ["'HOURLY'"]),
    "rule with a time": ("BYDAY=MO,TU,WE,TH,FR", "BYDAY=MO;BYHOUR=9", ["BYHOUR does not belong"]),
    "rule without days": (";BYDAY=MO,TU,WE,TH,FR", "", ["has to say on which days"]),
    "rule that never falls": (
        "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR",
        "▸FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        ["never falls on a day"],
    ),
    "interval without start": ("FREQ=WEEKLY;", "▸FREQ=WEEKLY;INTERVAL=2;", ["every 2 of what?"]),
    # -- places that relate
    "duplicate id": ("id: y-te", "id: ▸thong-ke", ["the id 'thong-ke' is taken"]),
    "step": ("chain: [check]", "chain: [▸chek]", ["unknown step 'chek'"]),
    "step twice": ("chain: [review]", "chain: [review, ▸review]", ["listed twice"]),
    "step order": ("[appraise, review, check]", "▸[review, appraise]", ["another order"]),
    "gate": ("sources, translation", "▸sorces, translation", ["unknown gate 'sorces'"]),
    "later gate": ("gates: [summary],", "gates: [▸facts],", ["unknown gate 'facts'"]),
    "driver": ("driver: desk", "driver: ▸dessk", ["unknown driver 'dessk'"]),
    "slot's kind": ("kinds: [news]", "kinds: [▸new]", ["unknown kind 'new'"]),
    "slot's channel": ("[portal, press]", "[portal, ▸pres]", ["unknown channel 'pres'"]),
    "language": ("urgent: true", "urgent: true, languages: [▸fr]", ["unknown language 'fr'"]),
    "section": ("[documents]", "[▸document]", ["unknown section 'document'"]),
    "name in a language": ("en: Health", "en: Health, ▸fr: Santé", ["unknown language 'fr'"]),
    "name without one": ("{vi: Bộ Y tế, en: Health}", "▸{vi: Bộ Y tế}", ["no text in en"]),
    "spans reversed": ("publish_within: 15m", "publish_within: ▸16m", ["longer than not_after"]),
    "blackout reversed": ("to: 2026-11-22T", "to: ▸2026-11-20T", ["ends before it begins"]),
    "slot reversed": (
        '"09:30"',
        '"09:30"\n    from: 2027-01-02\n    until: ▸2027-01-01',
        ["ends before it begins"],
    ),
    "desk without url": ('url: "http://127.0.0.1:8601", ', "", ["needs 'url'"]),
    "folder with url": ("path: var", '▸url: "https://a.example", path: var', ["has no 'url'"]),
    "one folder twice": (
        "slots:\n",
        "  - {id: two, driver: folder, path: ▸var//press, languages: [vi]}\nslots:\n",
        ["is already the folder of 'press'"],
    ),
    "urgent chain": ("chain: [check], u", "chain: ▸[review, check], u", ["a chain of one step"]),
    "urgent waits": (
        "urgent: true",
        "urgent: true, gates: [▸translation]",
        ["does not wait for its translation"],
    ),
    "lengths": ("urgent: true", "urgent: true, limits: {body: ▸[9, 3]}", ["9 to 3 characters"]),
    "length in words": ("urgent: true", "urgent: true, limits: {body: ▸x}", ["two whole numbers"]),
    "roles": ("signers: 2,", "signers: 2, withdraw_roles: [▸leed],", ["unknown role 'leed'"]),
    # -- alerts and the mail server
    "event": ("slots:\n", ALERTS.format("when: [▸hold], to: {webhook: 'http://[::1]'}"), ["event"]),
    "event without end": (
        "slots:\n",
        ALERTS.format("when: [▸waiting-0m, ▸unsigned-99x], to: {webhook: 'https://a.example'}"),
        ["the span 0m is too short", "'99x' is not a span"],
    ),
    "told to nobody": ("slots:\n", ALERTS.format("when: [held], to: ▸{}"), ["nobody is told"]),
    "told to a secret": (
        "slots:\n",
        ALERTS.format("when: [held], to: ▸{▸credential: hook}"),
        ["nobody is told", "only a webhook has a secret"],
    ),
    "mail without a server": (
        "slots:\n",
        ALERTS.format("when: [held], to: {smtp: ▸a@example.org}"),
        ["there is no mail server"],
    ),
    "webhook in clear": (
        "slots:\n",
        ALERTS.format("when: [held], to: {webhook: ▸'http://hooks.example.org/a'}"),
        ["spoken to over https"],
    ),
    "escalating nothing": (
        "slots:\n",
        ALERTS.format(
            "when: [held], to: {webhook: 'https://a.example'}, "
            "▸escalate_to: {webhook: 'https://b.example'}"
        ),
        ["nothing here waits for people"],
    ),
    "escalating to nobody": (
        "slots:\n",
        ALERTS.format("when: [waiting], to: {webhook: 'https://a.example'}, ▸escalate_after: 5m"),
        ["nobody is told after that span"],
    ),
    "mail in clear": (
        "slots:\n",
        "mail: {server: smtp.example.org, security: ▸none, from: a@example.org}\nslots:\n",
        ["is spoken to with TLS"],
    ),
    "mail server": (
        "slots:\n",
        "mail: {server: ▸'smtp.example.org:25', security: ▸ssl, port: ▸0, from: ▸a@b}\nslots:\n",
        ["is not a server", "unknown security 'ssl'", "at least 1", "is not a mail address"],
    ),
    "press contact": (
        "slots:\n",
        "press:\n  ▸contact:\n    post: ▸{vi: Báo chí}\n    languages: [vi, ▸vi]\nslots:\n",
        ["nobody can reach", "no text in en", "is listed twice"],
    ),
    "press texts": (
        "slots:\n",
        "press:\n  contact: {post: {vi: A, en: B}, phone: ▸'0800 PRESS', email: ▸a@b, "
        "languages: [vi]}\n  logo: {alt: {vi: A, en: B, ▸fr: C}, use: {vi: A, en: B}}\nslots:\n",
        ["is not a telephone number", "is not a mail address", "unknown language 'fr'"],
    ),
    "a word for the spokesperson": (
        "{chain: [review], ", "{chain: [review], spokesperson: ▸require, ", ["neither required"]
    ),
    "mail user": (
        "slots:\n",
        "mail: {server: localhost, from: a@example.org, ▸user: desk}\nslots:\n",
        ["'user' needs 'credential'"],
    ),
}  # fmt: skip
