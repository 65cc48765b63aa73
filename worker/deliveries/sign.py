"""Standard Webhooks 1.0 signatures: ``v1`` (HMAC-SHA256) and ``v1a`` (ed25519).

Source: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

SYMMETRIC: Final = "whsec_"
PRIVATE: Final = "whsk_"
PUBLIC: Final = "whpk_"
TOLERANCE_S: Final = 300
_SECRET_BYTES: Final = range(24, 65)


def new_secret(random: bytes) -> str:
    """A ``v1`` secret of 24 to 64 random bytes; raises ValueError for fewer or more."""
    if len(random) not in _SECRET_BYTES:
        raise ValueError(f"a secret has 24 to 64 random bytes, not {len(random)}")
    return SYMMETRIC + base64.b64encode(random).decode()


def new_pair(random: bytes) -> tuple[str, str]:
    """A ``v1a`` private and public key from 32 random bytes."""
    public = Ed25519PrivateKey.from_private_bytes(random).public_key().public_bytes_raw()
    return PRIVATE + base64.b64encode(random + public).decode(), PUBLIC + base64.b64encode(public).decode()


def headers(secret: str, message_id: str, timestamp: int, body: bytes) -> dict[str, str]:
    """The three headers of one attempt at ``timestamp`` (Unix s); every key in ``secret`` signs."""
    content = b"%s.%d.%s" % (message_id.encode(), timestamp, body)
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(_signature(key, content) for key in secret.split()),
    }


def verify(key: str, given: Mapping[str, str], body: bytes, *, now: int) -> bool:
    """Whether one signature in the headers (lower-case names) is this key's and at most 5 min away from ``now``."""
    try:
        timestamp = int(given["webhook-timestamp"])
        signatures = given["webhook-signature"].split()
        content = b"%s.%d.%s" % (given["webhook-id"].encode(), timestamp, body)
    except (KeyError, ValueError):
        return False
    if abs(now - timestamp) > TOLERANCE_S:
        return False
    return any(_right(key, signature, content) for signature in signatures[:10])


def _signature(key: str, content: bytes) -> str:
    if key.startswith(PRIVATE):
        return "v1a," + base64.b64encode(_private(key).sign(content)).decode()
    return "v1," + base64.b64encode(hmac.digest(_secret(key), content, hashlib.sha256)).decode()


def _right(key: str, signature: str, content: bytes) -> bool:
    version, _, value = signature.partition(",")
    if version == "v1" and key.startswith(SYMMETRIC):
        return hmac.compare_digest(_signature(key, content).encode(), signature.encode())
    if version == "v1a" and key.startswith((PRIVATE, PUBLIC)):
        try:
            _public(key).verify(base64.b64decode(value, validate=True), content)
        except (InvalidSignature, ValueError):
            return False
        return True
    return False


@lru_cache(maxsize=4096)
def _secret(key: str) -> bytes:
    return _decoded(key.removeprefix(SYMMETRIC))


@lru_cache(maxsize=4096)
def _private(key: str) -> Ed25519PrivateKey:
    # The first half is the seed; the second, where present, the public key that follows from it.
    return Ed25519PrivateKey.from_private_bytes(_decoded(key.removeprefix(PRIVATE))[:32])


@lru_cache(maxsize=4096)
def _public(key: str) -> Ed25519PublicKey:
    if key.startswith(PRIVATE):
        return _private(key).public_key()
    return Ed25519PublicKey.from_public_bytes(_decoded(key.removeprefix(PUBLIC)))


def _decoded(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
