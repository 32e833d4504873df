"""What the settings mean, read from the docstrings below them.

Pydantic can take them up when a table is defined, which would read the source anew whenever the
program starts; only editors' schemas and the documentation need them.
"""

from __future__ import annotations

import ast
import inspect
from functools import cache
from importlib import import_module

from pydantic import BaseModel


def descriptions(part: type[BaseModel]) -> dict[str, str]:
    """Return the docstring below each setting of a table, by the setting's name."""
    found: dict[str, str] = {}
    for kind in reversed(part.__mro__):
        if issubclass(kind, BaseModel) and kind is not BaseModel:
            found |= _of_module(kind.__module__).get(kind.__qualname__, {})
    return found


@cache
def _of_module(name: str) -> dict[str, dict[str, str]]:
    tree = ast.parse(inspect.getsource(import_module(name)))
    return {node.name: _of_class(node) for node in tree.body if isinstance(node, ast.ClassDef)}


def _of_class(node: ast.ClassDef) -> dict[str, str]:
    found: dict[str, str] = {}
    for one, following in zip(node.body, node.body[1:], strict=False):
        if (
            isinstance(one, ast.AnnAssign)
            and isinstance(one.target, ast.Name)
            and isinstance(following, ast.Expr)
            and isinstance(following.value, ast.Constant)
            and isinstance(following.value.value, str)
        ):
            found[one.target.id] = inspect.cleandoc(following.value.value)
    return found
