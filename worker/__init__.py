"""Tocsin: reads news feeds and rings a webhook when a border closes, a city is evacuated, a town falls.

The tour, one article from feed to webhook; read these files from top to bottom, in this order:

1. ``pipeline.py``: the story on one page: poll, classify, deliver, tick; its steps stand in ``receiving.py``,
   ``judging.py`` and ``telling.py``.
2. ``ledger.py``: what is kept and what is due; claims, leases and commits, the truth behind the queue.
3. ``feeds/model.py``: a feed and its entries; ``feeds/fetch.py`` is the door they come in by.
4. ``articles/model.py``: one entry as an article with revisions.
5. ``triggers/detect.py``: from text to detections, by the lexicon in ``config/triggers``.
6. ``places/resolve.py``: from a detection to an event that happens somewhere.
7. ``alerts/link.py``: from events to one alert for each real-world event.
8. ``deliveries/send.py``: from an alert to a signed webhook.

Data flows to the right and imports point to the left:
``feeds → articles → triggers → places → alerts → subscriptions → deliveries``.
"""

__version__ = "0.1.0"
