"""What compiled code asks of the processor: memory by its address, and bits of a number."""

from typing import Any

import numpy as np
from llvmlite import ir
from numba import from_dtype, types
from numba.extending import intrinsic


@intrinsic
def number_at(typing_context: Any, address: Any) -> Any:
    """Return the whole number at an address of memory: a value of an array that is not packed."""

    def load(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        pointer = context.get_value_type(types.int64).as_pointer()
        return builder.load(builder.inttoptr(arguments[0], pointer))

    return types.int64(types.int64), load


@intrinsic
def memory_at(typing_context: Any, address: Any) -> Any:
    """Return the memory that begins at an address.

    Handing on an array would count its users up and down in every function, and look for a negative
    index at every access.
    """

    def cast(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        pointer = ir.IntType(64).as_pointer()
        return builder.inttoptr(arguments[0], pointer)

    return types.CPointer(types.int64)(types.int64), cast


def record_of(names: str, fractions: str = "") -> np.dtype[np.void]:
    """Return a record of numbers with these names: whole ones, but for those that are fractions."""
    kinds = dict.fromkeys(fractions.split(), np.float64)
    return np.dtype([(name, kinds.get(name, np.int64)) for name in names.split()])


def columns(record: np.dtype[np.void]) -> int:
    """Return how many numbers of the memory a record takes."""
    return record.itemsize // 8


def view(record: np.dtype[np.void]) -> Any:
    """Return a function of memory and a place in it, that returns the record which begins there.

    The fields of the record are read and written by their names.
    """
    kind = from_dtype(record)

    @intrinsic
    def record_at(typing_context: Any, memory: Any, place: Any) -> Any:
        """Return the record at a place in memory."""

        def cast(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            pointer = builder.gep(arguments[0], [arguments[1]])
            return builder.bitcast(pointer, context.get_value_type(kind))

        return kind(types.CPointer(types.int64), types.int64), cast

    return record_at


@intrinsic
def fetch(typing_context: Any, address: Any) -> Any:
    """Have the processor fetch what is at an address, without waiting for it.

    It is LLVM's intrinsic of that name, for reading, to be kept in all of the processor's caches:
    https://llvm.org/docs/LangRef.html#llvm-prefetch-intrinsic. The event loop takes four fifths of
    the time with it, since the cases and queues of a service do not fit into the nearest ones.
    """

    def prefetch(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        byte, number = ir.IntType(8).as_pointer(), ir.IntType(32)
        kind = ir.FunctionType(ir.VoidType(), [byte, number, number, number])
        function = builder.module.declare_intrinsic("llvm.prefetch.p0", (), kind)
        pointer = builder.inttoptr(arguments[0], byte)
        builder.call(function, [pointer, number(0), number(3), number(1)])
        return context.get_dummy_value()

    return types.void(types.int64), prefetch


@intrinsic
def lowest_bit(typing_context: Any, word: Any) -> Any:
    """Return the number of the lowest bit that is set in a word that is not 0."""

    def count(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.cttz(arguments[0], context.get_constant(types.boolean, True))

    return types.int64(types.int64), count


@intrinsic
def high_half(typing_context: Any, one: Any, other: Any) -> Any:
    """Return the upper 64 bits of the product of two 64-bit numbers."""

    def product(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        whole = context.get_value_type(types.uint64).__class__(128)
        wide = [builder.zext(argument, whole) for argument in arguments]
        shifted = builder.lshr(builder.mul(*wide), whole(64))
        return builder.trunc(shifted, context.get_value_type(types.uint64))

    return types.uint64(types.uint64, types.uint64), product
