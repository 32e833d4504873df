"""Every fault that has an exit code is there under its name."""

from __future__ import annotations

from importlib import import_module

import pytest
import typer

from ehc_sim.cli.console import KNOWN_FAULTS, plain_faults

pytestmark = pytest.mark.unit


@pytest.mark.parametrize("name", KNOWN_FAULTS)
def test_a_fault_is_known_by_the_name_that_it_has(name: str) -> None:
    module, _, kind = name.rpartition(".")
    fault = getattr(import_module(module), kind)
    assert issubclass(fault, Exception)
    assert f"{fault.__module__}.{fault.__qualname__}" == name


def test_a_fault_that_is_not_known_is_not_hidden() -> None:
    with pytest.raises(ZeroDivisionError), plain_faults():
        _ = 1 / 0


def test_a_kind_of_a_known_fault_is_known(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(typer.Exit) as end, plain_faults():
        raise FileNotFoundError(2, "No such file or directory", "x.csv")
    assert end.value.exit_code == 1
    assert capsys.readouterr().err == "failed: [Errno 2] No such file or directory: 'x.csv'\n"
