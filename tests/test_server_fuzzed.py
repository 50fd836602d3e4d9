"""Requests made from the API's own description, some that fit it and some that do not."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

schemathesis = pytest.importorskip("schemathesis", reason="schemathesis is not installed")
from schemathesis import GenerationMode  # noqa: E402
from schemathesis.specs.openapi.checks import (  # noqa: E402
    negative_data_rejection,
    positive_data_acceptance,
)
from servers import serving  # noqa: E402

from leadclass.model import Model  # noqa: E402
from leadclass.server.openapi import description  # noqa: E402
from leadclass.server.settings import Settings  # noqa: E402

EXAMPLES_EACH = 30

OPERATIONS = [
    pytest.param(method, path, mode, id=f"{method} {path} {mode.value}")
    for path, operations in description(Settings())["paths"].items()
    for method in operations
    for mode in GenerationMode
    if method == "post" or mode == GenerationMode.POSITIVE
]


@pytest.fixture(scope="module")
def described(model: Model) -> Iterator[Any]:
    with serving(model) as address:
        yield schemathesis.openapi.from_url(f"{address}/api/v1/openapi.json")


@pytest.mark.parametrize(("method", "path", "mode"), OPERATIONS)
def test_whatever_is_sent_the_answer_is_as_described(
    described: Any, method: str, path: str, mode: GenerationMode
) -> None:
    cases = described[path][method.upper()].as_strategy(generation_mode=mode)

    @given(cases)
    @settings(
        max_examples=EXAMPLES_EACH,
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    def sent(case: Any) -> None:
        response = case.call()
        excluded = []
        if response.status_code == 413:  # too large is a way of its own not to fit
            excluded.append(negative_data_rejection)
        if "multipart" in (case.media_type or ""):  # most bytes are no document and no table
            excluded.append(positive_data_acceptance)
        case.validate_response(response, excluded_checks=excluded)
        assert response.status_code < 500

    sent()
