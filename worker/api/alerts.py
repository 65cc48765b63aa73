"""Alerts over HTTP: list and show."""

from typing import Annotated

from litestar import Controller, get
from litestar.datastructures import State
from litestar.params import FromPath, QueryParameter

from worker.alerts.model import Alert


class AlertsController(Controller):
    """What rang."""

    path = "/alerts"
    tags = ("alerts",)

    @get("/", sync_to_thread=True, summary="The alerts that changed last, newest first")
    def list_alerts(self, state: State, limit: Annotated[int, QueryParameter(ge=1, le=500)] = 50) -> list[Alert]:
        """Newest first."""
        found: list[Alert] = state.house.alerts.recent(limit)
        return found

    @get("/{alert_id:str}", sync_to_thread=True, summary="One alert with its evidence")
    def show_alert(self, state: State, alert_id: FromPath[str]) -> Alert:
        """The newest revision."""
        found: Alert = state.house.alerts.get(alert_id)
        return found
