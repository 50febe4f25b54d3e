"""A trade's way to the desk: updates of the desk's workflow.

A workflow can't update another workflow; an activity with a client can. The update ids are the trade's, so a retried
activity gets the answer of the first.
"""

from temporalio import activity
from temporalio.client import Client, WorkflowHandle

from activities.beating import beating
from activities.interfaces import DeskActivities
from domain.desk import Admission, AdmissionRequest, Reservation, ReservationRequest
from domain.identifiers import desk_workflow_id


class TemporalDesk(DeskActivities):
    """The desk of one account, reached over Temporal."""

    def __init__(self, client: Client, account_number: str) -> None:
        self._client = client
        self._workflow_id = desk_workflow_id(account_number)

    @activity.defn(name="admit")
    async def admit(self, request: AdmissionRequest) -> Admission:
        """Ask for admission."""
        asked = self._desk.execute_update("admit", request, id=f"{request.workflow_id}/admit", result_type=Admission)
        answer: Admission = await beating(asked)
        return answer

    @activity.defn(name="reserve")
    async def reserve(self, request: ReservationRequest) -> Reservation:
        """Ask for a size."""
        asked = self._desk.execute_update(
            "reserve", request, id=f"{request.workflow_id}/reserve", result_type=Reservation
        )
        answer: Reservation = await beating(asked)
        return answer

    @property
    def _desk(self) -> "WorkflowHandle[object, object]":
        return self._client.get_workflow_handle(self._workflow_id)
