"""A second reading of docs/canonical.md: the vectors, checked without anything of Desk.

Only hashlib, hmac, json, base64 and the primitives of `cryptography`. Whoever changes the page or
the code so that the two part will see it here.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

FOLDER = Path(__file__).parent.parent / "data" / "vectors"


def vector(name: str) -> Any:
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


# -- values ------------------------------------------------------------------------------------

SHORT = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f",
         "\r": "\\r"}  # fmt: skip


def string(text: str) -> str:
    if unicodedata.normalize("NFC", text) != text:
        raise ValueError("not NFC")
    out = []
    for ch in text:
        if 0xD800 <= ord(ch) <= 0xDFFF:
            raise ValueError("lone surrogate")
        out.append(SHORT.get(ch) or (f"\\u{ord(ch):04x}" if ch < " " else ch))
    return '"' + "".join(out) + '"'


def canon(value: Any) -> str:
    if value is True:
        return "true"
    if value is False:
        return "false"
    if isinstance(value, str):
        return string(value)
    if isinstance(value, int):
        if abs(value) > 2**53 - 1:
            raise ValueError("too large")
        return str(value)
    if isinstance(value, list):
        return "[" + ",".join(canon(v) for v in value) + "]"
    if isinstance(value, dict):
        order = sorted(value, key=lambda k: k.encode("utf-16-be"))
        return "{" + ",".join(string(k) + ":" + canon(value[k]) for k in order) + "}"
    raise ValueError(f"no form for {value!r}")


def canonical(value: Any) -> bytes:
    return canon(value).encode("utf-8")


def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({key for key, _ in pairs}) != len(pairs):
        raise ValueError("a key twice")
    return dict(pairs)


def strict(data: bytes) -> Any:
    value = json.loads(data.decode("utf-8"), object_pairs_hook=once)
    if canonical(value) != data:
        raise ValueError("not canonical")
    return value


def test_values_have_the_bytes_and_digests_of_the_vectors() -> None:
    for case in vector("canonical")["good"]:
        assert canonical(case["value"]).hex() == case["bytes"]
        assert sha256(canonical(case["value"])) == case["sha256"]
        assert strict(bytes.fromhex(case["bytes"])) == case["value"]


def test_other_spellings_are_refused() -> None:
    for case in vector("canonical")["bad"]:
        with pytest.raises(ValueError):  # noqa: PT011 (json, unicode and ours are all of them)
            strict(bytes.fromhex(case["bytes"]))


# -- keys and the newsroom ---------------------------------------------------------------------


def hkdf(secret: bytes, info: str, length: int = 32) -> bytes:
    """RFC 5869 with SHA-256 and no salt."""
    prk = hmac.digest(b"\x00" * 32, secret, "sha256")
    return hmac.digest(prk, info.encode() + b"\x01", "sha256")[:length]


def test_keys_follow_from_seeds() -> None:
    for person in vector("keys")["people"].values():
        seed = bytes.fromhex(person["seed"])
        signing = Ed25519PrivateKey.from_private_bytes(hkdf(seed, "desk sign v1"))
        reading = X25519PrivateKey.from_private_bytes(hkdf(seed, "desk read v1"))
        assert signing.public_key().public_bytes_raw().hex() == person["sign"]
        assert reading.public_key().public_bytes_raw().hex() == person["read"]


def test_the_newsroom_is_named_by_its_root() -> None:
    found = vector("keys")
    fingerprint = sha256(canonical({"newsroom": found["newsroom"], "root": found["root"]}))
    assert fingerprint == found["fingerprint"]
    assert found["uid"] == f"{found['newsroom']}@{fingerprint[:32]}"


# -- acts --------------------------------------------------------------------------------------


def encoding(kind: str, payload: bytes) -> bytes:
    name = kind.encode()
    sizes = (str(len(name)).encode(), str(len(payload)).encode())
    return b" ".join([b"DSSEv1", sizes[0], name, sizes[1], payload])


def test_acts_are_signed_and_named_as_the_page_says() -> None:
    people = vector("keys")["people"]
    for label, act in {**vector("acts"), **vector("later")}.items():
        name = label.partition(",")[0]
        payload = act["payload"].encode()
        fields = strict(payload)
        assert fields["kind"] == name
        assert fields["newsroom"] == vector("keys")["uid"]
        assert act["payload_type"] == f"application/vnd.desk.act.{name}.v1+json"
        signed = encoding(act["payload_type"], payload)
        assert base64.b64decode(act["pae"]) == signed
        assert sha256(signed) == act["digest"]
        for signature in act["signatures"]:
            assert signature["keyid"] == people[signature["by"]]["sign"]
            key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(signature["keyid"]))
            key.verify(base64.b64decode(signature["sig"]), signed)
        assert sha256(envelope(act)) == act["envelope_sha256"]


def envelope(act: dict[str, Any]) -> bytes:
    return canonical(
        {
            "payload": base64.b64encode(act["payload"].encode()).decode(),
            "payloadType": act["payload_type"],
            "signatures": [{"keyid": s["keyid"], "sig": s["sig"]} for s in act["signatures"]],
        }
    )


FORMS = {
    "digest": r"[0-9a-f]{64}",
    "instant": r"2[01][0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z",
    "wall time": r"2[01][0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}",
    "zone": r"[A-Za-z0-9_+/-]{1,64}",
    "id": r"[a-z0-9][a-z0-9-]{0,63}",
    "uid": r"[a-z0-9][a-z0-9-]{0,63}@[0-9a-f]{32}",
    "item": r"i-[0-9a-hjkmnp-tv-z]{10}",
    "release": r"r-[0-9a-hjkmnp-tv-z]{10}",
    "message": r"m-[0-9a-hjkmnp-tv-z]{10}",
    "revision": r"v-[0-9a-hjkmnp-tv-z]{16}",
    "language": r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*",
}


def test_every_field_of_the_vectors_has_the_form_of_the_page() -> None:
    page = (Path(__file__).parents[2] / "docs" / "canonical.md").read_text(encoding="utf-8")
    section = re.split(r"^### `([\w.]+)`$", page, flags=re.MULTILINE)
    for name, text in zip(section[1::2], section[2::2], strict=True):
        fields = json.loads({**vector("later"), **vector("acts")}[name]["payload"])
        forms = dict(re.findall(r"^\| `(\w+)` \| (?:yes|no) \| ([^|]+?) \|", text, re.MULTILINE))
        assert fields.keys() <= forms.keys(), name
        for field, form in forms.items():
            if field in fields and form in FORMS:
                assert re.fullmatch(FORMS[form], fields[field]), (name, field)
            elif field in fields and form == "whole":
                assert isinstance(fields[field], int)
                assert fields[field] >= 0


# -- the log -----------------------------------------------------------------------------------


def test_the_log_is_chained_as_the_page_says() -> None:
    acts, log, previous = vector("acts"), vector("log"), "0" * 64
    for number, entry in enumerate(log["entries"], 1):
        inner = hashlib.sha256(envelope(acts[entry["kind"]])).digest()
        head = f"desk log v1\n{number}\n{previous}\n".encode()
        assert entry["seq"] == number
        assert entry["previous"] == previous
        assert entry["hash"] == sha256(head + inner)
        previous = entry["hash"]
    sealed = log["checkpoint"]
    payload = base64.b64decode(sealed["payload"])
    (signature,) = sealed["signatures"]
    assert signature["keyid"] == vector("keys")["people"]["pub-1"]["sign"]
    key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(signature["keyid"]))
    assert sealed["payloadType"] == "application/vnd.desk.checkpoint.v1+json"
    key.verify(base64.b64decode(signature["sig"]), encoding(sealed["payloadType"], payload))
    body = strict(payload)
    assert (body["head"], body["seq"]) == (previous, len(log["entries"]))


# -- seals -------------------------------------------------------------------------------------


def test_seals_are_bound_to_what_the_page_says() -> None:
    found = vector("seals")
    name, reader = found["name"], found["reader"]
    for part, aad in found["aad"].items():
        assert canonical(name | {"field": part, "format": 1}) == aad.encode()
    info = name | {"desk": "wrap v1", "key": reader["key"], "reader": reader["id"]}
    assert canonical(info) == found["wrap_info"].encode()


def test_a_bundle_is_sealed_as_the_page_says() -> None:
    name, found = vector("seals")["name"], vector("seals")["bundle"]
    address = sha256(
        canonical(
            {
                "channel": found["channel"],
                "desk": "bundle address v1",
                "manifest": found["manifest"],
                "newsroom": name["newsroom"],
            }
        )
    )
    assert address == found["address"]
    key = hkdf(bytes.fromhex(found["secret"]), f"desk bundle key v1 {address}")
    assert key.hex() == found["key"]
    text = bytes.fromhex(found["plaintext"])
    seal = hkdf(key, f"desk bundle seal v1 {address}")
    nonce_key = hkdf(key, f"desk bundle nonce v1 {address}")
    nonce = hmac.digest(nonce_key, hashlib.sha256(text).digest(), "sha256")[:12]
    aad = canonical({"address": address, "desk": "bundle v1"})
    assert (nonce + AESGCM(seal).encrypt(nonce, text, aad)).hex() == found["sealed"]
    asset = hkdf(key, f"desk bundle asset v1 {address} {found['asset_sha256']}")
    last = b"\x00" * 11 + b"\x01"
    assert AESGCM(asset).encrypt(last, text, None).hex() == found["asset"]
