"""How code is compiled: as one program, anew when any of its files has changed."""

from __future__ import annotations

from hashlib import blake2b
from pathlib import Path
from typing import Any

from numba import njit
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import CompilerBase, DefaultPassBuilder


def program(function: Any) -> Any:
    """Compile a function with all the parts that it calls as one program, as numba's ``njit``.

    numba's usual way keeps every function that another calls such that others could call it too:
    it is finished by itself, and each call hands on what only Python needs. Here parts have their
    place in a program, which is finished once. The event loop is compiled sooner so, and runs in
    four fifths of the time.
    """
    return njit(nogil=True, cache=True, pipeline_class=_Program)(function)


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


def sources(*files: Path) -> int:
    """Return a number that tells the text of several files of code.

    numba compiles a function anew when the function's own file has changed, and does not look at
    the files of the functions that it calls. A function that is made inside another and uses this
    number is kept under it, so that a change in any of the files is noticed.

    Parameters
    ----------
    *files : Path
        Files of the modules.
    """
    texts = b"".join(file.read_bytes() for file in files)
    return int.from_bytes(blake2b(texts, digest_size=7).digest(), "little")
