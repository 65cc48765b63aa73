"""Settings: the environment and the place of ``config/``, read once into one frozen struct."""

import difflib
from collections.abc import Mapping
from pathlib import Path
from typing import Final, Literal

import msgspec

from worker.addresses import networks
from worker.errors import AddressRefused, SettingsError

PREFIX: Final = "TOCSIN_"


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an operator may set; each field is the variable ``TOCSIN_<NAME>``. Lists are separated by commas.

    ``redis_url`` empty: ``tocsin up`` and ``tocsin demo`` embed a Redis in ``data_dir``, the other commands look for
    the one that is running there. ``allow_networks`` may be dialled although they are private, for local trials.
    """

    redis_url: str = ""
    data_dir: str = "var"
    config_dir: str = ""
    appendfsync: Literal["always", "everysec", "no"] = "everysec"
    contact_url: str = ""
    console_url: str = ""
    api_host: str = "127.0.0.1"
    api_port: int = 8080
    api_key: str = ""
    api_rate: int = 1200
    console_password: str = ""
    secrets_key: str = ""
    allow_networks: tuple[str, ...] = ()
    allow_http: bool = False
    scorer: Literal["auto", "off", "required"] = "auto"
    scorer_url: str = ""
    horizon_hours: float = 24.0
    poll_interval_s: int = 300
    poll_concurrency: int = 64
    host_concurrency: int = 2
    host_spacing_s: float = 1.0
    classify_batch: int = 50
    send_concurrency: int = 100
    send_held: int = 1000
    rotation_hours: float = 24.0
    heartbeat_minutes: int = 60
    blind_after_s: int = 900
    memory_limit: float = 0.9
    article_days: int = 7
    alert_days: int = 90
    delivery_days: int = 30
    probe_port: int = 0
    log_format: Literal["text", "json"] = "text"
    log_level: Literal["debug", "info", "warning", "error"] = "info"

    @property
    def data(self) -> Path:
        """The folder of the embedded Redis."""
        return Path(self.data_dir).absolute()

    @property
    def config(self) -> Path:
        """The folder that holds ``feeds.yaml`` and ``triggers/``; raises SettingsError where there is none."""
        beside = Path(__file__).resolve().parent.parent / "config"
        tried = [Path(self.config_dir)] if self.config_dir else [Path("config"), beside]
        for folder in tried:
            if (folder / "triggers").is_dir():
                return folder.absolute()
        raise SettingsError(f"no folder with triggers/ at {' or '.join(map(str, tried))}: set TOCSIN_CONFIG_DIR")


def read(environ: Mapping[str, str]) -> Settings:
    """The settings that this environment gives; raises SettingsError that names the variable at fault."""
    given = {name[len(PREFIX) :].lower(): value for name, value in environ.items() if name.startswith(PREFIX)}
    if unknown := sorted(given.keys() - set(Settings.__struct_fields__)):
        near = difflib.get_close_matches(unknown[0], Settings.__struct_fields__, 1)
        hint = f"did you mean {PREFIX}{near[0].upper()}?" if near else "config/tocsin.env.example lists them all"
        raise SettingsError(f"unknown setting {PREFIX}{unknown[0].upper()}: {hint}")
    values: dict[str, object] = {name: value for name, value in given.items() if value != ""}
    if "allow_networks" in values:
        values["allow_networks"] = [part.strip() for part in given["allow_networks"].split(",") if part.strip()]
    try:
        return _checked(msgspec.convert(values, Settings, strict=False))
    except msgspec.ValidationError as error:
        where = str(error).rpartition("`$.")[2].strip("`").upper()
        raise SettingsError(f"{PREFIX}{where}: {str(error).partition(' - at')[0]}") from error


def _checked(settings: Settings) -> Settings:
    for name in Settings.__struct_fields__:
        value = getattr(settings, name)
        if isinstance(value, int | float) and not isinstance(value, bool) and value < 0:
            raise SettingsError(f"{PREFIX}{name.upper()}: {value} is negative")
    try:
        networks(settings.allow_networks)
    except AddressRefused as error:
        raise SettingsError(f"{PREFIX}ALLOW_NETWORKS: {error}") from error
    for name in Settings.__struct_fields__:
        if name.endswith(("_concurrency", "_batch", "_held", "_interval_s", "_days")) and getattr(settings, name) < 1:
            raise SettingsError(f"{PREFIX}{name.upper()}: must be 1 or more")
    return settings
