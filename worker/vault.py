"""The vault: what must not be read in Redis is sealed by it, the secrets of subscriptions and of feeds alike."""

import base64
import binascii
from typing import Final

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from worker.errors import SettingsError

_SEALED: Final = "sealed:"
_PLAIN: Final = "plain:"
_REMEMBERED: Final = 20_000


class Vault:
    """Seals secrets with the keys of the settings; without a key they are kept as they are, marked ``plain:``."""

    def __init__(self, keys: str) -> None:
        """A vault of Fernet keys separated by commas: the first seals, all open. Raises SettingsError for a bad one."""
        try:
            fernets = [Fernet(k.strip()) for k in keys.split(",") if k.strip()]
        except (ValueError, binascii.Error) as error:
            example = base64.urlsafe_b64encode(bytes(32)).decode()
            raise SettingsError(
                f"TOCSIN_SECRETS_KEY: not 32 random bytes in URL-safe base64, a text as long as {example}"
            ) from error
        self._fernet = MultiFernet(fernets) if fernets else None
        self._opened: dict[str, str] = {}

    @property
    def sealing(self) -> bool:
        """Whether secrets are encrypted; where not, start-up warns."""
        return self._fernet is not None

    def seal(self, secret: str) -> str:
        """The secret as it may be kept."""
        if self._fernet is None:
            return _PLAIN + secret
        return _SEALED + self._fernet.encrypt(secret.encode()).decode()

    def open(self, sealed: str) -> str:
        """The secret itself; raises SettingsError where the key that sealed it is not set."""
        if sealed.startswith(_PLAIN):
            return sealed.removeprefix(_PLAIN)
        if sealed not in self._opened:
            if len(self._opened) >= _REMEMBERED:
                self._opened.clear()
            self._opened[sealed] = self._decrypted(sealed)
        return self._opened[sealed]

    def _decrypted(self, sealed: str) -> str:
        if self._fernet is None:
            raise SettingsError("TOCSIN_SECRETS_KEY: is not set, but secrets in Redis are sealed: set the key they had")
        try:
            return self._fernet.decrypt(sealed.removeprefix(_SEALED).encode()).decode()
        except InvalidToken as error:
            raise SettingsError(
                "TOCSIN_SECRETS_KEY: does not open the secrets in Redis: add the key they had"
            ) from error
