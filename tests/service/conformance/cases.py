"""Cases from schemathesis, sent as whoever asks, and every answer held against the document."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from unittest import SkipTest

import jsonschema_rs
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable
from requests.structures import CaseInsensitiveDict
from schemathesis import APIOperation, Case, GenerationMode, Response, SerializationContext
from schemathesis.checks import not_a_server_error
from schemathesis.core.errors import InvalidSchema
from schemathesis.core.failures import FailureGroup
from schemathesis.core.result import Err, Result
from schemathesis.generation.case import Body
from schemathesis.specs.openapi import checks
from schemathesis.transport.serialization import serialize_binary

from .building import Building
from .known import Known, Request
from .phone import ANSWERS_WITHIN
from .who import Nobody

SEED = 20_260_214
# Hashing a password is made to take its time.
FEW = {"authorizeChallenge", "changePassword", "submitSignIn", "submitReset", "token"}
CHECKS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
    checks.negative_data_rejection,
]

SEALED = ["application/vnd.keyway.receipt", "application/vnd.keyway.log"]


@schemathesis.serializer(*SEALED)
def as_it_is(_: SerializationContext, value: Body) -> bytes:
    """What a lock sealed is sent as it is."""
    return serialize_binary(value)


@dataclass
class Tally:
    """What came of one operation for one role."""

    cases: int = 0
    as_asked: int = 0
    answered: dict[int, int] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    def count(self, status: int) -> None:
        self.cases += 1
        self.as_asked += 200 <= status < 400
        self.answered[status] = self.answered.get(status, 0) + 1


class Trial:
    """One operation, tried by one role."""

    def __init__(self, building: Building, known: Known, operation: APIOperation, who: Nobody) -> None:
        self._origin = building.origin
        self._http = building.connection()
        self._known = known
        self._operation = operation
        self._who = who
        self.id: str = operation.definition.raw["operationId"]
        self._secured_by = secured_by(operation)
        self._random = random.Random(f"{SEED} {self.id} {who.name}")
        self.tally = Tally()

    def run(self) -> Tally:
        for case in self._cases():
            self._send(case)
        return self.tally

    @property
    def _is_a_stranger(self) -> bool:
        """Nobody, at what needs a session: all that can be asked is refused."""
        return type(self._who) is Nobody and bool(self._secured_by - {"dpopProof"})

    def _cases(self) -> Iterator[Case]:
        few = self.id in FEW or self._is_a_stranger
        if self._is_a_stranger:
            yield from self._generated(GenerationMode.POSITIVE, 2)
            return
        known = self._known.request(self.id, self._who)
        self._has_to_be_documented(known)
        yield self._case(known)
        for case in self._generated(GenerationMode.POSITIVE, 3 if few else 8):
            yield case
            if near := self._near(case, known):
                yield near
        yield from self._generated(GenerationMode.NEGATIVE, 2 if few else 6)
        if known.path:
            yield from self._generated(GenerationMode.NEGATIVE, 4, known.path)

    def _has_to_be_documented(self, known: Request) -> None:
        """A document that asks for more than the service does would go unnoticed otherwise."""
        if isinstance(known.body, dict):
            (content,) = self._operation.definition.raw["requestBody"]["content"].values()
            schema = {**content["schema"], "components": self._operation.schema.raw_schema["components"]}
            errors = jsonschema_rs.validator_for(schema).iter_errors(known.body)
            self.tally.faults += [f"the known request is not as documented: {error.message}" for error in errors]

    def _case(self, request: Request) -> Case:
        kinds = list(self._operation.definition.raw.get("requestBody", {}).get("content", {})) or [None]
        body = {} if request.body is None else {"body": request.body, "media_type": kinds[0]}
        return self._operation.Case(path_parameters=dict(request.path), query=dict(request.query), **body)

    def _near(self, case: Case, known: Request) -> Case | None:
        """The known request with one member as generated, with one byte changed, or with the generated query."""
        if not known.path and not known.body:
            return None
        body = known.body
        if isinstance(body, dict) and isinstance(case.body, dict) and case.body:
            name = self._random.choice(sorted(case.body))
            body = {**body, name: case.body[name]}
        elif isinstance(body, bytes):
            at = self._random.randrange(len(body))
            body = body[:at] + self._random.randbytes(1) + body[at + 1 :]
        return self._case(Request(known.path, case.query or {}, body))

    def _generated(self, mode: GenerationMode, most: int, path: dict[str, str] | None = None) -> list[Case]:
        """At most `most` cases; none where nothing of the operation can be wrong."""
        found: list[Case] = []

        @seed(self._random.randrange(2**32))
        @settings(
            max_examples=most,
            database=None,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(self._operation.as_strategy(generation_mode=mode, path_parameters=path))
        def collect(case: Case) -> None:
            found.append(case)

        try:
            collect()
        except (SkipTest, Unsatisfiable):
            return []
        return found

    def _send(self, case: Case) -> None:
        response = self._call(case)
        if self._has_to_sign_in(response) and not self._is_a_stranger:
            response = self._call(case)
            if self._has_to_sign_in(response):
                self.tally.faults.append(f"{case.method} {case.path}: refused right after signing in: {response.text}")
        self.tally.count(response.status_code)
        try:
            case.validate_response(response, checks=CHECKS)
        except FailureGroup as failure:
            self.tally.faults.append(str(failure))
        if self._is_a_stranger and response.status_code not in (401, 303):
            self.tally.faults.append(f"{case.method} {case.path} answered a stranger with {response.status_code}")

    def _has_to_sign_in(self, response: Response) -> bool:
        headers = CaseInsensitiveDict({name: values[0] for name, values in response.headers.items()})
        return self._who.has_to_sign_in(response.status_code, headers)

    def _call(self, case: Case) -> Response:
        return case.call(
            base_url=self._origin,
            session=self._http,
            verify=self._http.verify,
            allow_redirects=False,
            timeout=ANSWERS_WITHIN,
            **self._who.credentials(self._secured_by),
        )


def secured_by(operation: APIOperation) -> frozenset[str]:
    """The names of all schemes that a request needs."""
    needs: list[dict] = operation.definition.raw.get("security", [])
    return frozenset(name for one in needs for name in one)


def operations(document: dict) -> list[APIOperation]:
    config = schemathesis.Config()
    config.projects.default.generation.with_security_parameters = False
    config.projects.default.checks.negative_data_rejection.expected_statuses = ["4XX"]
    schema = schemathesis.openapi.from_dict(document, config=config)
    found = [taken(one) for one in schema.get_all_operations()]
    assert len(found) == sum(len(item) for item in document["paths"].values()), "schemathesis left some out"
    return found


def taken(found: Result[APIOperation, InvalidSchema]) -> APIOperation:
    if isinstance(found, Err):
        raise found.err()
    return found.ok()
