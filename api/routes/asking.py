"""What routes are given: the registers, and what is asked about."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Any

from fastapi import Depends, Path, Query, Request, Response
from pydantic import BeforeValidator, WithJsonSchema

from api.bodies import Bodies
from api.citing import FEWEST, as_cited
from api.conditional import JSON, as_json, conditional, etag_of
from api.readings import Readings
from domain.chain import Head
from domain.dates import day
from domain.recording import Registers, View
from projections.tables.reading import Reading

Day = Annotated[
    int,
    BeforeValidator(day),
    WithJsonSchema({"type": "string", "format": "date", "examples": ["2024-05-24"]}),
]
"""A day in a request: the text YYYY-MM-DD, and nothing that could pass for a number."""

InstitutionId = Annotated[str, Path(description="The id of a register.")]

KNOWN_AT: dict[str, Any] = {"anyOf": [{"pattern": "^[0-9]+$"}, {"format": "date-time"}]}
"""What OpenAPI says of a known position: digits, or an instant with its offset."""

KnownAt = Annotated[
    str | None,
    Query(
        description="A position of the log, or an instant with its offset; the head if left out.",
        examples=["120", "2024-05-24T12:00:00Z"],
        json_schema_extra={"type": "string", **KNOWN_AT},
    ),
]

CitedHash = Annotated[
    str | None,
    Query(
        alias="hash",
        pattern=f"^[0-9a-fA-F]{{{FEWEST},64}}$",
        description="The hash that a citation names, or its begin.",
    ),
]
CitedRules = Annotated[int | None, Query(ge=1, description="The number of the rules that a citation names.")]
During = Annotated[
    str | None, Query(description="A period of the register, in place of its days.", examples=["presidency-of-tokayev"])
]


async def _readings(request: Request) -> Readings:
    readings: Readings = request.app.state.readings
    return readings


async def _recording(request: Request) -> Registers:
    registers: Registers = request.app.state.recording
    return registers


AllReadings = Annotated[Readings, Depends(_readings)]
Recording = Annotated[Registers, Depends(_recording)]
"""The registers into which is recorded: of a copy that is read, those it follows."""


@dataclass(frozen=True)
class Asked:
    """A question about *institution* as known at *known_at*, of which the answer is made in a thread that may wait."""

    request: Request
    readings: Readings
    institution: str
    known_at: str | None
    hash: str | None = None
    rules: int | None = None
    """The log and the rules of a citation, if the address is that of one."""

    @cached_property
    def head(self) -> Head:
        """Where the log ended then. Raises: UnknownInstitution, NotAKnownAt, NotKnownYet, NotAsCited."""
        head = self.readings.head_at(self.institution, self.known_at)
        as_cited(self.institution, head, self.hash, self.rules)
        return head

    @property
    def withheld(self) -> frozenset[str]:
        """The changes of the register that are withheld from every reader by now."""
        return self.readings.redacted(self.institution)

    def state(self, withheld: frozenset[str], *more: str) -> str:
        """What an answer follows from: the log up to there, what of it is *withheld*, and whatever *more* there is."""
        return "\n".join([self.head.hash, *more, *sorted(withheld)])

    @property
    def fixed(self) -> bool:
        """Whether the asker named a position."""
        return self.known_at is not None and self.known_at.isdigit()

    @property
    def cited(self) -> bool:
        """Whether the address is that of a citation: it names position, log and rules."""
        return self.fixed and self.hash is not None and self.rules is not None

    def answer(
        self,
        make: Callable[[Reading], object],
        *,
        media_type: str = JSON,
        dated: bool = False,
        headers: dict[str, str] | None = None,
        state: str = "",
        lasting: bool = True,
    ) -> Response:
        """What *make* says of the register, or its JSON; *dated* if every day asked about was named.

        What names its days and its position will be answered the same for ever, unless something is withheld. The
        bytes of what names its days are kept under their tag, which names the head of the log too. *state* is
        whatever else the answer follows from; what is not *lasting* is asked for again whatever it names.
        """
        withheld = self.withheld
        log = self.state(withheld, state)

        def body() -> tuple[bytes, bool]:
            with self.readings.at(self.institution, self.head.position) as reading:
                return as_json(make(reading)), reading.redacted == withheld

        bodies: Bodies = self.request.app.state.bodies
        bodies.forget(self.institution, withheld)
        tag = etag_of(self.request, log, media_type)
        return conditional(
            self.request,
            log,
            lambda: bodies.get(tag, body) if dated else body()[0],
            media_type=media_type,
            immutable=lasting and dated and self.fixed,
            headers=headers,
        )

    def folded(self, make: Callable[[View], object]) -> Response:
        """What *make* says of all that is known of the register, which is read and folded whole."""
        registers = self.readings.registers
        return conditional(
            self.request,
            self.state(self.withheld, ""),
            lambda: make(registers.view_at(self.institution, self.head.position)),
        )

    def known(self, known_at: str) -> Asked:
        """The same question of another known position."""
        return Asked(self.request, self.readings, self.institution, known_at, self.hash, self.rules)


async def _asked(
    request: Request,
    institution: InstitutionId,
    readings: AllReadings,
    known_at: KnownAt = None,
    hash_: CitedHash = None,
    rules: CitedRules = None,
) -> Asked:
    return Asked(request, readings, institution, known_at, hash_, rules)


Question = Annotated[Asked, Depends(_asked)]
