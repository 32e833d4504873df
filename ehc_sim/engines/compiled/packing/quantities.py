"""Packs quantities: where their values stand, or the samplers that make them."""

from ehc_sim.engines.compiled.packing.parts import NONE, Parts
from ehc_sim.network.distributions import packed
from ehc_sim.network.draw import Draw
from ehc_sim.network.network import Network
from ehc_sim.network.quantities import AnyQuantity, Sampled


def pack_quantities(parts: Parts, network: Network, draw: Draw) -> dict[str, int]:
    """Add a row for each quantity and each variant of one; return the rows' places by name."""
    packer = _Quantities(parts)
    return {name: packer.row(draw.quantities[name]) for name in network.quantities}


class _Quantities:
    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._keys: dict[tuple[str, range], int] = {}

    def row(self, quantity: AnyQuantity) -> int:
        """Add the row of a quantity and return its place."""
        parts = self._parts
        variant = NONE if quantity.variant is None else self.row(quantity.variant)
        starts, periods = parts.add(list(quantity.starts)), len(quantity.starts)
        if isinstance(quantity, Sampled):
            samplers, group = self._samplers(quantity)
            return parts.add([NONE, 0, 0, starts, periods, variant, samplers, group])
        address, width = parts.address(quantity.values), quantity.values.shape[1]
        return parts.add([address, quantity.first, width, starts, periods, variant, NONE, NONE])

    def _samplers(self, quantity: Sampled) -> tuple[int, int]:
        """Add the samplers of a quantity; return their place and the first group that has keys."""
        groups = quantity.keys.groups_of(quantity.cases)

        def keys(stream: str) -> int:
            if (stream, groups) not in self._keys:
                found = quantity.keys.keys(stream, groups)
                self._keys[stream, groups] = self._parts.add(found.ravel().tolist())
            return self._keys[stream, groups]

        samplers = [packed(sampler, keys, self._parts.add) for sampler in quantity.samplers]
        return self._parts.add_table(samplers), groups.start
