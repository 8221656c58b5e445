"""The page put together; made once in each language."""

from functools import cache
from itertools import groupby

from services.contracts.problems import CODES
from services.contracts.registry import AGGREGATES, EVENTS
from services.gateway.edge import html, openapi, problems
from services.gateway.edge.docs import operations
from services.gateway.edge.docs.guide import CHINESE, ENGLISH, Guide, with_code


def policy() -> str:
    """The Content-Security-Policy of the page."""
    return html.policy(_style())


def _style() -> str:
    return html.style("style.css", "docs.css")


@cache
def page(language: str = CHINESE) -> str:
    """HTML, of the OpenAPI document, the list of refusals and the guide."""
    guide, document = Guide(language), openapi.document()
    return (
        html.environment()
        .get_template("docs.html")
        .render(
            guide=guide,
            say=guide.say,
            with_code=with_code,
            style=_style(),
            other=ENGLISH if language == CHINESE else CHINESE,
            sections=list(guide.sections()),
            groups=operations.groups(guide, document),
            schemas=operations.schemas(guide, document),
            events=_events(guide),
            refusals=_refusals(guide),
        )
    )


@cache
def encoded(language: str) -> bytes:
    """The same as it is sent: slow readers of it must not hold a megabyte each."""
    return page(language).encode()


def _events(guide: Guide) -> list[tuple[str, list[str]]]:
    """By what they are about, in the order of the contract."""
    return [
        (
            guide.tag(aggregate.path),
            [name for name in EVENTS if EVENTS[name].aggregate == aggregate],
        )
        for aggregate in AGGREGATES.values()
    ]


def _refusals(guide: Guide) -> list[tuple[int, str, list[tuple[str, str]]]]:
    """By status, each code with its text."""
    listed = sorted(CODES.items(), key=lambda entry: (entry[1].status, entry[0]))
    return [
        (
            status,
            guide.pick(list(problems.TITLES[status])),
            [(code, guide.pick([refusal.zh, refusal.en])) for code, refusal in entries],
        )
        for status, entries in groupby(listed, key=lambda entry: entry[1].status)
    ]
