"""Changes of persons, and of the tenures by which they hold posts."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from domain.changes.change import ONLY_THESE, Capacity, Change, Ground, LaterCapacity, Names, Text
from domain.dates import PartialDate
from domain.ids import Code, Id, TenureId


class PersonRegistered(Change):
    """A person by name; *names* are other spellings of it, *born* the day of birth if known."""

    DATED = False
    VERSION = 2  # 1 had neither names nor born
    kind: Literal["person-registered"] = "person-registered"
    person: Id
    name: Names
    names: tuple[Names, ...] = ()
    born: PartialDate | None = None


class PersonRenamed(Change):
    """A person bears another name."""

    kind: Literal["person-renamed"] = "person-renamed"
    person: Id
    name: Names


class LifeEvent(Change):
    """A birth, a death, or an education completed."""

    kind: Literal["life-event"] = "life-event"
    person: Id
    what: Literal["born", "died", "education"]
    place: Names | None = None


class Appointed(Change):
    """*person* takes office in *post*; *reappointed* says that a standing tenure goes on."""

    kind: Literal["appointed"] = "appointed"
    tenure: TenureId | None = None
    person: Id
    post: Id
    capacity: Capacity
    reappointed: bool = False


class Released(Change):
    """A tenure ends, named by its id or by person and post."""

    kind: Literal["released"] = "released"
    tenure: TenureId | None = None
    person: Id | None = None
    post: Id | None = None
    ground: Ground = "unknown"

    @model_validator(mode="after")
    def _names_one(self) -> Released:
        if self.tenure is None and (self.person is None or self.post is None):
            raise ValueError("a release names a tenure, or both person and post")
        return self


class Transferred(Change):
    """One move of *person* out of *from_post* into *to_post*: two tenures."""

    kind: Literal["transferred"] = "transferred"
    person: Id
    from_post: Id
    to_post: Id
    from_tenure: TenureId | None = None
    tenure: TenureId | None = None
    capacity: Capacity = "substantive"


class CapacityChanged(Change):
    """A tenure goes on in another capacity, or with other attributes (code → text)."""

    kind: Literal["capacity-changed"] = "capacity-changed"
    tenure: TenureId | None = None
    person: Id | None = None
    post: Id | None = None
    capacity: LaterCapacity
    attributes: Annotated[dict[Code, Text], Field(json_schema_extra=ONLY_THESE)] | None = None

    @model_validator(mode="after")
    def _names_one(self) -> CapacityChanged:
        if self.tenure is None and (self.person is None or self.post is None):
            raise ValueError("a change of capacity names a tenure, or both person and post")
        return self
