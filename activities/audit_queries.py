"""The audit log's reading side, as activities on its own queue: only the owner of the file can read it.

Kept apart from AuditActivities because workflows never ask these; people do, through `alertladder audit` and the bot.
"""

from abc import ABC, abstractmethod

from temporalio import activity

from domain.audit_queries import AuditPage, AuditQuery, ExportReceipt, ExportRequest, SpanAuditQuery, TradeAuditQuery
from domain.chain import Verdict


class AuditQueries(ABC):
    """Questions to the store. Each answers from one consistent moment and may be asked again freely."""

    @activity.defn(name="audit_recent")
    @abstractmethod
    async def audit_recent(self, query: AuditQuery) -> AuditPage:
        """The newest rows, newest first."""

    @activity.defn(name="audit_trade")
    @abstractmethod
    async def audit_trade(self, query: TradeAuditQuery) -> AuditPage:
        """One trade's rows, oldest first: enough to rebuild it (invariant 23)."""

    @activity.defn(name="audit_span")
    @abstractmethod
    async def audit_span(self, query: SpanAuditQuery) -> AuditPage:
        """What happened in a span of time, in the log's order."""

    @activity.defn(name="audit_verify")
    @abstractmethod
    async def audit_verify(self) -> Verdict:
        """Walk the whole chain and compare its end with the anchor (invariant 24)."""

    @activity.defn(name="audit_export")
    @abstractmethod
    async def audit_export(self, request: ExportRequest) -> ExportReceipt:
        """Write the log as Parquet or CSV into the exports folder."""
