"""A time-skipping Temporal server with a worker for trades, on a broker in memory."""

import asyncio
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest
from temporalio.client import WorkflowHandle
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from activities.interfaces import AUDIT_QUEUE, TRADES_QUEUE
from domain.alert import Action, Alert, AlertMessage, OptionType
from domain.identifiers import snowflake_at
from domain.trade import TradeRequest, TradeView
from tests.fakes.broker import CONTRACT, FakeBroker
from workflows.alert_trade import AlertTrade
from workflows.search_attributes import SEARCH_ATTRIBUTES


@pytest.fixture
async def env() -> AsyncIterator[WorkflowEnvironment]:
    server = Path(sys.executable).with_name("temporal-test-server")
    async with await WorkflowEnvironment.start_time_skipping(
        test_server_existing_path=str(server), data_converter=pydantic_data_converter
    ) as env:
        types = {key.name: IndexedValueType.ValueType(key.indexed_value_type) for key in SEARCH_ATTRIBUTES}
        await env.client.operator_service.add_search_attributes(
            AddSearchAttributesRequest(namespace="default", search_attributes=types)
        )
        yield env
        await asyncio.sleep(0.05)  # the SDK may crash the interpreter when a client's loop closes at once


@pytest.fixture
async def broker(env: WorkflowEnvironment) -> AsyncIterator[FakeBroker]:
    broker = FakeBroker(env.client)
    activities = [
        broker.find_contract,
        broker.take_quote,
        broker.place_order,
        broker.replace_order,
        broker.cancel_order,
        broker.read_order,
        broker.find_order,
        broker.admit,
        broker.reserve,
    ]
    trades = Worker(env.client, task_queue=TRADES_QUEUE, workflows=[AlertTrade], activities=activities)
    audit = Worker(env.client, task_queue=AUDIT_QUEUE, activities=[broker.append_audit])
    async with trades, audit:
        yield broker


def request(now: datetime | None = None, dry_run: bool = False, **alert: object) -> TradeRequest:
    moment = now or datetime.now(UTC)
    message = AlertMessage(
        channel_id=1,
        message_id=snowflake_at(moment, 7),
        author_id=2,
        author_name="tester",
        text="BTO UBER 78p 12/04 @ 0.75",
        posted_at=moment,
    )
    fields: dict[str, object] = {
        "action": Action.BTO,
        "symbol": "UBER",
        "strike": Decimal(78),
        "option_type": OptionType.PUT,
    }
    fields |= {"expiry": CONTRACT.expiry, "price": Decimal("0.75")}
    return TradeRequest(
        message=message,
        alert=Alert.model_validate(fields | alert),
        account_number="5WX00042",
        dry_run=dry_run,
    )


async def start(env: WorkflowEnvironment, asked: TradeRequest) -> WorkflowHandle[AlertTrade, TradeView]:
    return await env.client.start_workflow(
        AlertTrade.run, asked, id=asked.trade_id.workflow_id, task_queue=TRADES_QUEUE
    )
