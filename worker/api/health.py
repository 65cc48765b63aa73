"""Whether the API lives, whether it can do its work, and how everything goes, in figures."""

import redis
from litestar import Response, get
from litestar.datastructures import State

from worker.api.access import guard
from worker.ops import figures
from worker.watching import sight

PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8"


@get("/healthz", sync_to_thread=False, security=[{}], tags=["health"])
def healthz() -> dict[str, str]:
    """The process lives."""
    return {"status": "ok"}


@get("/readyz", sync_to_thread=True, security=[{}], tags=["health"])
def readyz(state: State) -> Response[dict[str, str]]:
    """Redis answers: alerts can be read and subscriptions made; 503 where not."""
    try:
        blind = sight(state.house)
    except redis.exceptions.RedisError as error:
        return Response({"status": "away", "reason": f"Redis does not answer: {type(error).__name__}"}, status_code=503)
    if blind:
        return Response({"status": "ok", "blind": "; ".join(blind.reasons)})
    return Response({"status": "ok"})


@get("/metrics", sync_to_thread=True, guards=[guard], tags=["health"], include_in_schema=False)
def metrics(state: State) -> Response[str]:
    """The figures of the whole house for Prometheus: what stands in Redis, and what each role counted."""
    return Response(figures.text(state.house, alerts=state.desk.board.count()), media_type=PROMETHEUS)
