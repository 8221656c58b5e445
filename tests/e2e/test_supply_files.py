"""A supplier imports a sheet over HTTP, while the process that works it off is killed."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import requests

from deploy.sails.check.report import examine
from deploy.sails.demo.cast import Registrar
from deploy.sails.importing import MEDIA, follow
from deploy.sails.operator_key import first_key
from deploy.sails.state import REPOSITORY
from services.client import Client
from tests.e2e.scene import QUIET_S
from tests.platform import Platform
from tests.unit.gateway.workbooks import xlsx
from tests.waiting import eventually

ROWS = 800
HEADINGS = ("货号 / Item code", "供给名称", "最低价（元）", "资质")
FIRST_ROWS = [
    ("K-1", "叶轮加工", "一千", None),
    ("K-2", "叶轮加工", 1200.5, "ISO9001|一级|2029-1-5"),
]


@pytest.fixture
def sheet() -> bytes:
    further = [(f"K-{n}", f"泵轴 {n}", n, None) for n in range(3, ROWS + 1)]
    return xlsx(*FIRST_ROWS, *further, headings=HEADINGS)


def upload(caller: Client, body: bytes) -> dict:
    return caller.upload("/imports", body, MEDIA[".xlsx"])


@pytest.mark.timeout(300)
def test_a_file_is_worked_off_whoever_dies_and_comes_again_without_effect(
    platform: Callable[..., Platform], sheet: bytes, tmp_path: Path
) -> None:
    running = platform()
    supplier = a_supplier(running)
    stream = requests.get(
        f"{supplier.url}/api/v1/stream?types=import.advanced.v1,import.finished.v1",
        headers={"Authorization": f"Bearer {supplier.api_key}"}, stream=True, timeout=120,
    )  # fmt: skip
    known = len(_own(supplier))
    importing = upload(supplier, sheet)
    assert (importing["state"], importing["rows_total"]) == ("running", ROWS)
    path = f"/imports/{importing['id']}"
    eventually(lambda: supplier.get(path)["rows_done"] > 0)
    running.processes["matching"].restart()

    done = follow(supplier, supplier.get(path), lambda done, total: None)
    assert [done[name] for name in ("imported", "skipped", "failed")] == [ROWS - 1, 0, 1]
    (failed,) = supplier.get(f"{path}/rows", outcome="failed")["items"]
    assert (failed["line"], failed["column"], failed["code"]) == (2, "price_min", "row_invalid")
    drafts = {supply["item_code"]: supply for supply in _own(supplier)}
    assert len(drafts) - known == ROWS - 1
    assert drafts["K-2"]["price_min"] == {"amount": "1200.50", "currency": "CNY"}
    assert drafts["K-2"]["qualifications"][0]["expires_on"] == "2029-01-05"
    assert _told(stream)[-1] == ROWS

    again = follow(supplier, upload(supplier, sheet), lambda done, total: None)
    assert [again[name] for name in ("imported", "skipped", "failed")] == [0, ROWS - 1, 1]
    file = tmp_path / "supplies.xlsx"
    file.write_bytes(sheet)
    told = sails("import", str(file), "--json", "--url", supplier.url, "--key", supplier.api_key)
    assert (told.returncode, json.loads(told.stdout)["skipped"]) == (1, ROWS - 1)
    assert examine(running.world.environment, None, QUIET_S).ok


def a_supplier(running: Platform) -> Client:
    """The owner of a new organisation."""
    key = first_key(running.world.environment | {"SAILS_DEMO_CLOCK": "1"})
    registrar = Registrar(Client(running.url, key))
    (shop,) = registrar.register([{"name": "启航精密", "capacities": ["supplier"]}])
    return registrar.staff(shop)["supplier.owner"].client


def _own(supplier: Client) -> list[dict]:
    return [one for one in supplier.items("/supplies") if one["item_code"]]


def _told(stream: requests.Response) -> list[int]:
    """How many rows were done by each fact, until the last."""
    done = []
    for line in stream.iter_lines():
        if line.startswith(b"data: "):
            document = json.loads(line[6:])["document"]
            done.append(document["rows_done"])
            if document["state"] == "finished":
                break
    stream.close()
    return done


def sails(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "deploy.sails", *arguments]
    return subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)
