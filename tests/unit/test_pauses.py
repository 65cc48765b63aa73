"""When a role that ended is started again."""

from worker.cli.up import Pauses


def ends_after(pauses: Pauses, lives: list[float]) -> list[float]:
    """How long a role that lives so long each time waits after each end."""
    now, waits = 0.0, list[float]()
    for life in lives:
        pauses.began("sender", now)
        now += life
        ended = now
        while not pauses.over("sender", now):
            now += 0.25
        waits.append(now - ended)
    return waits


def test_a_role_that_has_lived_for_a_while_is_started_again_at_once() -> None:
    assert ends_after(Pauses(), [60.0, 60.0, 5.0]) == [0.0, 0.0, 0.0]


def test_a_role_that_was_killed_as_it_started_is_started_again_at_once() -> None:
    assert ends_after(Pauses(), [60.0, 1.0, 60.0, 1.0]) == [0.0, 0.0, 0.0, 0.0]


def test_a_role_that_cannot_start_waits_twice_as_long_each_time_and_never_more_than_five_seconds() -> None:
    assert ends_after(Pauses(), [1.0] * 7) == [0.0, 0.5, 1.0, 2.0, 4.0, 5.0, 5.0]


def test_one_role_that_cannot_start_lets_no_other_wait() -> None:
    pauses = Pauses()
    ends_after(pauses, [1.0] * 5)
    pauses.began("poller", 100.0)
    assert pauses.over("poller", 101.0)
