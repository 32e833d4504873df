"""How code is compiled: as one program, anew when any of its files has changed."""

from __future__ import annotations

from hashlib import blake2b
from pathlib import Path
from typing import Any

from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import CompilerBase, DefaultPassBuilder
from numba.core.compiler_machinery import FunctionPass, register_pass
from numba.core.untyped_passes import TranslateByteCode


class OneProgram(CompilerBase):  # type: ignore[misc]
    """Compiles a function with all that it calls as one program (``pipeline_class`` of numba).

    numba's usual way keeps every function that another calls such that others could call it too,
    so each call hands on what only Python needs. Here nobody else can: the functions may be put
    where they are called, and lose what is not used. The event loop takes a fifth less time.
    """

    def define_pipelines(self) -> list[Any]:
        """Return numba's usual passes, with a library of the function's own."""
        passes = DefaultPassBuilder.define_nopython_pipeline(self.state)
        passes.add_pass_after(_OwnLibrary, TranslateByteCode)
        passes.finalize()
        return [passes]


class _Library(JITCodeLibrary):  # type: ignore[misc]
    def _optimize_final_module(self) -> None:
        for function in self._final_module.functions:
            if not function.is_declaration and function.linkage.name == "linkonce_odr":
                function.linkage = "internal"
                # The names of the originals belong to what other libraries call.
                function.name = f"{self.name}.{function.name}"
        super()._optimize_final_module()


@register_pass(mutates_CFG=False, analysis_only=False)
class _OwnLibrary(FunctionPass):  # type: ignore[misc]
    _name = "own_library"

    def __init__(self) -> None:
        FunctionPass.__init__(self)

    def run_pass(self, state: Any) -> bool:
        """Give the function a library in which nothing can be called from outside."""
        state.library = _Library(state.targetctx.codegen(), state.func_id.func_qualname)
        state.library.enable_object_caching()
        return True


def sources(*files: str) -> int:
    """Return a number that tells the text of several files of code.

    numba compiles a function anew when the function's own file has changed, and does not look at
    the files of the functions that it calls. A function that is made inside another and uses this
    number is kept under it, so that a change in any of the files is noticed.

    Parameters
    ----------
    *files : str
        ``__file__`` of the modules.
    """
    texts = b"".join(Path(file).read_bytes() for file in files)
    return int.from_bytes(blake2b(texts, digest_size=7).digest(), "little")
