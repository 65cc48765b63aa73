"""What each role loads: whose items wait for it must not wait for what it does not use."""

import subprocess
import sys

import pytest

JUDGING = ("numpy", "trafilatura", "py3langid", "worker.triggers.detect", "worker.places.resolve")
NETWORK = ("aiohttp", "httpx")


@pytest.mark.parametrize(
    ("made", "left_out"),
    [
        pytest.param("wiring.make_sender", JUDGING, id="a sender loads nothing that judges"),
        pytest.param("wiring.make_fetcher", JUDGING, id="a poller loads nothing that judges"),
        pytest.param(
            "judge.make_judge", ("trafilatura", *NETWORK), id="a classifier loads no client, nor a page's reader"
        ),
    ],
)
def test_a_role_loads_what_it_uses_and_no_more(made: str, left_out: tuple[str, ...]) -> None:
    program = (
        "import sys; import worker.cli.roles; from worker import judge, wiring; from worker.settings import Settings; "
        f"{made}(Settings(config_dir='config', scorer='off')); print(' '.join(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    assert not set(left_out) & set(done.stdout.split())


def test_a_command_that_judges_texts_loads_no_redis() -> None:
    program = "import sys; import worker.cli.classify; print(' '.join(sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    assert not {"redis", "rq"} & set(done.stdout.split())
