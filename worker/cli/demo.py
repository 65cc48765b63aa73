"""The demo: recorded feeds in, signed webhooks out, and a check that exactly the expected alerts came."""

import queue
import statistics
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import click

from worker.cli import demo_expect
from worker.cli.demo_expect import Expectations, Judgement
from worker.cli.demo_seeds import Seeds, feed_of
from worker.cli.demo_server import DemoServer
from worker.cli.demo_sink import Arrival, Sink
from worker.cli.demo_stage import Stage, alone, containers, over
from worker.cli.demo_table import Ticker
from worker.deliveries import sign
from worker.errors import CatalogueError
from worker.settings import Settings

SILENCE_S: Final = 5.0  # after the last expected alert, for what may be too much


@click.command()
@click.option("--redis", "redis_url", default="", metavar="URL", help="Use the roles that run over this Redis.")
@click.option("--api", default="", metavar="URL", help="Their HTTP API, where the demo subscribes; with --redis.")
@click.option(
    "--listen", default="127.0.0.1:0", show_default=True, metavar="HOST:PORT", help="Serve feeds and sink here."
)
@click.option("--seeds", type=click.Path(path_type=Path), default=None, help="The recorded feeds; default: seeds/.")
@click.option("--within", default=60.0, show_default=True, metavar="SECONDS", help="Give up after this long.")
@click.pass_obj
def demo(settings: Settings, redis_url: str, api: str, listen: str, seeds: Path | None, within: float) -> None:
    """See it work: recorded feeds go in, signed webhooks come out.

    Serves the recorded feeds of seeds/ over HTTP, subscribes an endpoint of its own that verifies each signature,
    runs every role over a Redis of its own, and prints each alert as it arrives. For this its own address
    (127.0.0.0/8) is allowed. The exit code is 0 where exactly the alerts of seeds/expected.yaml came, else 1.
    """
    if bool(redis_url) != bool(api):
        raise click.UsageError("--redis and --api go together")
    started = time.monotonic()
    folder = seeds or _folder()
    expected = demo_expect.load(folder / "expected.yaml")
    sink = Sink(_verify)
    host, _, port = listen.rpartition(":")
    with DemoServer(host, int(port), lambda path: site.get(path), sink.receive) as server:
        site = Seeds(folder, server.base)
        hook = f"{server.base}/hook"
        ticker = Ticker()
        ticker.say(f"{len(site.definitions)} recorded feeds at {server.base}/feeds/, webhooks to {hook}", "dim")
        stage = (
            containers(over(settings, redis_url), api, site, hook, sink)
            if redis_url
            else alone(settings, site, hook, sink)
        )
        with stage as play:
            ticker.head()
            show = Show(play, site, sink, ticker, expected)
            judgement = show.watch(time.monotonic() + within)
            took = time.monotonic() - started
    show.conclude(judgement, took)
    raise SystemExit(not (judgement.good and not sink.forged))


class Show:
    """What the audience sees: each alert as it arrives, and what to think of them in the end."""

    def __init__(self, stage: Stage, site: Seeds, sink: Sink, ticker: Ticker, expected: Expectations) -> None:
        """A show over a stage that is set."""
        self._stage, self._site, self._sink, self._ticker, self._expected = stage, site, sink, ticker, expected
        self._arrivals: list[Arrival] = []
        self._seconds: list[float] = []

    def watch(self, until: float) -> Judgement:
        """Show what comes until all is quiet, or until then (monotonic)."""
        last = time.monotonic()
        while time.monotonic() < until:
            try:
                self._take(self._sink.arrivals.get(timeout=0.05))
                last = time.monotonic()
            except queue.Empty:
                if role := self._stage.broken():
                    self._ticker.say(f"the {role} has ended; its last words stand above", "bold red")
                    break
                still = time.monotonic() - last > SILENCE_S and self._judged().good
                if (still or self._stage.quiet()) and self._sink.arrivals.empty():
                    break
        return self._judged()

    def conclude(self, judgement: Judgement, took: float) -> None:
        """Say whether exactly the expected came, and what is amiss where not."""
        self._ticker.console.rule(style="dim")
        self._ticker.verdict(judgement)
        sink, wanted = self._sink, len(self._expected.alerts)
        middle = f", {statistics.median(self._seconds):.2f} s after its feed was read (median)" if self._seconds else ""
        self._ticker.say(
            f"{wanted - len(judgement.missing)} of {wanted} expected alerts came{middle}; {len(judgement.surplus)} too "
            f"much; {len(self._expected.silent)} entries had to stay silent. {sink.verified} signatures verified, "
            f"{sink.forged} refused, {sink.repeated} repeated. {took:.1f} s in all."
        )
        good = judgement.good and not sink.forged
        self._ticker.say("Exactly as expected." if good else "NOT as expected.", "bold green" if good else "bold red")

    def _take(self, arrival: Arrival) -> None:
        self._arrivals.append(arrival)
        evidence = arrival.data["evidence"]
        source = feed_of(evidence[-1]["url"]) if evidence else ""
        served = self._site.served.get(source)
        seconds = None if served is None else arrival.at - served
        if seconds is not None:
            self._seconds.append(seconds)
        self._ticker.show(arrival, source, seconds)

    def _judged(self) -> Judgement:
        return demo_expect.judge(self._expected, [a.data for a in self._arrivals])


def _verify(secret: str, headers: Mapping[str, str], body: bytes) -> bool:
    return sign.verify(secret, headers, body, now=int(time.time()))


def _folder() -> Path:
    beside = Path(__file__).resolve().parents[2] / "seeds"
    for folder in (Path("seeds"), beside):
        if (folder / "expected.yaml").is_file():
            return folder
    raise CatalogueError(f"no recorded feeds at seeds/ or {beside}: name their folder with --seeds")
