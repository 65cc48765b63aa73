"""The desk: all that the API and the console need at hand, made once for a process."""

import threading
from dataclasses import dataclass, field

from worker import tuning, wiring
from worker.api.board import Board
from worker.api.keys import KeyStore
from worker.api.limits import Limiter
from worker.deliveries.send import Sender
from worker.judge import Judge, make_judge, make_resolver
from worker.places.resolve import Resolver
from worker.triggers.lexicon import Lexicon
from worker.wiring import House

SIGN_INS_A_MINUTE = 12


@dataclass
class Desk:
    """A house with its door, and what is read from it; the judge, the lexicon and the door are opened when needed."""

    house: House
    board: Board = field(init=False)
    keys: KeyStore = field(init=False)
    limiter: Limiter = field(init=False)
    sign_ins: Limiter = field(init=False)

    def __post_init__(self) -> None:
        self.board = Board(self.house.alerts)
        self.keys = KeyStore(self.house.ledger)
        self.limiter = Limiter(self.house.settings.api_rate)
        self.sign_ins = Limiter(SIGN_INS_A_MINUTE)
        self._lock = threading.RLock()
        self._judge: Judge | None = None
        self._resolver: Resolver | None = None
        self._lexicon: tuple[int, Lexicon] | None = None
        self._sender: Sender | None = None

    @property
    def judge(self) -> Judge:
        """The lexicon as it stands now, scorer and gazetteer; loaded when first asked for, in about two seconds."""
        with self._lock:
            self._judge = self._judge or make_judge(self.house.settings, self.resolver)
            tuning.follow(self.house, self._judge)
            return self._judge

    @property
    def resolver(self) -> Resolver:
        """What finds places by their names; the judge's own."""
        with self._lock:
            self._resolver = self._resolver or make_resolver()
            return self._resolver

    @property
    def lexicon(self) -> Lexicon:
        """The trigger files, the house's own among them, as they stand now."""
        version = self.house.triggers.version()
        with self._lock:
            if self._lexicon is None or self._lexicon[0] != version:
                self._lexicon = version, tuning.lexicon(self.house)
            return self._lexicon[1]

    @property
    def sender(self) -> Sender:
        """The door that pings and tests leave by."""
        with self._lock:
            self._sender = self._sender or wiring.make_sender(self.house.settings)
            return self._sender

    def close(self) -> None:
        """Close the door, if it was opened."""
        if self._sender is not None:
            self._sender.close()
