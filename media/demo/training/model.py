"""A tiny qwen3moe in PyTorch, numerically the model that llama.cpp runs. Works on flat tokens; see Batch."""
import torch
import torch.nn.functional as F
from torch import nn

from batches import EXPERTS, LAYERS, TOP_K

D, HEADS, KV_HEADS, HEAD, FF, EPS, THETA = 128, 4, 2, 32, 64, 1e-6, 1e4


class GroupedFFN(torch.autograd.Function):
    """SwiGLU experts on rows sorted by expert. x [n, D], w_in [E, D, 2 FF] (gate, up), w_out [E, FF, D], ends: row bounds."""

    @staticmethod
    def forward(ctx, x, w_in, w_out, ends):
        h = x.new_empty(x.shape[0], 2 * FF)
        for e in range(EXPERTS):
            if ends[e + 1] > ends[e]:
                torch.mm(x[ends[e]:ends[e + 1]], w_in[e], out=h[ends[e]:ends[e + 1]])
        gate, up = h[:, :FF], h[:, FF:]
        sig = torch.sigmoid(gate)
        act = gate * sig * up
        y = torch.empty_like(x)
        for e in range(EXPERTS):
            if ends[e + 1] > ends[e]:
                torch.mm(act[ends[e]:ends[e + 1]], w_out[e], out=y[ends[e]:ends[e + 1]])
        ctx.save_for_backward(x, w_in, w_out, h, sig, act)
        ctx.ends = ends
        return y

    @staticmethod
    def backward(ctx, dy):
        x, w_in, w_out, h, sig, act = ctx.saved_tensors
        ends, dy = ctx.ends, dy.contiguous()
        gate, up = h[:, :FF], h[:, FF:]
        d_act = torch.empty_like(act)
        d_in, d_out = torch.zeros_like(w_in), torch.zeros_like(w_out)
        used = [(e, slice(ends[e], ends[e + 1])) for e in range(EXPERTS) if ends[e + 1] > ends[e]]
        for e, s in used:
            torch.mm(dy[s], w_out[e].t(), out=d_act[s])
            torch.mm(act[s].t(), dy[s], out=d_out[e])
        silu = gate * sig
        dh = torch.cat([d_act * up * (sig + silu * (1 - sig)), d_act * silu], 1)
        dx = torch.empty_like(x)
        for e, s in used:
            torch.mm(dh[s], w_in[e].t(), out=dx[s])
            torch.mm(x[s].t(), dh[s], out=d_in[e])
        return dx, d_in, d_out, None


def norm(x, weight):
    return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + EPS) * weight


