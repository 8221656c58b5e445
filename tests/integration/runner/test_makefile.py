"""The virtualenv: made once, made anew when its making was cut short."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.sails.state import REPOSITORY

PYTHONS = ("python3.13", "python3.12", "python3.11", "python3")
WITHOUT_VENV = """#!/bin/sh
case "$*" in *ensurepip*) exit 1;; esac
exec {python} "$@"
"""


def make_virtualenv(folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["make", "--no-print-directory", "virtualenv", f"VENV={folder}"],
        cwd=REPOSITORY,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.timeout(120)
def test_a_virtualenv_without_pip_is_made_anew(tmp_path: Path) -> None:
    folder = tmp_path / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    assert make_virtualenv(folder).returncode == 0
    subprocess.run([folder / "bin" / "python", "-m", "pip", "--version"], check=True)

    whole = folder / "whole"
    whole.touch()
    assert make_virtualenv(folder).returncode == 0
    assert whole.exists()


def test_a_missing_package_is_named(tmp_path: Path) -> None:
    programs = tmp_path / "bin"
    programs.mkdir()
    for name in PYTHONS:
        stub = programs / name
        stub.write_text(WITHOUT_VENV.format(python=sys.executable))
        stub.chmod(0o755)
    seen = make_virtualenv(tmp_path / "venv", PATH=f"{programs}:{os.environ['PATH']}")
    assert seen.returncode != 0
    assert "apt install python3-venv" in seen.stdout
