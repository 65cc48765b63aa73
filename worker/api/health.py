"""Whether the API lives, and whether it can do its work."""

import redis
from litestar import Response, get
from litestar.datastructures import State

from worker.watching import sight


@get("/healthz", sync_to_thread=False, security=[{}])
def healthz() -> dict[str, str]:
    """The process lives."""
    return {"status": "ok"}


@get("/readyz", sync_to_thread=True, security=[{}])
def readyz(state: State) -> Response[dict[str, str]]:
    """Redis answers: alerts can be read and subscriptions made; 503 where not."""
    try:
        blind = sight(state.house)
    except redis.exceptions.RedisError as error:
        return Response({"status": "away", "reason": f"Redis does not answer: {type(error).__name__}"}, status_code=503)
    if blind:
        return Response({"status": "ok", "blind": "; ".join(blind.reasons)})
    return Response({"status": "ok"})
