"""A conversation while it is open."""

from __future__ import annotations

from istok.ui.conversation import Exchange


def test_what_comes_during_a_pause_is_seen_together_and_the_end_is_not_waited_for():
    exchange = Exchange("Что выросло?")
    seen = []
    for _ in exchange.follow(3_600):
        seen.append((exchange.provisional, exchange.done))
        if not exchange.done:
            exchange.take("Экспорт ")
            exchange.take("вырос.")
            exchange.end()
    assert seen == [("", False), ("Экспорт вырос.", True)]
