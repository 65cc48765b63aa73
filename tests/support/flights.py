"""A coroutine that does to the outbound thread what a busy machine does."""

import threading
import time


async def deaf(there: threading.Event, for_s: float) -> None:
    """Holds the thread for so long, once it says that it is there: nothing else gets a turn."""
    there.set()
    time.sleep(for_s)
