"""Trains the attribution tagger: ``python models/attribution/train.py --data DIR --out DIR``.

The learning rate stays level and falls in the last part of the training, so that a run may be taken up
again from a checkpoint with another number of epochs and still be the run of that number.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from itertools import chain, islice
from pathlib import Path
from random import Random

import torch
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from data import IGNORED, Batch, Lesson, epoch, lessons, load, split
from model import Network, base_folder, fresh
from pipeline.attribution.tagger.decode import ROLES, TAGS
from pipeline.attribution.tagger.windows import frame_of

_AVERAGE_EVERY, _REPORT_EVERY, _KEEP_EVERY = 5, 25, 100  # steps


@dataclass(frozen=True, kw_only=True)
class Recipe:
    epochs: float = 4.0
    falling: float = 0.4  # last part of the training, in which the learning rate falls
    batch: int = 5  # windows
    rate: float = 2e-4  # of the encoder's last layer
    layer_decay: float = 0.9  # of the rate, a layer further down
    heads_times: float = 4.0  # the rate of what starts from nothing
    warm_steps: int = 150
    pointer_weight: float = 0.8
    hidden: float = 0.03  # pieces replaced by the mask, so that names are not learnt by heart
    dropout: float = 0.1
    averaging: float = 0.99  # of the weights kept for use, every few steps
    held: float = 0.06  # articles, the last by date, kept out to tune on
    seed: int = 1


def loss_of(model: Network, batch: Batch) -> tuple[Tensor, Tensor]:
    tags, pointers = model(batch.ids, batch.features, batch.mask)
    tag_loss = cross_entropy(tags.reshape(-1, TAGS), batch.tags.reshape(-1), ignore_index=IGNORED)
    losses = []
    for role in range(ROLES):
        wanted = batch.pointers[:, role]
        asked = wanted >= 0
        if asked.any():
            losses.append(cross_entropy(pointers[:, role][asked], wanted[asked]))
    pointer_loss = torch.stack(losses).mean() if losses else torch.zeros(())
    return tag_loss, pointer_loss


def groups(model: Network, recipe: Recipe) -> list[dict[str, object]]:
    """Parameters with their rates: the words' own vectors stay as they were pretrained."""
    model.base.embeddings.word_embeddings.weight.requires_grad = False
    layers = len(model.base.encoder.layer)
    by_rate: dict[tuple[float, float], list[nn.Parameter]] = {}
    for name, parameter in model.named_parameters():
        if not parameter.requires_grad:
            continue
        if name.startswith("base.encoder.layer."):
            depth = layers - 1 - int(name.split(".")[3])
            rate = recipe.rate * recipe.layer_decay**depth
        elif name.startswith("base."):
            rate = recipe.rate * recipe.layer_decay**layers
        else:
            rate = recipe.rate * recipe.heads_times
        decay = 0.01 if parameter.ndim > 1 else 0.0
        by_rate.setdefault((rate, decay), []).append(parameter)
    return [
        {"params": parameters, "lr": rate, "weight_decay": decay}
        for (rate, decay), parameters in by_rate.items()
    ]


def level(step: int, steps: int, recipe: Recipe) -> float:
    """The learning rate's share at a step: rising, level, falling to nothing."""
    rising = (step + 1) / recipe.warm_steps
    falling = (steps - step) / max(1.0, recipe.falling * steps)
    return max(0.0, min(1.0, rising, falling))


class Average:
    """Weights averaged over the last steps; the ones that are kept for use."""

    def __init__(self, model: Network, keep: float) -> None:
        self.keep = keep
        self.weights = {name: value.detach().clone() for name, value in model.state_dict().items()}
        self.learnt = {name for name, parameter in model.named_parameters() if parameter.requires_grad}

    def add(self, model: Network, times: int) -> None:
        keep = min(self.keep, (1 + times) / (10 + times))
        with torch.no_grad():
            for name, value in model.state_dict().items():
                if name in self.learnt:
                    self.weights[name].lerp_(value, 1 - keep)


def save(path: Path, content: Mapping[str, object]) -> None:
    draft = path.with_suffix(".part")
    torch.save(dict(content), draft)
    draft.replace(path)


