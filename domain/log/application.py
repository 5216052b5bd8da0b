"""The library's application, closed to the environment, and its mapper: events in the shape that it handles."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from eventsourcing.application import Application
from eventsourcing.domain import DomainEventProtocol
from eventsourcing.persistence import InfrastructureFactory, JSONTranscoder, Mapper, StoredEvent
from eventsourcing.utils import Environment, EnvType

from domain.events import Event
from domain.log.recorder import StoredChange


@dataclass(frozen=True, slots=True)
class Placed:
    """An event at its position, in the shape the library handles."""

    originator_id: str
    originator_version: int
    event: Event


class EventMapper(Mapper[str]):
    """Between events and stored bytes: the event's own JSON, under its kind."""

    def __init__(self) -> None:
        super().__init__(JSONTranscoder())

    def to_stored_event(self, domain_event: DomainEventProtocol[str]) -> StoredChange:
        """*domain_event*, a Placed event, as it is stored."""
        assert isinstance(domain_event, Placed)  # the library's type is wider than ours
        event = domain_event.event
        return StoredChange(
            domain_event.originator_id,
            domain_event.originator_version,
            event.kind,
            event.stored(),
            event.entry,
            event.index,
        )

    def to_domain_event(self, stored_event: StoredEvent) -> Placed:
        """The event that was stored."""
        stream, position = str(stored_event.originator_id), stored_event.originator_version
        return Placed(stream, position, Event.from_stored(stored_event.state))


class Registers(Application[str]):
    """The library's application, closed to the environment: it is what it is given, and nothing else."""

    def __init__(self, factory: InfrastructureFactory[Any]) -> None:
        self._given = factory
        super().__init__()

    def construct_env(self, name: str, env: EnvType | None = None) -> Environment:
        """No settings: the library would take them from the process."""
        return Environment(name, env)

    def construct_factory(self, env: Environment) -> InfrastructureFactory[Any]:
        """The infrastructure given."""
        return self._given

    def construct_mapper(self) -> Mapper[str]:
        """Our own mapper, which neither compresses nor encrypts."""
        return EventMapper()
