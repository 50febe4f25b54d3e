"""The API by its own OpenAPI document: whatever fits it, or nearly, gets an answer that the document describes."""

import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from domain.identifiers import snowflake_at
from tests.api.conftest import ALERT, OPERATOR, Parts

_HEADERS = {"X-API-Key": OPERATOR}
_FOLDER = tempfile.TemporaryDirectory()
_PARTS = Parts(Path(_FOLDER.name))  # one desk for all: what one request changes, the next ones meet
_SCHEMA = schemathesis.openapi.from_asgi("/openapi.json", _PARTS.app(), headers=_HEADERS)
_SCHEMA.config.generation.update(with_security_parameters=False)  # keys have a table of their own
OPERATIONS: dict[str, Any] = {found.ok().label: found.ok() for found in _SCHEMA.get_all_operations()}
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
BOUNDED = settings(
    max_examples=40, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)


def modes(operation: Any) -> list[GenerationMode]:
    """Where nothing is asked for, nothing can be wrong."""
    takes = operation.definition.raw.keys() & {"parameters", "requestBody"}
    return list(GenerationMode) if takes else [GenerationMode.POSITIVE]


def as_an_alert(body: dict[str, Any]) -> dict[str, Any]:
    """The same with a name that holds, and an alert before its text: chance finds neither."""
    return body | {"message_id": snowflake_at(datetime.now(UTC), 0), "text": f"{ALERT} {body['text'][:3900]}"}


# Schemathesis's own parametrize gives all its tests one name, of which a run on two workers keeps a single one.
@pytest.mark.parametrize(
    ("label", "mode"), [(label, mode) for label in OPERATIONS for mode in modes(OPERATIONS[label])]
)
def test_whatever_is_sent_gets_an_answer_that_the_document_describes(label: str, mode: GenerationMode) -> None:
    operation = OPERATIONS[label]

    @BOUNDED
    @given(case=operation.as_strategy(generation_mode=mode))
    def send(case: schemathesis.Case) -> None:
        if label == "POST /v1/alerts" and mode is GenerationMode.POSITIVE:
            case.headers, case.body = {}, as_an_alert(case.body)
        case.call_and_validate(headers=_HEADERS, checks=CHECKS)

    send()
