"""Signatures: the standard's known answers, and its two packages as judges."""

import time
from typing import Any

import pytest
import standardwebhooks
import svix
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.notices import SECRET
from tests.support.paths import ROOT
from worker.deliveries.sign import headers, new_pair, new_secret, verify

ID, AT, BODY = "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}'
V1_KEY = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
V1 = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
V1A_KEY = "whsk_6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbfVKIDij2HKpMKkioLlX0dRqSKJp4AJ6p9lMicMFs6Kvg=="
V1A = "v1a,hnO3f9T8Ytu9HwrXslvumlUpqtNVqkhqw/enGzPCXe5BdqzCInXqYXFymVJaA7AZdpXwVLPo3mNl8EM+m7TBAg=="
PRIVATE, PUBLIC = new_pair(bytes(range(32)))


@pytest.mark.parametrize(("key", "signature"), [(V1_KEY, V1), (V1A_KEY, V1A)], ids=["v1", "v1a"])
def test_the_known_answers_of_the_standard(key: str, signature: str) -> None:
    assert headers(key, ID, AT, BODY) == {
        "webhook-id": ID,
        "webhook-timestamp": str(AT),
        "webhook-signature": signature,
    }


def test_every_key_signs() -> None:
    assert headers(f"{V1_KEY} {V1A_KEY}", ID, AT, BODY)["webhook-signature"] == f"{V1} {V1A}"


def test_the_code_of_the_guide_verifies_a_key_pair() -> None:
    guide = (ROOT / "worker" / "console" / "help" / "receiving.md").read_text()
    (code,) = (part.partition("```")[0] for part in guide.split("```python\n") if "Ed25519PublicKey" in part)
    told: dict[str, Any] = {}
    exec(code, told)  # noqa: S102 - it is our own
    sent = headers(f"{V1A_KEY} {PRIVATE}", ID, AT, BODY)
    assert told["right"](PUBLIC, sent, BODY)
    assert not told["right"](PUBLIC, sent, BODY + b" ")


@pytest.mark.parametrize("package", [standardwebhooks.Webhook, svix.Webhook], ids=["standardwebhooks", "svix"])
def test_the_packages_of_the_standard_verify_what_is_sent(package: Any) -> None:
    body = '{"type":"alert.created","data":"Дамаск 🚨"}'.encode()
    now = int(time.time())
    for keys in (SECRET, f"{SECRET} {new_secret(bytes(24))}", f"{PRIVATE} {SECRET}"):
        package(SECRET).verify(body, headers(keys, "msg_1", now, body))
    with pytest.raises(Exception, match=r"[Ss]ignature"):
        package(new_secret(bytes(24))).verify(body, headers(SECRET, "msg_1", now, body))


@given(body=st.binary(max_size=200), random=st.binary(min_size=24, max_size=64), flip=st.integers(0, 10_000))
@settings(max_examples=50, deadline=None)
def test_what_is_signed_verifies_and_what_is_changed_does_not(body: bytes, random: bytes, flip: int) -> None:
    key = new_secret(random)
    sent = headers(f"{key} {PRIVATE}", "msg_1", AT, body)
    for right in (key, PRIVATE, PUBLIC):
        assert verify(right, sent, body, now=AT)
        assert not verify(right, sent, body + b" ", now=AT)
        assert not verify(right, sent | {"webhook-id": "msg_2"}, body, now=AT)
        assert not verify(right, sent | {"webhook-timestamp": str(AT + 1)}, body, now=AT)
    if body:
        place = flip % len(body)
        changed = body[:place] + bytes([body[place] ^ 1]) + body[place + 1 :]
        assert not verify(key, sent, changed, now=AT)


NONSENSE: dict[str, dict[str, str]] = {
    "nothing": {},
    "no signature": {"webhook-id": "a", "webhook-timestamp": str(AT)},
    "bad time": {"webhook-id": "a", "webhook-timestamp": "soon", "webhook-signature": V1},
    "empty": {"webhook-id": ID, "webhook-timestamp": str(AT), "webhook-signature": ""},
    "no version": {"webhook-id": ID, "webhook-timestamp": str(AT), "webhook-signature": V1[3:]},
    "other version": {"webhook-id": ID, "webhook-timestamp": str(AT), "webhook-signature": "v2" + V1[2:]},
    "bad base64": {"webhook-id": ID, "webhook-timestamp": str(AT), "webhook-signature": "v1a,!!!"},
    "not ascii": {"webhook-id": ID, "webhook-timestamp": str(AT), "webhook-signature": "v1,ü v1a,ü"},
}


@pytest.mark.parametrize("given", NONSENSE.values(), ids=NONSENSE.keys())
@pytest.mark.parametrize("key", [V1_KEY, V1A_KEY, PUBLIC], ids=["v1", "v1a", "public"])
def test_nonsense_is_not_verified(given: dict[str, str], key: str) -> None:
    assert not verify(key, given, BODY, now=AT)


@pytest.mark.parametrize(("now", "fresh"), [(AT + 300, True), (AT - 300, True), (AT + 301, False), (AT - 301, False)])
def test_an_old_signature_is_a_replay(now: int, fresh: bool) -> None:
    assert verify(V1_KEY, headers(V1_KEY, ID, AT, BODY), BODY, now=now) is fresh


@pytest.mark.parametrize("size", [0, 23, 65])
def test_a_secret_of_the_wrong_size_is_refused(size: int) -> None:
    with pytest.raises(ValueError, match="24 to 64"):
        new_secret(bytes(size))
