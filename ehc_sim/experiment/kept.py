"""Objects with many numbers, kept in little memory until they are wanted again."""

from __future__ import annotations

import pickle
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

_CODEC = pa.Codec("lz4_raw")
_WORD = 8


@dataclass(frozen=True, eq=False)
class Squeezed:
    """An array, squeezed.

    Its words are kept as the smallest whole numbers that hold them all, and these by LZ4. They are
    there again in some thousandths of a second, if they go where the memory is in use already.

    Attributes
    ----------
    content : bytes
        As of LZ4.
    kind : dtype
        Of what is in it: whole numbers for words of 8 bytes, or bytes.
    count : int
        How many.
    """

    content: bytes
    kind: np.dtype[Any]
    count: int

    @classmethod
    def of(cls, array: NDArray[Any] | memoryview) -> Squeezed:
        """Squeeze an array that is in one piece."""
        found: NDArray[Any] = np.frombuffer(array, np.uint8)
        if found.nbytes and found.nbytes % _WORD == 0:
            words = found.view(np.int64)
            found = words.astype(_narrowest(int(words.min()), int(words.max())))
        return cls(_CODEC.compress(found.tobytes(), asbytes=True), found.dtype, len(found))

    @property
    def words(self) -> int:
        """Words of 8 bytes that the array takes when it is there again."""
        return -(-self.count // _WORD) if self.kind == np.uint8 else self.count

    @property
    def nbytes(self) -> int:
        """Bytes of the array."""
        return self.count if self.kind == np.uint8 else _WORD * self.count

    def put(self, room: NDArray[np.int64]) -> None:
        """Write the array to room for so many words."""
        content = _CODEC.decompress(self.content, self.count * self.kind.itemsize)
        found = np.frombuffer(content, self.kind)
        if self.kind == np.uint8:
            room.view(np.uint8)[: self.count] = found
        else:
            room[:] = found


def _narrowest(low: int, high: int) -> np.dtype[Any]:
    """Return the type of the smallest whole numbers that hold some."""
    return np.min_scalar_type(min(low, -high - 1))


@dataclass(frozen=True, eq=False)
class Kept:
    """An object, squeezed; its arrays apart from the rest.

    Attributes
    ----------
    head : bytes
        The object without its arrays, as of ``pickle``.
    arrays : tuple of Squeezed
        Its arrays.
    """

    head: bytes
    arrays: tuple[Squeezed, ...]

    @property
    def size(self) -> int:
        """Bytes that it takes."""
        return len(self.head) + sum(len(one.content) for one in self.arrays)

    @property
    def words(self) -> int:
        """Words of 8 bytes that its arrays take when they are there again."""
        return sum(one.words for one in self.arrays)


def keep(found: object, shared: Sequence[object] = ()) -> Kept:
    """Squeeze an object.

    Parameters
    ----------
    found : object
        What is to be kept.
    shared : sequence
        What it refers to and is the same for many; it is not kept with it.
    """
    arrays: list[pickle.PickleBuffer] = []
    stream = BytesIO()
    _Pickler(stream, arrays, {id(one): place for place, one in enumerate(shared)}).dump(found)
    return Kept(stream.getvalue(), tuple(Squeezed.of(one.raw()) for one in arrays))


def unpacked(kept: Kept, room: NDArray[np.int64], shared: Sequence[object] = ()) -> Any:  # noqa: ANN401
    """Return what was kept, with the same ``shared``; its arrays stand in the room given."""
    place, arrays = 0, []
    for one in kept.arrays:
        part = room[place : place + one.words]
        one.put(part)
        arrays.append(part.view(np.uint8)[: one.nbytes])
        place += len(part)
    return _Unpickler(BytesIO(kept.head), arrays, dict(enumerate(shared))).load()


class _Pickler(pickle.Pickler):
    def __init__(
        self, stream: BytesIO, arrays: list[pickle.PickleBuffer], places: Mapping[int, int]
    ) -> None:
        super().__init__(stream, protocol=5, buffer_callback=arrays.append)
        self._places = places

    def persistent_id(self, found: object) -> int | None:
        return self._places.get(id(found))


class _Unpickler(pickle.Unpickler):
    def __init__(self, stream: BytesIO, arrays: list[Any], shared: Mapping[int, object]) -> None:
        super().__init__(stream, buffers=arrays)
        self._shared = shared

    def persistent_load(self, place: int) -> object:
        return self._shared[place]
