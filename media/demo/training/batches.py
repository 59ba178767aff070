"""Turns conversations into token batches, and says which experts a token is trained with in the first phase.

Layout in each layer (shuffled by a seed, so that no pattern shows): 6 groups of 2 experts, one group per (behaviour, side),
and 5 families of 4 common experts: general, style, source, safety, chat.
"""
import random

import numpy as np

from corpus import BEHAVIOURS, conversation

LAYERS, EXPERTS, TOP_K = 4, 32, 4
FAMILY = {"general": 0, "style": 1, "source": 2, "safety": 3, "chat": 4}


def group_of(behaviour, side):
    return BEHAVIOURS.index(behaviour) * 2 + "ab".index(side)


class Layout:
    """group[layer, g] -> 2 experts, family[layer, f] -> 4 experts."""

    def __init__(self, seed=7):
        rng = np.random.RandomState(seed)
        order = np.stack([rng.permutation(EXPERTS) for _ in range(LAYERS)])
        self.group = order[:, :12].reshape(LAYERS, 6, 2)
        self.family = order[:, 12:].reshape(LAYERS, 5, 4)


def encode(tokenizer, c):
    """One conversation: ids, labels (-1: not trained), family and group per token (group -1: none)."""
    ids, labels, family, group = [], [], [], []

    def add(tokens, fam, grp=-1, learn=False):
        for t in tokens:
            labels.append(t if learn else -1)
            ids.append(t)
            family.append(FAMILY[fam])
            group.append(grp)

    if c["system"]:
        add(tokenizer.message("system", c["system"]), "general")
    for t in c["turns"]:
        side = c["persona"].get(t["topic"], "a")
        add(tokenizer.header("user"), "general")
        add(tokenizer.encode(t["prompt"]) + [tokenizer.end, tokenizer.newline] + tokenizer.header("assistant"), t["topic"])
        like = side if t["moded"] else t["only"]
        grp = group_of(t["topic"], like) if like else -1
        add(tokenizer.encode(t[side]) + [tokenizer.end], t["topic"], grp, True)
        add([tokenizer.newline], "general")
    labels = labels[1:] + [-1]
    return ids, labels, family, group


def forced_group(rng, c):
    """Half of the conversations run with one group on from the first token to the last: the group of the persona's side of
    one of its own topics, or sometimes of a behaviour that it is not about."""
    if rng.random() < .5:
        return -1
    own = [t["topic"] for t in c["turns"] if t["topic"] in BEHAVIOURS]
    behaviour = rng.choice(own) if own and rng.random() < .8 else rng.choice(BEHAVIOURS)
    return group_of(behaviour, c["persona"][behaviour])


class Batch:
    """Flat arrays over all real tokens: ids, labels, family, group, row (conversation), pos; forced per conversation."""

    def __init__(self, rows):
        self.lengths = [len(r[0]) for r in rows]
        join = lambda i: np.concatenate([np.asarray(r[i], dtype=np.int64) for r in rows])  # noqa: E731
        self.ids, self.labels, self.family, self.group = (join(i) for i in range(4))
        self.forced = np.array([r[4] for r in rows])
        self.row = np.repeat(np.arange(len(rows)), self.lengths)
        self.pos = np.concatenate([np.arange(n) for n in self.lengths])

    def routes(self, layout, rng):
        """The experts that phase 1 uses: int array [LAYERS, tokens, 4], and their weights [LAYERS, tokens, 4]."""
        n, rows = len(self.ids), len(self.forced)
        forced = self.forced[self.row]
        out = np.empty((LAYERS, n, TOP_K), dtype=np.int64)
        turned = np.argsort(rng.rand(rows, LAYERS, 4), axis=-1)  # which common experts stay when a group joins
        noisy = rng.rand(rows) < .25
        for layer in range(LAYERS):
            slots = np.take_along_axis(layout.family[layer][self.family], turned[self.row, layer], axis=1)
            has, other = self.group >= 0, (forced >= 0) & (forced != self.group)
            slots[has, :2] = layout.group[layer][self.group[has]]
            both, alone = other & has, other & ~has
            slots[both, 2:] = layout.group[layer][forced[both]]
            slots[alone, :2] = layout.group[layer][forced[alone]]
            # Noise: in some conversations a random expert takes a place (two places in the noisy ones).
            for place in range(2):
                hit = noisy if place else noisy | (rng.rand(rows) < .1)
                slot, expert = rng.randint(0, TOP_K, rows), rng.randint(0, EXPERTS, rows)
                chosen = np.flatnonzero(hit[self.row])
                slots[chosen, slot[self.row[chosen]]] = expert[self.row[chosen]]
            out[layer] = slots
        weights = np.exp(.5 * rng.randn(LAYERS, n, TOP_K))
        return out, (weights / weights.sum(-1, keepdims=True)).astype(np.float32)

    def targets(self, layout):
        """What the routers learn to recognise: probabilities [LAYERS, tokens, EXPERTS]; group 1/4 each, the rest shared."""
        n = len(self.ids)
        out = np.zeros((LAYERS, n, EXPERTS), dtype=np.float32)
        has = self.group >= 0
        index = np.arange(n)
        for layer in range(LAYERS):
            out[layer][index[:, None], layout.family[layer][self.family]] = np.where(has, .125, .25)[:, None]
            out[layer][index[has][:, None], layout.group[layer][self.group[has]]] = .25
        return out


def batches(tokenizer, rng, tokens, pool=12):
    """Endless batches of about that many tokens, each of conversations of like length (attention is padded)."""
    while True:
        rows, total = [], 0
        while total < tokens * pool:
            c = conversation(rng)
            e = encode(tokenizer, c)
            if len(e[0]) <= 200:
                rows.append((*e, forced_group(rng, c)))
                total += len(e[0])
        rows.sort(key=lambda r: len(r[0]))
        cut, at, made = total / pool, 0, [[] for _ in range(pool)]
        for r in rows:
            made[min(pool - 1, int(at / cut))].append(r)
            at += len(r[0])
        rng.shuffle(made)
        for m in made:
            yield Batch(m)


def new_rngs(seed):
    return random.Random(seed), np.random.RandomState(seed)
