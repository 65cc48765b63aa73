"""Settings: read once, and a bad one is named."""

import pytest

from worker.errors import SettingsError
from worker.settings import read


def test_nothing_set_gives_the_defaults() -> None:
    settings = read({"PATH": "/bin"})
    assert (settings.redis_url, settings.horizon_hours, settings.allow_networks) == ("", 24.0, ())


def test_values_are_read_as_what_they_are() -> None:
    settings = read(
        {
            "TOCSIN_API_PORT": "9000",
            "TOCSIN_ALLOW_HTTP": "true",
            "TOCSIN_ALLOW_NETWORKS": "127.0.0.0/8, ::1/128",
            "TOCSIN_HORIZON_HOURS": "1.5",
        }
    )
    assert (settings.api_port, settings.allow_http, settings.horizon_hours) == (9000, True, 1.5)
    assert settings.allow_networks == ("127.0.0.0/8", "::1/128")


def test_an_empty_variable_is_as_if_it_were_not_there() -> None:
    assert read({"TOCSIN_API_PORT": ""}).api_port == 8080


@pytest.mark.parametrize(
    ("name", "value"),
    [
        pytest.param("TOCSIN_REDIS_ULR", "redis://x", id="unknown"),
        pytest.param("TOCSIN_API_PORT", "many", id="no number"),
        pytest.param("TOCSIN_APPENDFSYNC", "sometimes", id="not among the choices"),
        pytest.param("TOCSIN_HORIZON_HOURS", "-1", id="negative"),
        pytest.param("TOCSIN_SEND_CONCURRENCY", "0", id="zero"),
        pytest.param("TOCSIN_ARTICLE_DAYS", "0", id="kept for no day"),
    ],
)
def test_a_bad_setting_is_named(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name):
        read({name: value})


def test_a_missing_config_folder_is_named() -> None:
    with pytest.raises(SettingsError, match="nowhere"):
        _ = read({"TOCSIN_CONFIG_DIR": "nowhere"}).config
