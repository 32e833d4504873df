"""How code is compiled: as one program, anew when anything in it has changed."""

from __future__ import annotations

import atexit
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path
from tempfile import mkdtemp
from types import CodeType, FunctionType, ModuleType
from typing import Any

import numpy as np
from numba import config, njit
from numba.core.caching import FunctionCache
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import CompilerBase, DefaultPassBuilder

_CACHE_FOLDER = "NUMBA_CACHE_DIR"


def program(function: Any) -> Any:
    """Compile a function with all the parts that it calls as one program, as numba's ``njit``.

    numba's usual way keeps every function that another calls such that others could call it too:
    it is finished by itself, and each call hands on what only Python needs. Here parts have their
    place in a program, which is finished once. The event loop is compiled sooner so, and runs in
    four fifths of the time. What was compiled is kept beside the function's file, or in the user's
    cache folder, until anything in the program changes; where neither can be written, for one run.
    """
    compiled = njit(nogil=True, pipeline_class=_Program)(function)
    with suppress(RuntimeError):  # numba's, where no folder at all can be written
        compiled._cache = _kept(function)  # as njit's cache=True does with numba's own
    return compiled


def _kept(function: Any) -> FunctionCache:
    try:
        return _ProgramCache(function)
    except RuntimeError:  # neither beside the program nor in a home: a container, a kiosk
        _keep_for_this_run()
        return _ProgramCache(function)


def _keep_for_this_run() -> None:
    """Have what is compiled kept in a folder that this process and its workers alone use."""
    if os.environ.get(_CACHE_FOLDER):
        return
    folder = mkdtemp(prefix="ehc_sim_")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    os.environ[_CACHE_FOLDER] = folder
    config.reload_config()


def part(function: Any) -> Any:
    """Compile what only programs call: it is put in every place where it is called."""
    return _part(function, _Part)


def seldom(function: Any) -> Any:
    """Compile what only programs call, and call seldom or in many places: it is there once."""
    return _part(function, _Seldom)


def _part(function: Any, pipeline: type[CompilerBase]) -> Any:
    return njit(no_cpython_wrapper=True, no_cfunc_wrapper=True, pipeline_class=pipeline)(function)


class _PartLibrary(JITCodeLibrary):  # type: ignore[misc]
    """Code that is not finished: it waits to be linked into a program."""

    _where_it_is_called = "alwaysinline"

    def finalize(self) -> None:
        """Say where the code is to be put."""
        for function in self.get_defined_functions():
            function.add_function_attribute(self._where_it_is_called)
        self._finalized = True

    def unfinished(self) -> Any:
        """Return the code, for a program."""
        return super()._get_module_for_linking()

    def _get_module_for_linking(self) -> Any:
        # What this calls is not in it: other code would end the process by a jump to nowhere.
        raise RuntimeError(f"{self.name} is a part: only a program or another part may call it")

    def get_pointer_to_function(self, name: str) -> int:
        """Return 0: nothing of a part is loaded."""
        return 0

    @property
    def codegen(self) -> Any:
        """What would set the environment; nothing is, since a part uses nothing of Python's."""
        return self

    def set_env(self, name: str, env: Any) -> None:
        """Do nothing."""


class _SeldomLibrary(_PartLibrary):
    _where_it_is_called = "noinline"


class _ProgramLibrary(JITCodeLibrary):  # type: ignore[misc]
    """Code of a program, and of the parts that its parts call."""

    def finalize(self) -> None:
        """Link all parts, those that parts call among them, and finish the code."""
        linked: list[Any] = self._linking_libraries  # type: ignore[has-type]
        for library in linked:  # which grows on the way
            if isinstance(library, _PartLibrary):
                linked += [one for one in library._linking_libraries if one not in linked]
                self._final_module.link_in(library.unfinished(), preserve=True)
        self._linking_libraries = [one for one in linked if not isinstance(one, _PartLibrary)]
        super().finalize()

    def _optimize_final_module(self) -> None:
        for function in self._final_module.functions:
            if not function.is_declaration and function.linkage.name == "linkonce_odr":
                function.linkage = "internal"
                # The names of the originals belong to what other libraries call.
                function.name = f"{self.name}.{function.name}"
        super()._optimize_final_module()


class _Pipeline(CompilerBase):  # type: ignore[misc]
    """numba's usual passes, with a library of the function's own."""

    _library: type[JITCodeLibrary]

    def define_pipelines(self) -> list[Any]:
        """Give the function its library, and return the passes."""
        state = self.state
        state.library = self._library(state.targetctx.codegen(), state.func_id.func_qualname)
        state.library.enable_object_caching()
        return [DefaultPassBuilder.define_nopython_pipeline(state)]


class _Part(_Pipeline):
    _library = _PartLibrary


class _Seldom(_Pipeline):
    _library = _SeldomLibrary


class _Program(_Pipeline):
    _library = _ProgramLibrary


class _ProgramCache(FunctionCache):  # type: ignore[misc]
    """What numba kept of a program, unless any code or number in it has changed.

    numba looks at the function's own file alone, and not at the functions that it calls.
    """

    def _index_key(self, signature: Any, codegen: Any) -> Any:
        return (*super()._index_key(signature, codegen), fingerprint(self._py_func))


def fingerprint(function: FunctionType) -> str:
    """Return a text that is another when a function does something else, when it is compiled.

    It tells the code of the function and of all compiled functions that it calls, whatever their
    files, the numbers that they name, and how this file has them compiled.
    """
    facts = _facts(function.__code__, function.__globals__, set())
    told = "\n".join(map(repr, facts)).encode()
    return blake2b(told + Path(__file__).read_bytes(), digest_size=16).hexdigest()


def _facts(code: CodeType, named: Mapping[str, Any], seen: set[int]) -> Iterator[object]:
    if id(code) in seen:
        return
    seen.add(id(code))
    yield code.co_code, code.co_names, code.co_varnames, code.co_freevars
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _facts(constant, named, seen)
        else:
            yield constant
    known = [named.get(name) for name in code.co_names]
    modules = [vars(value) for value in known if isinstance(value, ModuleType)]
    for name in code.co_names:
        for value in (space.get(name) for space in (named, *modules)):
            if isinstance(value, (int, float, tuple, np.generic)):
                yield name, value
            elif isinstance(value, np.ndarray):
                yield name, value.dtype.str, value.shape, value.tobytes()
            function = getattr(value, "py_func", None) or getattr(value, "_defn", None)
            if isinstance(function, FunctionType):
                yield from _facts(function.__code__, function.__globals__, seen)