def train(
    taught: list[list[Lesson]],
    tokenizer: Tokenizer,
    out: Path,
    recipe: Recipe,
    *,
    resume: Path | None = None,
    stop_at: int | None = None,
) -> None:
    torch.manual_seed(recipe.seed)
    model = fresh(recipe.dropout)
    rates = groups(model, recipe)
    optimizer = torch.optim.AdamW(rates, fused=True)
    initial = [group["lr"] for group in optimizer.param_groups]
    average = Average(model, recipe.averaging)
    frame, mask_id = frame_of(tokenizer), tokenizer.token_to_id("[MASK]")
    if mask_id is None:
        raise SystemExit("the tokenizer has no [MASK]: is it that of the base model?")
    per_epoch = sum(1 for _ in epoch(taught, frame, mask_id, Random(0), recipe.batch, 0.0))
    steps, step = round(recipe.epochs * per_epoch), 0
    if resume is not None:
        kept = torch.load(resume)
        model.load_state_dict(kept["model"])
        optimizer.load_state_dict(kept["optimizer"])
        torch.set_rng_state(kept["random"])
        average.weights, step = kept["average"], kept["step"]
    print(f"{per_epoch} steps an epoch, {steps} in all, from {step}", flush=True)
    began, sums, at_start = time.process_time(), [0.0, 0.0], step
    while step < steps:
        passes, done = divmod(step, per_epoch)
        random = Random(1000 * recipe.seed + passes)
        # One epoch's windows may be a few batches short of another's: the next ones fill up.
        shown = (epoch(taught, frame, mask_id, random, recipe.batch, recipe.hidden) for _ in range(2))
        for batch in islice(chain.from_iterable(shown), done, per_epoch):
            if step >= steps:
                break
            model.train()
            for group, rate in zip(optimizer.param_groups, initial, strict=True):
                group["lr"] = rate * level(step, steps, recipe)
            tag_loss, pointer_loss = loss_of(model, batch)
            (tag_loss + recipe.pointer_weight * pointer_loss).backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
            step += 1
            if step % _AVERAGE_EVERY == 0:
                average.add(model, step // _AVERAGE_EVERY)
            sums = [sums[0] + tag_loss.item(), sums[1] + pointer_loss.item()]
            if step % _REPORT_EVERY == 0:
                spent = (time.process_time() - began) / (step - at_start)
                means = [total / _REPORT_EVERY for total in sums]
                print(
                    f"{step} tags {means[0]:.3f} pointers {means[1]:.3f} {spent:.2f} CPU s a step", flush=True
                )
                sums = [0.0, 0.0]
            if step % _KEEP_EVERY == 0:
                keep(out, model, optimizer, average, step, recipe)
            if step == stop_at:
                return
    save(out / "weights.pt", average.weights)


def keep(
    out: Path, model: Network, optimizer: torch.optim.Optimizer, average: Average, step: int, recipe: Recipe
) -> None:
    """All it takes to go on from here."""
    content = {
        "model": model.state_dict(),
        "optimizer": optimizer.state_dict(),
        "average": average.weights,
        "random": torch.get_rng_state(),
        "step": step,
        "recipe": asdict(recipe),
    }
    save(out / f"checkpoint-{step}.pt", content)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with train.jsonl.gz")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--epochs", type=float, default=Recipe.epochs)
    parser.add_argument("--held", type=float, default=Recipe.held)
    parser.add_argument("--seed", type=int, default=Recipe.seed)
    parser.add_argument("--resume", type=Path)
    parser.add_argument("--stop-at", type=int, help="leave off after this checkpoint's step")
    parser.add_argument("--threads", type=int, default=1)
    given = parser.parse_args()
    torch.set_num_threads(given.threads)
    recipe = Recipe(epochs=given.epochs, held=given.held, seed=given.seed)
    given.out.mkdir(parents=True, exist_ok=True)
    tokenizer = Tokenizer.from_file(str(base_folder() / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    rows, _ = split(load(given.data, "train"), recipe.held)
    taught = list(lessons(rows, tokenizer, with_variants=True))
    print(f"{len(taught)} articles, {sum(len(one[0].ids) for one in taught)} pieces", flush=True)
    train(taught, tokenizer, given.out, recipe, resume=given.resume, stop_at=given.stop_at)


if __name__ == "__main__":
    main()
