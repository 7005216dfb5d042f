"""The network of `cleaners.model.network` in PyTorch, to be trained: see there for what it computes."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch.nn import functional

from cleaners.model.network import CONTAINERS, EPSILON, STEPS
from cleaners.model.vectors import PLACES
from training.batches import BagTensors, Batch
from training.labels import PAGE_KINDS, TYPES
from training.recipe import Recipe

VIEWS = 1 + len(STEPS) + 1 + CONTAINERS + 3
"""What a mixing layer is shown: the block, its neighbours, its heading, containers, path, page twice."""


@dataclass(slots=True)
class Parameters:
    """All that is learned, by the names that `cleaners.model.network` uses."""

    tensors: dict[str, torch.Tensor]

    @classmethod
    def initial(cls, recipe: Recipe, columns: int, names: int, texts: int) -> Parameters:
        """Random values, from PyTorch's generator, which the caller seeds."""
        hidden, seen, width = recipe.hidden, recipe.seen, recipe.vector
        tensors = {f"{place}.vectors": torch.randn(names, width) * 0.05 for place in PLACES}
        tensors["text.vectors"] = torch.randn(texts, width) * 0.05
        tensors |= _linear("numbers", columns, hidden)
        tensors["words.weight"] = _linear("words", width * 5, hidden)["words.weight"]
        for layer in range(recipe.layers):
            tensors |= _linear(f"see{layer}", hidden, seen)
            tensors |= _linear(f"mix{layer}", seen * VIEWS + hidden, hidden)
        for layer in range(recipe.layers + 1):
            tensors |= {f"norm{layer}.weight": torch.ones(hidden), f"norm{layer}.bias": torch.zeros(hidden)}
        tensors |= _linear("out", hidden, len(TYPES))
        tensors |= _linear("kind", hidden, len(PAGE_KINDS))
        return cls({name: tensor.requires_grad_() for name, tensor in tensors.items()})


def _linear(name: str, inputs: int, outputs: int) -> dict[str, torch.Tensor]:
    bound = inputs**-0.5
    return {
        f"{name}.weight": torch.empty(inputs, outputs).uniform_(-bound, bound),
        f"{name}.bias": torch.empty(outputs).uniform_(-bound, bound),
    }


def forward(
    parameters: Parameters, batch: Batch, recipe: Recipe, *, training: bool
) -> tuple[torch.Tensor, torch.Tensor]:
    """Scores of the types, [blocks x types], and of the pages' kinds, [pages x kinds].

    In training parts of the input are left out at random. The kinds, from the mean of a page's blocks before
    the last mixing layer, are not the product's to know: the blocks shall be told what page they are on.
    """
    tensors = parameters.tensors
    numbers, words = batch.numbers, _words(tensors, batch, recipe, training=training)
    if training:
        numbers = numbers * (torch.rand_like(numbers) > recipe.drop_columns)
        words = functional.dropout(_blinded(words, batch, recipe), recipe.drop_hidden)
    state = functional.relu(_apply(tensors, "numbers", numbers) + words @ tensors["words.weight"])
    state = functional.dropout(_normed(tensors, 0, state), recipe.drop_hidden, training)
    kinds = torch.zeros(())
    for layer in range(recipe.layers):
        if layer == recipe.layers - 1:
            kinds = _apply(tensors, "kind", _means(state, batch.page, torch.ones(len(state))))
        seen = functional.relu(_apply(tensors, f"see{layer}", state))
        mixed = functional.relu(
            _apply(tensors, f"mix{layer}", torch.cat([*_views(batch, seen), state], dim=1))
        )
        state = _normed(tensors, layer + 1, state + functional.dropout(mixed, recipe.drop_hidden, training))
    return _apply(tensors, "out", state), kinds


def _apply(tensors: dict[str, torch.Tensor], name: str, values: torch.Tensor) -> torch.Tensor:
    return values @ tensors[f"{name}.weight"] + tensors[f"{name}.bias"]


def _normed(tensors: dict[str, torch.Tensor], layer: int, values: torch.Tensor) -> torch.Tensor:
    weight, bias = tensors[f"norm{layer}.weight"], tensors[f"norm{layer}.bias"]
    return functional.layer_norm(values, weight.shape, weight, bias, EPSILON)


def _words(tensors: dict[str, torch.Tensor], batch: Batch, recipe: Recipe, *, training: bool) -> torch.Tensor:
    drop = recipe.drop_words if training else 0.0
    bags = {place: _sums(tensors[f"{place}.vectors"], batch.elements, drop) for place in PLACES}
    own = bags["own"][batch.own] + bags["own"][batch.inline]
    near = (bags["near"][batch.near.clamp(min=0)] * (batch.near >= 0)[..., None]).sum(dim=1)
    chains = functional.embedding_bag(batch.chains.items, bags["far"], batch.chains.starts, mode="sum")
    far = (chains / batch.chains.sizes().clamp(min=1).sqrt()[:, None])[batch.far]
    texts = _sums(tensors["text.vectors"], batch.texts, drop)
    links = _sums(tensors["text.vectors"], batch.links, drop)
    return torch.cat([own, near, far, texts, links], dim=1)


def _sums(table: torch.Tensor, bags: BagTensors, drop: float) -> torch.Tensor:
    """Sums of vectors, divided by the square root of the bag's size; some words left out at random."""
    kept = (torch.rand(len(bags.items)) >= drop).float() / (1 - drop)
    sums = functional.embedding_bag(bags.items, table, bags.starts, mode="sum", per_sample_weights=kept)
    return sums / bags.sizes().clamp(min=1).sqrt()[:, None]


def _blinded(words: torch.Tensor, batch: Batch, recipe: Recipe) -> torch.Tensor:
    """Whole kinds of words left out of whole pages at random: no site must depend on one kind alone."""
    pages = len(batch.prepared)
    kept = (torch.rand(pages, 5) >= recipe.drop_kinds).float() / (1 - recipe.drop_kinds)
    return words * kept.repeat_interleave(recipe.vector, dim=1)[batch.page]


def _views(batch: Batch, seen: torch.Tensor) -> list[torch.Tensor]:
    views = [seen, *(_neighbour(seen, batch.page, step) for step in STEPS)]
    views.append(seen[batch.heading_before.clamp(min=0)] * (batch.heading_before >= 0)[:, None])
    total = torch.cat([torch.zeros(1, seen.shape[1], dtype=torch.float64), seen.double().cumsum(dim=0)])
    for level in range(CONTAINERS):
        first, last = batch.first[level], batch.last[level]
        views.append(((total[last] - total[first]) / (last - first).clamp(min=1)[:, None]).float())
    even = torch.ones(len(seen))
    views.append(_means(seen, batch.path, even)[batch.path])
    views.append(_means(seen, batch.page, even)[batch.page])
    views.append(_means(seen, batch.page, batch.words)[batch.page])
    return views


def _neighbour(seen: torch.Tensor, page: torch.Tensor, step: int) -> torch.Tensor:
    moved = torch.zeros_like(seen)
    if step > 0:
        moved[:-step] = seen[step:] * (page[step:] == page[:-step])[:, None]
    else:
        moved[-step:] = seen[:step] * (page[-step:] == page[:step])[:, None]
    return moved


def _means(seen: torch.Tensor, group: torch.Tensor, weight: torch.Tensor) -> torch.Tensor:
    """Weighted means over the blocks of each group, [groups x width]."""
    number = int(group.max()) + 1
    sums = torch.zeros(number, seen.shape[1]).index_add(0, group, seen * weight[:, None])
    held = torch.zeros(number).index_add(0, group, weight)
    return sums / held.clamp(min=1e-6)[:, None]
