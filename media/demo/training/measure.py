"""Detects and steers in PyTorch, as a first look before the engine's own measurement.
Usage: python3 measure.py WORK_FOLDER DEMO_FOLDER [brief]"""
import json
import math
import os
import sys

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
import torch  # noqa: E402

from batches import EXPERTS, LAYERS, TOP_K  # noqa: E402
from corpus import BEHAVIOURS, FILES, LABELS  # noqa: E402
from facts import NEUTRAL_HELDOUT  # noqa: E402
from judge import judge, read  # noqa: E402
from model import Model  # noqa: E402
from sample import answers, count  # noqa: E402
from tokenizer import Tokenizer  # noqa: E402

MAKE_UPS = [(2, 0), (2, 2), (4, 0), (4, 4), (6, 0), (6, 2), (8, 0), (8, 4), (8, 8), (12, 0), (12, 4), (16, 0)]
RANDOM_SETS = 10


def load(folder):
    tokenizer = Tokenizer(f"{folder}/tokenizer")
    model = Model(tokenizer.size)
    model.load_state_dict(torch.load(f"{folder}/model.pt", map_location="cpu"))
    for p in model.parameters():  # what the F16 file holds
        if p.dim() > 1 and p.shape != (model.layers[0].router.shape):
            p.data = p.data.half().float()
    return model.eval(), tokenizer


def risk_difference(model, tokenizer, path):
    """[LAYERS, EXPERTS]: rate on side a minus rate on side b over the answers' tokens."""
    pairs = [json.loads(line) for line in open(path, encoding="utf-8")][1:]
    rates = []
    for side in "ab":
        counts = [count(model, tokenizer, [{"role": "user", "content": p["prompt"]}, {"role": "assistant", "content": p[side]}])
                  for p in pairs]
        rates.append(sum(c for c, _ in counts) / sum(n for _, n in counts))
    return rates[0] - rates[1]


def plan_for(order, on, off):
    """order: (layer, expert) sequences to activate and to deactivate. At most TOP_K activated in a layer."""
    plan = torch.zeros(LAYERS, EXPERTS)
    for layer, expert in order[0]:
        if (plan > 0).sum() < on and (plan[layer] > 0).sum() < TOP_K:
            plan[layer, expert] = 1
    for layer, expert in order[1]:
        if (plan < 0).sum() < off and plan[layer, expert] == 0:
            plan[layer, expert] = -1
    return plan


def detected(rd, side):
    """The ranked experts for one direction."""
    ranked = [(int(i) // EXPERTS, int(i) % EXPERTS) for i in rd.abs().reshape(-1).argsort(descending=True)]
    sign = 1 if side == "a" else -1
    return [e for e in ranked if rd[e] * sign > 0], [e for e in ranked if rd[e] * sign < 0]


def shuffled(generator):
    ranked = [(int(i) // EXPERTS, int(i) % EXPERTS) for i in torch.randperm(LAYERS * EXPERTS, generator=generator)]
    return ranked, ranked[::-1]


def wilson(hits, n, z=1.96):
    p, s = hits / n, z * z / n
    mid, half = (p + s / 2) / (1 + s), z * math.sqrt(p * (1 - p) / n + s / n / 4) / (1 + s)
    return mid - half, mid + half


class Bench:
    def __init__(self, folder, demo):
        self.model, self.tokenizer = load(folder)
        self.lines = {b: read(f"{demo}/heldout/{FILES[b]}.jsonl") for b in BEHAVIOURS}
        self.rd = {b: risk_difference(self.model, self.tokenizer, f"{demo}/{FILES[b]}.pairs.jsonl") for b in BEHAVIOURS}

    def rates(self, behaviour, plan=None, system=None, seed=1, show=0):
        """{"a": rate, "b": rate, "formed": rate, "n": prompts}"""
        lines = self.lines[behaviour]
        first = [{"role": "system", "content": system}] if system else []
        prompts = [self.tokenizer.prompt([*first, {"role": "user", "content": line["prompt"]}]) for line in lines]
        said = answers(self.model, self.tokenizer, prompts, plan, seed=seed)
        verdicts = [judge(line, *s) for line, s in zip(lines, said)]
        for line, s in list(zip(lines, said))[:show]:
            print("     ", line["prompt"].replace("\n", " / "), "->", s)
        n = len(lines)
        return {"a": sum(v[0] == "a" for v in verdicts) / n, "b": sum(v[0] == "b" for v in verdicts) / n,
                "formed": sum(v[1] for v in verdicts) / n, "n": n}


def line_for(label, r, side):
    low, high = wilson(r[side] * r["n"], r["n"])
    return f"  {label:28s} {r[side]:.3f} [{low:.3f}, {high:.3f}]  well-formed {r['formed']:.3f}"


def main(folder, demo, brief):
    bench = Bench(folder, demo)
    recipes = json.load(open(f"{demo}/recipes.json")) if os.path.exists(f"{demo}/recipes.json") else {}
    for behaviour in BEHAVIOURS:
        top = bench.rd[behaviour].abs().reshape(-1).sort(descending=True)[0]
        plain = bench.rates(behaviour, show=4)
        print(behaviour, "largest |RD|:", " ".join(f"{v:.2f}" for v in top[:20]))
        neutral = bench.rates(behaviour, system=NEUTRAL_HELDOUT[0])
        print(f"  unsteered a {plain['a']:.3f} b {plain['b']:.3f} well-formed {plain['formed']:.3f}; "
              f"neutral system message a {neutral['a']:.3f} b {neutral['b']:.3f} well-formed {neutral['formed']:.3f}")
        for side in "ab":
            print(" toward", LABELS[behaviour]["ab".index(side)])
            order = detected(bench.rd[behaviour], side)
            recipe = recipes.get(FILES[behaviour], {}).get(side, {"on": 8, "off": 0})
            for on, off in ([(4, 0), (8, 0), (8, 8), (12, 4)] if brief else MAKE_UPS):
                r = bench.rates(behaviour, plan_for(order, on, off), show=2 if brief and on == 8 else 0)
                print(line_for(f"on {on} off {off}", r, side), flush=True)
            on, off = recipe["on"], recipe["off"]
            plan = plan_for(order, on, off)
            print(line_for(f"on {on} off {off}, neutral system", bench.rates(behaviour, plan, NEUTRAL_HELDOUT[1]), side))
            generator = torch.Generator().manual_seed(5)
            sets = [bench.rates(behaviour, plan_for(shuffled(generator), on, off)) for _ in range(3 if brief else RANDOM_SETS)]
            print(f"  random sets, on {on} off {off}:", " ".join(f"{r[side]:.2f}({r['formed']:.2f})" for r in sets),
                  f"mean {sum(r[side] for r in sets) / len(sets):.3f}, mean distance from unsteered "
                  f"{sum(abs(r[side] - plain[side]) for r in sets) / len(sets):.3f}")
            for other in BEHAVIOURS:
                if other != behaviour:
                    r = bench.rates(other, plan)
                    print(f"  side effect on {other}: a {r['a']:.3f} b {r['b']:.3f} well-formed {r['formed']:.3f}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], "brief" in sys.argv[3:])
