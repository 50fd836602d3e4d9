import doctest
import importlib
import pkgutil

import pytest

import leadclass

MODULES = sorted(
    module.name
    for module in pkgutil.walk_packages(leadclass.__path__, "leadclass.")
    if not module.name.endswith("__main__")
)


@pytest.mark.parametrize("name", ["leadclass", *MODULES])
def test_examples_in_docstrings_run(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name)).failed == 0


def test_everything_public_is_there() -> None:
    for name in leadclass.__all__:
        assert getattr(leadclass, name) is not None
    with pytest.raises(AttributeError):
        _ = leadclass.nothing_of_that_name
