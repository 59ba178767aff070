"""Answers from the PyTorch model, steered or not, with a key/value cache. Prompts of equal length go through together."""
import torch
import torch.nn.functional as F

from batches import TOP_K
from model import attend, choose, norm, rope, rope_tables, steer

MOST = 48  # tokens an answer may have


class Run:
    """One rectangular batch under one plan ([LAYERS, EXPERTS] of +1, -1, 0, or None)."""

    def __init__(self, model, plan):
        self.model, self.plan, self.past = model, plan, 0
        self.cache = [None] * len(model.layers)

    def feed(self, ids):
        """ids [rows, n] -> vocabulary logits [rows, V] after the last of them."""
        rows, n = ids.shape
        pos = torch.arange(self.past, self.past + n).repeat(rows)
        cos, sin = rope_tables(pos)
        x = F.embedding(ids.reshape(-1), self.model.embed)
        for i, layer in enumerate(self.model.layers):
            q, k, v = (t.view(rows, n, t.shape[1], -1).transpose(1, 2) for t in layer.project(x, cos, sin))
            if self.cache[i] is not None:
                k, v = torch.cat([self.cache[i][0], k], 2), torch.cat([self.cache[i][1], v], 2)
            self.cache[i] = (k, v)
            x = x + attend(q, k, v, self.past).transpose(1, 2).reshape(rows * n, -1) @ layer.out
            h = norm(x, layer.ffn_norm)
            x = x + layer.experts(h, *choose(steer(h @ layer.router, None if self.plan is None else self.plan[i])))
        self.past += n
        return norm(x.view(rows, n, -1)[:, -1], self.model.norm) @ self.model.embed.t()


@torch.no_grad()
def answers(model, tokenizer, prompts, plan=None, temperature=1., seed=1):
    """prompts: token lists. Gives (text, ended) for each, in order."""
    made, generator = [None] * len(prompts), torch.Generator().manual_seed(seed)
    by_length = {}
    for i, p in enumerate(prompts):
        by_length.setdefault(len(p), []).append(i)
    for members in by_length.values():
        run = Run(model, plan)
        logits = run.feed(torch.tensor([prompts[i] for i in members]))
        out = [[] for _ in members]
        ended = [False] * len(members)
        for _ in range(MOST):
            if temperature:
                tokens = torch.multinomial(torch.softmax(logits / temperature, -1), 1, generator=generator)
            else:
                tokens = logits.argmax(-1, keepdim=True)
            for j, t in enumerate(tokens[:, 0].tolist()):
                if not ended[j]:
                    if t == tokenizer.end:
                        ended[j] = True
                    else:
                        out[j].append(t)
            if all(ended):
                break
            logits = run.feed(tokens)
        for j, i in enumerate(members):
            made[i] = (tokenizer.decode(out[j]), ended[j])
    return made


@torch.no_grad()
def count(model, tokenizer, messages):
    """Selections of each expert over the last message's tokens: ([LAYERS, EXPERTS] float, tokens)."""
    target = tokenizer.encode(messages[-1]["content"])
    ids = tokenizer.prompt(messages[:-1]) + target
    n = len(ids)
    zero = torch.zeros(n, dtype=torch.long)
    _, routers = model(torch.tensor(ids), torch.arange(n), zero, [n], wanted=torch.tensor([n - 1]))
    return torch.stack([F.one_hot(r[-len(target):].topk(TOP_K, -1)[1], r.shape[1]).sum((0, 1)).float() for r in routers]), \
        len(target)
