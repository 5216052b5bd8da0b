"""A day that may be badly known, as models hold it and as the log stores it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from domain.dates.days import AFTER_ALL, BEFORE_ALL, Day, NotADay, day, iso
from domain.dates.edtf import LONGEST, NotADate, bounds_of


@dataclass(frozen=True, slots=True)
class PartialDate:
    """Some day from *earliest* to *latest*, both included, as *text* says it in EDTF.

    BEFORE_ALL and AFTER_ALL stand for a bound nobody knows. In pydantic it's the text; with the context
    `{"stored": True}` it's the text and both bounds, which are then taken as they are: replay never parses.
    """

    text: str
    earliest: Day
    latest: Day

    @classmethod
    def parse(cls, text: str) -> Self:
        """The date written in *text*.

        `a/b` is some day from a to b. Open and unknown ends alike (`../b`, `/b`) are no bound. `~` and `%`
        move each bound by one unit of the marked part: a day, month, season, year, decade for 201X, and so
        on; in an interval or a set each date for itself, and never past the years 1 to 9999. `?` moves none.
        Seasons are the northern ones, but for winter, which is refused. A set is some day from its first
        to its last. Refused as well, though EDTF: times, years before 0001 or beyond 9999, S digits, 2019-1X.

        Raises: NotADate, and nothing else, for any string. At worst it takes 0.1 s.
        """
        if len(text) > LONGEST:
            raise NotADate(text, f"it is longer than {LONGEST} characters")
        return cls(text, *bounds_of(text))

    @classmethod
    def of(cls, day: Day) -> Self:
        """The date that is exactly *day*.

        Raises: NotADay, for BEFORE_ALL and AFTER_ALL.
        """
        text = iso(day)
        if text is None:
            raise NotADay(day)
        return cls(text, day, day)

    @property
    def approximate(self) -> bool:
        """Whether the text marks anything as doubtful: `?`, `~` or `%`."""
        return any(mark in self.text for mark in "?~%")

    @property
    def exact(self) -> bool:
        """Whether it's one day, without a mark of doubt."""
        return self.earliest == self.latest and not self.approximate

    def __str__(self) -> str:
        return self.text

    @classmethod
    def _validated(cls, value: object, info: core_schema.ValidationInfo) -> Self:
        if isinstance(value, cls):
            return value
        try:
            if isinstance(value, str):
                return cls.parse(value)
            if isinstance(value, Mapping) and _stored(info.context):
                return cls._replayed(value)
        except (NotADay, NotADate) as refusal:
            raise PydanticCustomError("not_a_date", "{refusal}", {"refusal": str(refusal)}) from None
        raise PydanticCustomError(
            "not_a_date",
            'a date is text in quotes, such as "2019-05", not a value of type {type}',
            {"type": type(value).__name__},
        )

    @classmethod
    def _replayed(cls, stored: Mapping[str, object]) -> Self:
        match dict(stored):
            case {
                "edtf": str(text),
                "earliest": str() | None as earliest,
                "latest": str() | None as latest,
                **more,
            }:
                if not more:
                    return cls(
                        text,
                        BEFORE_ALL if earliest is None else day(earliest),
                        AFTER_ALL if latest is None else day(latest),
                    )
        raise PydanticCustomError("not_a_date", "a stored date has edtf, earliest and latest, and nothing else")

    def _serialised(self, info: core_schema.SerializationInfo) -> str | dict[str, str | None]:
        if _stored(info.context):
            return {"edtf": self.text, "earliest": iso(self.earliest), "latest": iso(self.latest)}
        return self.text

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.with_info_plain_validator_function(
            cls._validated,
            serialization=core_schema.plain_serializer_function_ser_schema(cls._serialised, info_arg=True),
        )

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {
            "type": "string",
            "format": "edtf",
            "maxLength": LONGEST,
            "examples": ["2019-05-01", "2019-05", "2019~", "2018/2019-05", "../2019-05-24"],
        }


def _stored(context: Any) -> bool:
    return isinstance(context, Mapping) and context.get("stored") is True
