"""The phrase tables, and sentences made of them."""

import random
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import yaml

_TABLES = Path(__file__).with_name("industries.yaml")


@dataclass(frozen=True)
class Industry:
    """What one line of business says of itself and asks for."""

    key: str
    name: str
    code: str  # GB/T 4754
    company_words: list[str]
    supply_kind: str
    demand_kind: str
    categories: list[str]
    objects: list[str]
    abilities: list[str]
    details: list[str]
    scenes: list[str]
    qualifications: list[str]
    unit: str
    budget_yuan: list[int]
    lead_days: list[int]
    graded: dict[str, list[str]] = field(default_factory=dict)

    def qualification(self, rng: random.Random, name: str) -> dict[str, str | None]:
        """One of its qualifications, with a grade where it has grades."""
        grades = self.graded.get(name)
        return {"name": name, "grade": rng.choice(grades) if grades else None}

    def best(self, name: str) -> str | None:
        """The grade that satisfies every demand for that qualification."""
        grades = self.graded.get(name)
        if not grades:
            return None
        return grades[-1] if "成熟度" in name else grades[0]


@cache
def industries() -> tuple[Industry, ...]:
    """All lines of business, as `industries.yaml` has them."""
    entries = yaml.safe_load(_TABLES.read_text(encoding="utf-8"))
    return tuple(Industry(**entry) for entry in entries)


def demand_text(rng: random.Random, industry: Industry, subject: str, ability: str) -> str:
    """What a buyer writes."""
    scene, (first, second) = rng.choice(industry.scenes), rng.sample(industry.details, 2)
    return rng.choice(
        [
            f"因{scene}，拟采购{subject}，须采用{ability}。{first}者优先，并应{second}。",
            f"{subject}用于{scene}。供方须能{ability}，{first}；{second}。",
            f"本次需要{subject}一批，背景为{scene}。请说明{ability}的经验，以及是否{first}、{second}。",
        ]
    )


def supply_text(rng: random.Random, industry: Industry, subject: str, ability: str) -> str:
    """What a supplier writes."""
    others = [item for item in industry.objects if item != subject]
    also, (first, second) = rng.sample(others, 2), rng.sample(industry.details, 2)
    further = rng.choice([item for item in industry.abilities if item != ability])
    return rng.choice(
        [
            f"专做{subject}，擅长{ability}与{further}。{first}，{second}。另可承接{also[0]}、{also[1]}。",
            f"以{ability}见长，主要产出为{subject}和{also[0]}；{first}，{second}。",
            f"十余人的{industry.name}团队，{ability}、{further}均可自主完成。{subject}交付经验丰富，{first}。",
        ]
    )