def rope(x, cos, sin):
    """NEOX order. x [n, heads, HEAD], cos and sin [n, 1, HEAD / 2]."""
    a, b = x[..., :HEAD // 2], x[..., HEAD // 2:]
    return torch.cat([a * cos - b * sin, b * cos + a * sin], -1)


def rope_tables(pos):
    freq = THETA ** (-torch.arange(0, HEAD, 2, dtype=torch.float32) / HEAD)
    angle = pos[:, None, None].float() * freq
    return angle.cos(), angle.sin()


def steer(logits, plan):
    """plan: [EXPERTS] of +1 (activate), -1 (deactivate), 0, or None."""
    s = torch.log_softmax(logits, -1)
    if plan is None:
        return s
    top, low = s.max(-1, keepdim=True)[0] + .01, s.min(-1, keepdim=True)[0] - .01
    return torch.where(plan > 0, top, torch.where(plan < 0, low, s))


class Layer(nn.Module):
    def __init__(self):
        super().__init__()
        init = lambda *shape, std: nn.Parameter(torch.randn(*shape) * std)  # noqa: E731
        self.attn_norm, self.ffn_norm = nn.Parameter(torch.ones(D)), nn.Parameter(torch.ones(D))
        self.q_norm, self.k_norm = nn.Parameter(torch.ones(HEAD)), nn.Parameter(torch.ones(HEAD))
        self.qkv = init(D, (HEADS + 2 * KV_HEADS) * HEAD, std=D ** -.5)
        self.out = init(HEADS * HEAD, D, std=.5 * D ** -.5)
        self.router = init(D, EXPERTS, std=.02)
        self.w_in = init(EXPERTS, D, 2 * FF, std=D ** -.5)
        self.w_out = init(EXPERTS, FF, D, std=FF ** -.5)

    def project(self, x, cos, sin):
        q, k, v = (norm(x, self.attn_norm) @ self.qkv).view(len(x), -1, HEAD).split([HEADS, KV_HEADS, KV_HEADS], 1)
        return rope(norm(q, self.q_norm), cos, sin), rope(norm(k, self.k_norm), cos, sin), v

    def experts(self, h, chosen, weight):
        """h [n, D], chosen and weight [n, 4]."""
        flat = chosen.reshape(-1)
        order = torch.argsort(flat)
        ends = [0, *torch.bincount(flat, minlength=EXPERTS).cumsum(0).tolist()]
        y = GroupedFFN.apply(h.index_select(0, order // TOP_K), self.w_in, self.w_out, ends)
        y = y * weight.reshape(-1)[order, None]
        return torch.zeros_like(h).index_add(0, order // TOP_K, y)


def choose(scores):
    """The model's own selection: top 4 by score, softmax weights renormalised over them."""
    value, chosen = scores.topk(TOP_K, -1)
    return chosen, torch.softmax(value, -1)


class Model(nn.Module):
    def __init__(self, vocabulary):
        super().__init__()
        self.embed = nn.Parameter(torch.randn(vocabulary, D) * .05)
        self.layers = nn.ModuleList(Layer() for _ in range(LAYERS))
        self.norm = nn.Parameter(torch.ones(D))

    def forward(self, ids, pos, row, lengths, routes=None, wanted=None):
        """Flat tokens in. routes: (experts, weights) of phase 1, or None: the routers choose. wanted: output positions.
        Gives the vocabulary logits at `wanted` and the router logits, a list of [n, EXPERTS]."""
        rows, width = len(lengths), max(lengths)
        cos, sin = rope_tables(pos)
        place = row * width + pos
        x = F.embedding(ids, self.embed)
        routers = []
        for i, layer in enumerate(self.layers):
            q, k, v = layer.project(x, cos, sin)
            pad = lambda t, heads: x.new_zeros(rows * width, heads, HEAD).index_copy(0, place, t) \
                .view(rows, width, heads, HEAD).transpose(1, 2)  # noqa: E731, B023
            q, k, v = pad(q, HEADS), pad(k, KV_HEADS), pad(v, KV_HEADS)
            mixed = attend(q, k, v).transpose(1, 2).reshape(rows * width, -1)
            x = x + mixed.index_select(0, place) @ layer.out
            h = norm(x, layer.ffn_norm)
            logits = h @ layer.router
            routers.append(logits)
            chosen, weight = choose(steer(logits, None)) if routes is None else (routes[0][i], routes[1][i])
            x = x + layer.experts(h, chosen, weight)
        if wanted is not None:
            x = x.index_select(0, wanted)
        return norm(x, self.norm) @ self.embed.t(), routers


def attend(q, k, v, past=0):
    """Causal attention. q [rows, HEADS, n, HEAD]; k, v [rows, KV_HEADS, past + n, HEAD]."""
    rows, _, n, _ = q.shape
    q = q.reshape(rows, KV_HEADS, HEADS // KV_HEADS * n, HEAD)
    scores = (q @ k.transpose(-1, -2)).view(rows, KV_HEADS, HEADS // KV_HEADS, n, past + n) * HEAD ** -.5
    mask = torch.ones(n, past + n, dtype=torch.bool).triu(past + 1)
    p = torch.softmax(scores.masked_fill(mask, -1e9), -1)
    return (p.view(rows, KV_HEADS, -1, past + n) @ v).view(rows, HEADS, n, HEAD)
