"""Examples -> tensors of several pages at once."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch

from cleaners.features.columns import Floats, Integers
from training.examples import Bags, Example
from training.vocabulary import Numbered


@dataclass(slots=True)
class Prepared:
    """An example ready for training: standardised columns, numbered words, targets.

    `types` are shares of the block's words by type where they are known, `main` the share that is main
    content where that is; `weight` is what the block's mistake costs.
    """

    example: Example
    numbers: torch.Tensor
    bags: Numbered
    words: torch.Tensor
    weight: torch.Tensor
    types: torch.Tensor | None
    main: torch.Tensor | None


@dataclass(slots=True)
class BagTensors:
    """Bags of several pages: numbers, and where each bag starts."""

    items: torch.Tensor
    starts: torch.Tensor

    def sizes(self) -> torch.Tensor:
        """How many numbers each bag has."""
        return torch.diff(self.starts, append=torch.tensor([len(self.items)]))


@dataclass(slots=True)
class Batch:
    """Several pages one after the other; `page` says which page a block is of, indices are the batch's."""

    prepared: list[Prepared]
    numbers: torch.Tensor
    elements: BagTensors
    texts: BagTensors
    links: BagTensors
    chains: BagTensors
    own: torch.Tensor
    inline: torch.Tensor
    near: torch.Tensor
    far: torch.Tensor
    heading_before: torch.Tensor
    first: torch.Tensor
    last: torch.Tensor
    path: torch.Tensor
    page: torch.Tensor
    words: torch.Tensor

    def slices(self) -> Iterator[tuple[Prepared, slice]]:
        """Each page with its blocks."""
        start = 0
        for prepared in self.prepared:
            stop = start + len(prepared.words)
            yield prepared, slice(start, stop)
            start = stop


def batches(pages: Sequence[Prepared], blocks: int, order: random.Random | None = None) -> Iterator[Batch]:
    """Batches of about so many blocks, in random order where `order` is given."""
    pages = list(pages)
    if order is not None:
        order.shuffle(pages)
    group: list[Prepared] = []
    held = 0
    for prepared in pages:
        if group and held + len(prepared.words) > blocks:
            yield _collate(group)
            group, held = [], 0
        group.append(prepared)
        held += len(prepared.words)
    if group:
        yield _collate(group)


def _collate(group: list[Prepared]) -> Batch:
    examples = [prepared.example for prepared in group]
    blocks = _offsets([len(example.own) for example in examples])
    elements = _offsets([len(prepared.bags.elements.bounds) - 1 for prepared in group])
    chains = _offsets([len(example.chains.bounds) - 1 for example in examples])
    paths = _offsets([int(example.path.max()) + 1 for example in examples])
    return Batch(
        prepared=group,
        numbers=torch.cat([prepared.numbers for prepared in group]),
        elements=_bags([prepared.bags.elements for prepared in group]),
        texts=_bags([prepared.bags.texts for prepared in group]),
        links=_bags([prepared.bags.links for prepared in group]),
        chains=_bags([example.chains for example in examples], elements),
        own=_joined([example.own for example in examples], elements),
        inline=_joined([example.inline for example in examples], elements),
        near=_joined([example.near for example in examples], elements),
        far=_joined([example.far for example in examples], chains),
        heading_before=_joined([example.heading_before for example in examples], blocks),
        first=_joined([example.first.T for example in examples], blocks).T,
        last=_joined([example.last.T for example in examples], blocks).T,
        path=_joined([example.path for example in examples], paths),
        page=torch.from_numpy(np.repeat(np.arange(len(group)), [len(example.own) for example in examples])),
        words=torch.cat([prepared.words for prepared in group]),
    )


def _offsets(sizes: list[int]) -> list[int]:
    return [0, *np.cumsum(sizes).tolist()][:-1]


def _joined(parts: list[Integers], offsets: list[int]) -> torch.Tensor:
    """Index arrays one after the other, shifted to the batch; -1 stays."""
    shifted = [np.where(part >= 0, part + offset, -1) for part, offset in zip(parts, offsets, strict=True)]
    return torch.from_numpy(np.concatenate(shifted))


def _bags(parts: list[Bags], offsets: list[int] | None = None) -> BagTensors:
    items = [part.items + offset for part, offset in zip(parts, offsets or [0] * len(parts), strict=True)]
    starts = _offsets([len(part.items) for part in parts])
    bounds = [part.bounds[:-1] + start for part, start in zip(parts, starts, strict=True)]
    return BagTensors(torch.from_numpy(np.concatenate(items)), torch.from_numpy(np.concatenate(bounds)))


def standardised(matrix: Floats, mean: Floats, scale: Floats, clip: float) -> torch.Tensor:
    """Columns in standard deviations from their means, bounded."""
    return torch.from_numpy(np.clip((matrix - mean) * scale, -clip, clip).astype(np.float32))
