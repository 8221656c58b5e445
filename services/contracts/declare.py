"""How the contract of one aggregate is declared: its state, its facts, its commands, its reads.

Routes, validation, documents, samples and subscriptions all come from these declarations.
"""

from dataclasses import dataclass, field
from functools import cached_property

from services.contracts.fields import Arguments, Part, State


@dataclass(frozen=True)
class EventType:
    """A fact: `demand.published.v1`, carried on the topic exchange of its service.

    The version is part of the name: it changes when the state does more than grow.
    """

    aggregate: "Aggregate"
    past: str

    @property
    def name(self) -> str:
        """Type and routing key."""
        return f"{self.aggregate.name}.{self.past}.v1"

    @property
    def exchange(self) -> str:
        return f"{self.aggregate.service}.events"


@dataclass(frozen=True)
class Command:
    """A wish to change one aggregate, answered by its new events.

    `POST /{plural}` when it creates, else `POST /{plural}/{id}/{verb}`. `versioned` ones need
    If-Match. `scope` is what the caller's key must carry. `from_file`: its body is a file of rows,
    which the edge reads into the arguments. `answer`: of one that states no fact, what it answers
    in place of the aggregate. `is_file`: its body is one small file, kept as it is.
    """

    aggregate: "Aggregate"
    verb: str
    arguments: type[Arguments]
    scope: str
    creates: bool = False
    versioned: bool = False
    from_file: bool = False
    answer: type[Part] | None = None
    is_file: bool = False

    @property
    def service(self) -> str:
        """Its owner."""
        return self.aggregate.service

    @property
    def name(self) -> str:
        """The owner's method: `publish_demand`."""
        return f"{self.verb}_{self.aggregate.name}"

    @property
    def path(self) -> str:
        if self.verb == "create":
            return f"/{self.aggregate.path}"
        verb = self.verb.replace("_", "-")
        return f"/{self.aggregate.path}/" + (verb if self.creates else "{id}/" + verb)

    @cached_property
    def schema(self) -> Arguments:
        return self.arguments()


@dataclass(frozen=True)
class Query:
    """A question about data that no event carries (a sealed price), or a calculation.

    `GET /{plural}/{id}/{name}`, its arguments as parameters; where it is not of one thing,
    `POST /{plural}/{name}`. Asked is the owner of the aggregate, unless it is `served_by` another
    service, which knows how.
    """

    aggregate: "Aggregate"
    verb: str
    arguments: type[Arguments]
    answer: type[State] | type
    scope: str
    of_one: bool = True
    served_by: str = ""

    @property
    def service(self) -> str:
        return self.served_by or self.aggregate.service

    @property
    def name(self) -> str:
        return f"{self.verb}_{self.aggregate.name}"

    @property
    def path(self) -> str:
        verb = self.verb.replace("_", "-")
        return f"/{self.aggregate.path}/" + ("{id}/" if self.of_one else "") + verb

    @cached_property
    def schema(self) -> Arguments:
        return self.arguments()


@dataclass(frozen=True)
class Aggregate:
    """A thing with an identity, a lifecycle and a sequence, owned by one service.

    `is_counted`: its numbers go up one by one. Of what is made under seal they do not: who makes
    two would read from their numbers how many others made in between.
    """

    name: str
    service: str
    prefix: str
    state: type[State]
    past: tuple[str, ...]
    plural: str = ""
    is_counted: bool = True
    commands: dict[str, Command] = field(default_factory=dict)
    queries: dict[str, Query] = field(default_factory=dict)

    @property
    def path(self) -> str:
        return self.plural or f"{self.name.replace('_', '-')}s"

    @cached_property
    def schema(self) -> State:
        return self.state()

    def event(self, past: str) -> EventType:
        """Raises KeyError for a past that was not declared."""
        if past not in self.past:
            raise KeyError(f"{self.name}.{past} is not declared")
        return EventType(self, past)

    def command(
        self,
        verb: str,
        arguments: type[Arguments] = Arguments,
        *,
        scope: str,
        creates: bool = False,
        versioned: bool = False,
        from_file: bool = False,
        answer: type[Part] | None = None,
        is_file: bool = False,
    ) -> Command:
        """Declare a command of this aggregate."""
        is_new = creates or verb == "create"
        declared = Command(
            self, verb, arguments, scope, is_new, versioned, from_file, answer, is_file
        )
        self.commands[verb] = declared
        return declared

    def query(
        self,
        verb: str,
        answer: type,
        *,
        scope: str,
        arguments: type[Arguments] = Arguments,
        of_one: bool = True,
        served_by: str = "",
    ) -> Query:
        """Declare a question that only the owner, or `served_by`, can answer."""
        declared = Query(self, verb, arguments, answer, scope, of_one, served_by)
        self.queries[verb] = declared
        return declared
