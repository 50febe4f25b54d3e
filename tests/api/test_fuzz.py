"""The API by its own OpenAPI document: whatever fits it, or nearly, gets an answer that the document describes."""

import tempfile
from pathlib import Path

import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.api.conftest import OPERATOR, Parts

_HEADERS = {"X-API-Key": OPERATOR}
_FOLDER = tempfile.TemporaryDirectory()
_PARTS = Parts(Path(_FOLDER.name))  # one desk for all: what one request changes, the next ones meet
SCHEMA = schemathesis.openapi.from_asgi("/openapi.json", _PARTS.app(), headers=_HEADERS)
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]


@SCHEMA.parametrize()
@settings(max_examples=20, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_whatever_is_sent_gets_an_answer_that_the_document_describes(case: schemathesis.Case) -> None:
    case.call_and_validate(headers=_HEADERS, checks=CHECKS)
